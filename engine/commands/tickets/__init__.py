"""Tickets: open one, edit its fields by hand, watch it, move it to another version. Read as `tickets.open`."""

from engine.commands.tickets.editing import ChangedMeanwhile, edit
from engine.commands.tickets.migrating import NotMoved, migrate
from engine.commands.tickets.opening import Opened, open  # noqa: A004 - read as tickets.open
from engine.commands.tickets.watching import unwatch, watch

__all__ = ["ChangedMeanwhile", "NotMoved", "Opened", "edit", "migrate", "open", "unwatch", "watch"]
