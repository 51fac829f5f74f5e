"""Statements on tickets, their numbers, clocks, notes and the people involved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.sql.dml import ReturningInsert

from engine.storage.batching import Batch
from engine.storage.tables import Clock, Involvement, Note, Package, Ticket, TicketSequence
from engine.storage.tables.base import table_of
from engine.storage.upserting import insert_new, inserting, upsert_later

Values = Mapping[str, Any]

_TICKETS, _CLOCKS, _NOTES = table_of(Ticket), table_of(Clock), table_of(Note)
_ADD = insert(_TICKETS).returning(_TICKETS.c.id)
_LOCK = (
    select(_TICKETS, table_of(Package).c.policy_id)
    .join(table_of(Package), table_of(Package).c.id == _TICKETS.c.package_id)
    .where(_TICKETS.c.id == bindparam("of_id"))
    .with_for_update(of=_TICKETS, key_share=True)
)
_CHANGE = update(_TICKETS).where(_TICKETS.c.id == bindparam("of_id"))
_CLOCKS_OF = select(_CLOCKS.c.content).where(_CLOCKS.c.ticket_id == bindparam("of_ticket")).order_by(_CLOCKS.c.goal)
_ADD_NOTE = insert(_NOTES).returning(_NOTES.c.id)
_ADD_NOTES = insert(_NOTES).returning(_NOTES.c.id, sort_by_parameter_order=True)


def next_number(tx: Connection, package_id: str, year: int) -> int:
    """The next number of the package (and year, 0 for none); given back when the transaction rolls back: no gaps."""
    first = {"package_id": package_id, "year": year, "last": 1}
    return int(tx.execute(_counting(tx.dialect.name), first).scalar_one())


@cache
def _counting(dialect: str) -> ReturningInsert[Any]:
    counted = {"last": TicketSequence.last + 1}
    statement = inserting(dialect, TicketSequence)
    return statement.on_conflict_do_update(index_elements=["package_id", "year"], set_=counted).returning(
        TicketSequence.last
    )


def add(tx: Connection, values: Values) -> int:
    """Write a new ticket; gives its id."""
    return int(tx.execute(_ADD, values).scalar_one())


def lock(tx: Connection, ticket_id: int) -> tuple[dict[str, Any], int] | None:
    """A ticket, locked, with its package's current policy."""
    row = tx.execute(_LOCK, {"of_id": ticket_id}).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    return values, values.pop("policy_id")


def change(tx: Connection, ticket_id: int, values: Values) -> None:
    """Write columns of a ticket."""
    tx.execute(_CHANGE, {"of_id": ticket_id, **values})


def clocks(tx: Connection, ticket_id: int) -> list[dict[str, Any]]:
    """The contents of a ticket's clocks."""
    return list(tx.execute(_CLOCKS_OF, {"of_ticket": ticket_id}).scalars())


def save_clocks(batch: Batch, rows: Sequence[Values]) -> None:
    """Write clocks over those of the same ticket and goal."""
    upsert_later(batch, Clock, rows, ("ticket_id", "goal"))


def involve(tx: Connection, ticket_id: int, people: Iterable[tuple[int, str]], since: datetime) -> None:
    """Involve accounts, each with the reason; whoever is involved already stays so for the first reason."""
    rows = [
        {"ticket_id": ticket_id, "account_id": account, "reason": reason, "since": since} for account, reason in people
    ]
    insert_new(tx, Involvement, rows)


def leave(tx: Connection, ticket_id: int, account_id: int, reasons: Collection[str]) -> bool:
    """Involve an account no longer, if it is for one of the reasons; says whether it was."""
    statement = delete(Involvement).where(
        Involvement.ticket_id == ticket_id, Involvement.account_id == account_id, Involvement.reason.in_(reasons)
    )
    return tx.execute(statement).rowcount > 0


def is_involved(tx: Connection, ticket_id: int, account_id: int) -> bool:
    """Whether an account has to do with the ticket."""
    statement = select(Involvement.ticket_id).where(
        Involvement.ticket_id == ticket_id, Involvement.account_id == account_id
    )
    return tx.execute(statement).first() is not None


def add_notes(tx: Connection, rows: Sequence[Values]) -> list[int]:
    """Write notes, in one batch; gives their ids in the same order."""
    return list(tx.execute(_ADD_NOTES, list(rows)).scalars())


def add_note(tx: Connection, values: Values) -> int:
    """Write a note; gives its id."""
    return int(tx.execute(_ADD_NOTE, values).scalar_one())
