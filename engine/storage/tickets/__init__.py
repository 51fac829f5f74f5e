"""Statements on tickets and what hangs on them. Read as `tickets.lock`; attachments are apart, in `attachments`."""

from engine.storage.tickets.tickets import (
    add,
    add_note,
    add_notes,
    change,
    clocks,
    involve,
    is_involved,
    leave,
    lock,
    next_number,
    save_clocks,
)

__all__ = [
    "add", "add_note", "add_notes", "change", "clocks", "involve", "is_involved", "leave", "lock", "next_number",
    "save_clocks",
]  # fmt: skip
