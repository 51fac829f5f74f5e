"""Tickets as a reader may see them. Read as `tickets.listed`, `tickets.one`."""

from engine.queries.tickets.listing import TicketClock, TicketView, listed, one

__all__ = ["TicketClock", "TicketView", "listed", "one"]
