"""One ticket that the reader sees, read once however many queries a page asks about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Package
from engine.domain.said import said
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.rows import selected
from engine.queries.visibility import TICKET, visible_tickets
from engine.storage.tables import Ticket


def ticket_row(reader: Reader, ticket_id: int) -> Row[Any]:
    """The ticket with the names that go with it, as `rows.view` takes it. Raises `NotFound`, for foreign ones too."""
    key = TICKET.format(ticket_id)
    if key not in reader.known:
        statement = selected().where(Ticket.id == ticket_id, visible_tickets(reader))
        row = reader.tx.execute(statement).one_or_none()
        if row is None:
            raise NotFound(said("There is no such ticket."))
        reader.known[key] = row
    found: Row[Any] = reader.known[key]
    return found


def package_of(engine: Source, actor: Actor, ticket_id: int) -> Package:
    """A ticket's package, as the version says that the ticket lives under. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        return engine.version(ticket_row(reader, ticket_id).deployment_id, reader.tx).package
