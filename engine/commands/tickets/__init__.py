"""Tickets: open one, edit its fields by hand, watch it. Read as `tickets.open`."""

from engine.commands.tickets.editing import edit, watch
from engine.commands.tickets.opening import Opened, open  # noqa: A004 - read as tickets.open

__all__ = ["Opened", "edit", "open", "watch"]
