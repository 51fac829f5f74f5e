"""Notes and events of a ticket in one stream, newest first, a page at a time: two lists, merged as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, Invalid
from engine.domain.said import said
from engine.queries.notes import NoteView
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.timeline.facts import Event, Telling, accounts_in
from engine.queries.visibility import require_ticket
from engine.storage.tables import Account, JournalEntry, Note

#: entries of the journal that are read for one page
ROWS = 200
#: what is worth telling beside a conversation, and what the whole time line adds
_TOLD = (
    "command", "ticket_changed", "note_written", "user_task_opened", "user_task_closed", "clock_changed",
    "mail_prepared", "mail_failed", "incident_raised", "job_failed", "instance_ended",
)  # fmt: skip
_WHOLE = (*_TOLD, "element_entered", "timer_set", "mail_sent")
_CURSOR = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})")
#: above every id that the databases give (INTEGER)
_LAST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A note, an event, or a note with the command that wrote it."""

    note: NoteView | None = None
    event: Event | None = None

    @property
    def key(self) -> str:
        """Names the entry on its page: `note-5`, `event-17`."""
        return f"note-{self.note.id}" if self.note else f"event-{self.event.id}" if self.event else ""


@dataclass(frozen=True, slots=True)
class Stream:
    """A page, oldest first; `earlier` is the cursor of what happened before, None at the beginning."""

    entries: tuple[Entry, ...]
    earlier: str | None = None

    @property
    def notes(self) -> list[int]:
        """The ids of its notes."""
        return [entry.note.id for entry in self.entries if entry.note]


def of_ticket(
    engine: Source,
    actor: Actor,
    ticket_id: int,
    language: str = "",
    *,
    limit: int = 40,
    cursor: str | None = None,
    whole: bool = False,
) -> Stream:
    """The newest entries, or those before the cursor; `whole`: with every element and timer.

    Three statements, however much has happened. For staff of the ticket's package. Raises `NotFound`, `Forbidden`,
    `Invalid` for a cursor that is none.
    """
    with reading(engine, actor, language) as reader:
        ticket = require_ticket(reader, ticket_id)
        version = engine.version(ticket.deployment_id, reader.tx)
        if not reader.is_staff(version.package):
            raise Forbidden(said("The journal is for staff."))
        before = _place(cursor)
        notes = _notes(reader, ticket_id, before[0], limit)
        rows = _journal(reader, ticket_id, before[1], _WHOLE if whole else _TOLD)
        telling = Telling(version, language, _names(reader, accounts_in(rows, version)))
        groups, more = _grouped(rows)
        return _merged(notes, [telling.event(group) for group in groups], limit, more, before)


def _place(cursor: str | None) -> tuple[int, int]:
    if not cursor:
        return _LAST, _LAST
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid(
            said("The cursor isn't one of this list."), {"cursor": [said("The cursor isn't one of this list.")]}
        )
    return min(int(found[1]), _LAST), min(int(found[2]), _LAST)


def _notes(reader: Reader, ticket_id: int, before: int, limit: int) -> list[NoteView]:
    """One more than the page holds."""
    statement = (
        select(Note.__table__, Account.name.label("author_name"))
        .outerjoin(Account, Account.id == Note.author_id)
        .where(Note.ticket_id == ticket_id, Note.id < before)
        .order_by(Note.id.desc())
        .limit(limit + 1)
    )
    return [
        NoteView(row.id, row.ticket_id, row.author_id, row.author_name or "", row.at, row.text, row.public, row.expects)
        for row in reader.tx.execute(statement)
    ]


def _journal(reader: Reader, ticket_id: int, before: int, kinds: Sequence[str]) -> Sequence[Row[Any]]:
    statement = (
        select(JournalEntry.__table__, Account.name.label("actor_name"))
        .outerjoin(Account, Account.id == JournalEntry.actor_id)
        .where(JournalEntry.ticket_id == ticket_id, JournalEntry.id < before, JournalEntry.kind.in_(kinds))
        .order_by(JournalEntry.id.desc())
        .limit(ROWS)
    )
    return reader.tx.execute(statement).all()


def _names(reader: Reader, accounts: set[int]) -> dict[int, str]:
    if not accounts:
        return {}
    rows = reader.tx.execute(select(Account.id, Account.name).where(Account.id.in_(accounts)))
    return {row.id: row.name for row in rows}


def _grouped(rows: Sequence[Row[Any]]) -> tuple[list[list[Row[Any]]], bool]:
    """The entries by command, newest first, and whether there are more before them.

    The last group of a full page may go on before it, and is left to the next page; unless it is the only one.
    """
    groups = list(_groups(rows))
    more = len(rows) == ROWS
    return (groups[:-1] if more and len(groups) > 1 else groups), more


def _groups(rows: Sequence[Row[Any]]) -> Iterator[list[Row[Any]]]:
    group: list[Row[Any]] = []
    told = False
    for row in rows:
        if group and (_command(row) != _command(group[0]) or (told and _begins_another(row, group))):
            yield group
            group, told = [], False
        group.append(row)
        told = told or row.kind == "command"
    if group:
        yield group


def _begins_another(row: Row[Any], group: list[Row[Any]]) -> bool:
    """Of a group that has its command: commands tell themselves first, or (editing) after what came of them."""
    return bool(row.kind == "command" or group[0].kind != "command")


def _command(row: Row[Any]) -> tuple[Any, ...]:
    return row.at, row.actor_id, row.command


def _merged(
    notes: list[NoteView], events: list[Event], limit: int, more_events: bool, before: tuple[int, int]
) -> Stream:
    """Whichever is later comes next, from the newest on; a note and the command that wrote it are one entry."""
    more_notes = len(notes) > limit
    notes = notes[:limit]
    entries: list[Entry] = []
    note, event = 0, 0
    while len(entries) < limit:
        left = notes[note] if note < len(notes) else None
        right = events[event] if event < len(events) else None
        if (left is None and (more_notes or right is None)) or (right is None and more_events):
            break
        if left is not None and right is not None and _wrote(right, left):
            entries.append(Entry(left, right))
            note, event = note + 1, event + 1
        elif left is None or (right is not None and right.at >= left.at):
            entries.append(Entry(event=right))
            event += 1
        else:
            entries.append(Entry(left))
            note += 1
    place = (notes[note - 1].id if note else before[0], events[event - 1].first if event else before[1])
    ended = note == len(notes) and event == len(events) and not more_notes and not more_events
    return Stream(tuple(reversed(entries)), None if ended else f"{place[0]}.{place[1]}")


def _wrote(event: Event, note: NoteView) -> bool:
    if event.note is not None:
        return event.note == note.id
    return event.at == note.at and note.text in event.notes
