"""Notes of a ticket; customers see the public ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import require_ticket, visible_tickets
from engine.storage.tables import Account, Note, Ticket


@dataclass(frozen=True, slots=True)
class NoteView:
    """What somebody said; `author` None: the system."""

    id: int
    ticket: int
    author: int | None
    author_name: str
    at: datetime
    text: str
    public: bool
    expects: str


def of_ticket(
    engine: Source,
    actor: Actor,
    ticket_id: int,
    *,
    limit: int = 50,
    cursor: str | None = None,
    newest_first: bool = False,
) -> Page[NoteView]:
    """The notes of a ticket that the actor may read, oldest first unless told. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        require_ticket(reader, ticket_id)
        statement = _selected().where(Note.ticket_id == ticket_id, _readable(reader))
        return page(reader.tx, statement, Order(Note.id, Note.id, newest_first), limit, cursor, _view)


def one(engine: Source, actor: Actor, note_id: int) -> NoteView:
    """One note. Raises `NotFound` where it doesn't exist or isn't visible."""
    with reading(engine, actor) as reader:
        statement = _selected().where(Note.id == note_id, visible_tickets(reader), _readable(reader))
        row = reader.tx.execute(statement).one_or_none()
        if row is None:
            raise NotFound(said("There is no such note."))
        return _view(row)


def _readable(reader: Reader) -> ColumnElement[bool]:
    """Internal notes are for the staff of the ticket's package."""
    staffed = [key for key, package in reader.packages.items() if reader.is_staff(package)]
    return or_(Note.public, Ticket.package_id.in_(staffed))


def _selected() -> Select[Any]:
    return (
        select(Note.__table__, Account.name.label("author_name"))
        .join(Ticket, Ticket.id == Note.ticket_id)
        .outerjoin(Account, Account.id == Note.author_id)
    )


def _view(row: Row[Any]) -> NoteView:
    return NoteView(
        row.id, row.ticket_id, row.author_id, row.author_name or "", row.at, row.text, row.public, row.expects
    )
