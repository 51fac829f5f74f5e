"""Messages that wait for somebody to want them, of the packages that the reader operates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.queries.operations.shortening import Variable, variables_of
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Source, reading
from engine.storage.tables import Account, Message, Ticket


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message on its way to one instance; `package` None: to one of any package."""

    id: str
    package: str | None
    name: str
    key: str
    #: where it came from; None: from outside
    ticket: int | None
    number: str
    data: list[Variable]
    state: str
    published_at: datetime
    #: until when it waits
    expires_at: datetime
    published_by: str


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: str = "waiting",
    package: str | None = None,
) -> Page[MessageView]:
    """Messages, the one that expires first first."""
    with reading(engine, actor) as reader:
        statement = (
            select(
                Message.id, Message.package_id, Message.name, Message.key, Message.ticket_id, Ticket.number,
                Message.data, Message.state, Message.published_at, Message.expires_at,
                Account.name.label("published_by"),
            )
            .outerjoin(Ticket, Ticket.id == Message.ticket_id)
            .outerjoin(Account, Account.id == Message.published_by)
            .where(Message.state == state, reader.where_may("operate", Message.package_id))
        )  # fmt: skip
        if package is not None:
            statement = statement.where(Message.package_id == package)
        return page(reader.tx, statement, Order(Message.expires_at, Message.id), limit, cursor, _view)


def _view(row: Row[Any]) -> MessageView:
    return MessageView(
        row.id, row.package_id, row.name, row.key, row.ticket_id, row.number or "", variables_of(row.data), row.state,
        row.published_at, row.expires_at, row.published_by or "",
    )  # fmt: skip
