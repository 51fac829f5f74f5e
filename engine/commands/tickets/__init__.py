"""Tickets: open one, edit its fields by hand, watch it. Read as `tickets.open`."""

from engine.commands.tickets.editing import ChangedMeanwhile, edit
from engine.commands.tickets.opening import Opened, open  # noqa: A004 - read as tickets.open
from engine.commands.tickets.watching import unwatch, watch

__all__ = ["ChangedMeanwhile", "Opened", "edit", "open", "unwatch", "watch"]
