"""The journal: what happened to a ticket, and in a package. For staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from engine.domain.actors import Actor
from engine.domain.errors import Forbidden
from engine.domain.said import said
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Source, reading
from engine.queries.visibility import require_ticket
from engine.storage.tables import Account, JournalEntry


@dataclass(frozen=True, slots=True)
class JournalView:
    """One command, or one effect of it; `actor` 0 is the system."""

    id: int
    at: datetime
    actor: int
    actor_name: str
    command: str
    kind: str
    element: str
    instance: str | None
    ticket: int | None
    data: dict[str, Any]


def of_ticket(
    engine: Source, actor: Actor, ticket_id: int, *, limit: int = 50, cursor: str | None = None
) -> Page[JournalView]:
    """All that happened to a ticket, oldest first. Raises `NotFound`, `Forbidden` for who isn't staff there."""
    with reading(engine, actor) as reader:
        ticket = require_ticket(reader, ticket_id)
        if not reader.sees_everything and not (
            ticket.package_id in reader.packages and reader.is_staff(reader.packages[ticket.package_id])
        ):
            raise Forbidden(said("The journal is for staff."))
        statement = _selected().where(JournalEntry.ticket_id == ticket_id)
        return page(reader.tx, statement, Order(JournalEntry.id, JournalEntry.id), limit, cursor, _view)


def _selected() -> Select[Any]:
    return select(JournalEntry.__table__, Account.name.label("actor_name")).outerjoin(
        Account, Account.id == JournalEntry.actor_id
    )


def _view(row: Row[Any]) -> JournalView:
    return JournalView(
        row.id, row.at, row.actor_id, row.actor_name or "", row.command, row.kind, row.element, row.instance_id,
        row.ticket_id, row.data,
    )  # fmt: skip
