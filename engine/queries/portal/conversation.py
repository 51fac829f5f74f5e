"""A ticket as its customer reads it: what was asked and said in public, with files; and its own fields in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select

from engine.domain.actors import Actor
from engine.domain.packages import Package
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.attachments import AttachmentView
from engine.queries.tickets.attachments import view as file_view
from engine.queries.tickets.naming import field_label, shown
from engine.queries.tickets.rows import TicketView, view
from engine.queries.tickets.visible import ticket_row
from engine.storage.tables import Account, Attachment, Note

#: notes that a page shows, and files that came with no note: the newest
MOST_NOTES = 40
MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A public note with its files."""

    id: int
    author: int | None
    #: empty: the system
    author_name: str
    #: its author works here
    by_staff: bool
    at: datetime
    text: str
    #: from whom it expects an answer
    expects: str
    files: tuple[AttachmentView, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of the package with its value: a text, number, day or instant."""

    key: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Conversation:
    """A ticket with what was said on it."""

    ticket: TicketView
    #: as the version says that the ticket lives under
    package: Package
    facts: tuple[Fact, ...]
    #: oldest first
    messages: tuple[Message, ...]
    #: id of the first message, where there are earlier ones; None at the beginning
    earlier: int | None
    #: files that came with the request, or alone
    files: tuple[AttachmentView, ...]
    #: the reader's own files that wait for their next note
    waiting: tuple[AttachmentView, ...]


def of_ticket(
    engine: Source, actor: Actor, ticket_id: int, language: str = "", before: int | None = None
) -> Conversation:
    """The ticket and its newest public notes (`before`: those before a note); three statements. Raises `NotFound`."""
    with reading(engine, actor, language) as reader:
        row = ticket_row(reader, ticket_id)
        ticket, package = view(reader, row), engine.version(row.deployment_id, reader.tx).package
        notes = _notes(reader, ticket_id, before)
        newest = notes[:MOST_NOTES]
        files = _files(reader, ticket_id, [note.id for note in newest])
        return Conversation(
            ticket=ticket, package=package, facts=_facts(package, ticket, language, {note.text for note in newest}),
            messages=tuple(_message(note, files) for note in reversed(newest)),
            earlier=newest[-1].id if len(notes) > MOST_NOTES else None,
            files=tuple(file for file in files if file.ticket and file.note is None),
            waiting=tuple(file for file in files if file.ticket is None),
        )  # fmt: skip


def _notes(reader: Reader, ticket_id: int, before: int | None) -> list[Row[Any]]:
    """Newest first, one more than is shown."""
    statement = (
        select(Note.__table__, Account.name.label("author_name"), Account.kind.label("author_kind"))
        .outerjoin(Account, Account.id == Note.author_id)
        .where(Note.ticket_id == ticket_id, Note.public)
        .order_by(Note.id.desc())
        .limit(MOST_NOTES + 1)
    )
    if before is not None:
        statement = statement.where(Note.id < before)
    return list(reader.tx.execute(statement).all())


def _files(reader: Reader, ticket_id: int, notes: list[int]) -> list[AttachmentView]:
    """Public files of these notes, the newest of those that came with none, and the reader's own that wait."""
    here = (Attachment.ticket_id == ticket_id, Attachment.public)
    alone = select(Attachment.id).where(*here, Attachment.note_id.is_(None))
    alone = alone.order_by(Attachment.id.desc()).limit(MOST_FILES)
    shown = and_(*here, or_(Attachment.note_id.in_(notes), Attachment.id.in_(alone)))
    waiting = and_(
        Attachment.ticket_id.is_(None),
        Attachment.author_id == reader.actor.id,
        Attachment.place == f"note:{ticket_id}",
    )
    statement = select(Attachment.__table__, Account.name.label("author_name"))
    joined = statement.outerjoin(Account, Account.id == Attachment.author_id).where(or_(shown, waiting))
    return [file_view(row) for row in reader.tx.execute(joined.order_by(Attachment.id))]


def _message(note: Row[Any], files: list[AttachmentView]) -> Message:
    return Message(
        note.id, note.author_id, note.author_name or "", note.author_kind != "customer", note.at, note.text,
        note.expects, tuple(file for file in files if file.note == note.id),
    )  # fmt: skip


def _facts(package: Package, ticket: TicketView, language: str, said_already: Collection[str]) -> tuple[Fact, ...]:
    """What has been said in a note already isn't said again."""
    values = ((key, shown(package, key, value, language, {})) for key, value in ticket.fields.items())
    told = [(key, value) for key, value in values if value not in ("", *said_already)]
    return tuple(Fact(key, field_label(package, key, language), value) for key, value in told)
