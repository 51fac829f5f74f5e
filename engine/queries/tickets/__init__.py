"""Tickets as a reader may see them. Read as `tickets.listed`, `tickets.one`."""

from engine.queries.tickets.listing import Count, TicketClock, TicketView, counted, listed, one
from engine.queries.tickets.visible import package_of

__all__ = ["Count", "TicketClock", "TicketView", "counted", "listed", "one", "package_of"]
