"""Which tickets a list is about, so that finding them is quick: by their ids where few are seen, else one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, any_, func, select, union

from engine.queries.reading import Reader
from engine.queries.visibility import shown_by_roles, visible_tickets
from engine.storage.tables import Involvement, Ticket

#: so many tickets are sooner collected than looked for among all others
FEW = 5_000


def seen(reader: Reader) -> int:
    """How many tickets the reader sees, counted as far as `FEW`, and then one more.

    Asked for once in a reading; answered by indexes alone. What both a role and an involvement show counts twice.
    """
    if reader.sees_everything:
        return FEW + 1
    if "tickets seen" not in reader.known:
        first, *rest = (each.limit(FEW + 1).subquery().select() for each in _shown(reader))
        some = first.union_all(*rest).limit(FEW + 1).subquery()
        reader.known["tickets seen"] = reader.tx.execute(select(func.count()).select_from(some)).scalar_one()
    return int(reader.known["tickets seen"])


def in_sight(reader: Reader) -> ColumnElement[bool]:
    """`visible_tickets` for lists."""
    return visible_tickets(reader) if seen(reader) > FEW else Ticket.id.in_(union(*_shown(reader)))


def collected(reader: Reader, ids: Select[Any]) -> ColumnElement[bool]:
    """The tickets of these ids, which are found first, all of them, whatever the list is sorted by.

    PostgreSQL is told so by an array: from a mere IN it would gladly walk through all tickets in the list's order.
    """
    if reader.tx.dialect.name == "postgresql":
        return Ticket.id == any_(func.array(ids.scalar_subquery(), type_=ARRAY(Integer)))
    return Ticket.id.in_(ids)


def _shown(reader: Reader) -> Iterator[Select[Any]]:
    yield select(Involvement.ticket_id).where(Involvement.account_id == reader.actor.id)
    for condition in shown_by_roles(reader):
        yield select(Ticket.id).where(condition).correlate(None)
