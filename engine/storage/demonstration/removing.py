"""Removes demonstration data and nothing else, by the tables' foreign keys: so a new table is heard of too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from engine.storage.demonstration.finding import invented
from engine.storage.tables import Account, Base, Company, JournalEntry, Mail, Ticket, TicketSequence

_BATCH = 100
#: commands whose entries tell of an account or a company, and go with it
OF_PEOPLE = (
    "accounts.", "companies.", "sessions.", "tokens.", "two_factor.", "invitations.", "addresses.", "recovery.",
)  # fmt: skip

Doomed = dict[Table, list[Any]]


def remove_tickets(tx: Connection) -> int:
    """Delete the tickets with all that hangs on them; how many. A package without tickets counts from 1 again."""
    tickets = cast(Table, Ticket.__table__)
    ids = list(tx.execute(select(Ticket.id).where(invented())).scalars())
    for some in _batches(ids):
        _delete_with_all_below(tx, {tickets: some}, optional=True)
    tx.execute(delete(TicketSequence).where(TicketSequence.package_id.not_in(select(Ticket.package_id))))
    return len(ids)


def remove_people(tx: Connection) -> tuple[list[int], list[int]]:
    """Delete the accounts with what is theirs alone, then their companies: ids of the accounts and companies.

    Whoever something real refers to stays, disabled.
    """
    chosen = select(Account.id, Account.company_id).where(Account.demonstration)
    rows = tx.execute(chosen.order_by(Account.id)).all()
    accounts = cast(Table, Account.__table__)
    removed = [row.id for row in rows if _delete_person(tx, accounts, row.id)]
    employers = {row.company_id for row in rows} - {None}
    companies = [number for number in sorted(employers) if _try_delete(tx, Company, number)]
    return removed, companies


def remove_journal(tx: Connection, accounts: Collection[int], companies: Collection[int]) -> None:
    """Delete what the journal tells of these accounts and companies themselves."""
    people, firms = set(accounts), set(companies)
    about = or_(*(JournalEntry.command.startswith(prefix) for prefix in OF_PEOPLE))
    statement = select(JournalEntry.id, JournalEntry.actor_id, JournalEntry.data).where(about)
    gone = [
        row.id
        for row in tx.execute(statement.where(JournalEntry.ticket_id.is_(None)))
        if row.data.get("account") in people or row.data.get("company") in firms or row.actor_id in people
    ]
    for some in _batches(gone):
        tx.execute(delete(JournalEntry).where(JournalEntry.id.in_(some)))


def _delete_person(tx: Connection, accounts: Table, account_id: int) -> bool:
    """Delete an account with its own rows; where something else names it, only disable it."""
    try:
        with tx.begin_nested():
            tx.execute(delete(Mail).where(Mail.account_id == account_id, Mail.ticket_id.is_(None)))
            _delete_with_all_below(tx, {accounts: [account_id]}, optional=False)
    except IntegrityError:
        tx.execute(update(Account).where(Account.id == account_id).values(active=False, password_hash=None))
        return False
    return True


def _try_delete(tx: Connection, kind: type[Company], number: int) -> bool:
    try:
        with tx.begin_nested():
            tx.execute(delete(kind).where(kind.id == number))
    except IntegrityError:
        return False
    return True


def _delete_with_all_below(tx: Connection, roots: Doomed, *, optional: bool) -> None:
    """Delete rows, and those that refer to them, children first.

    `optional`: also rows that could be without what they refer to; else these are in the way.
    """
    doomed = dict(roots)
    named = {key.column.table for table in Base.metadata.sorted_tables for key in table.foreign_keys}
    below: list[tuple[Table, ColumnElement[bool]]] = []
    for table in Base.metadata.sorted_tables:
        if table in doomed:
            continue
        fitting = list(_references(table, doomed, optional))
        if not fitting:
            continue
        condition = or_(*fitting)
        below.append((table, condition))
        key = list(table.primary_key.columns)
        if len(key) == 1 and table in named:
            doomed[table] = list(tx.execute(select(key[0]).where(condition)).scalars())
    for table, condition in reversed(below):
        tx.execute(delete(table).where(condition))
    for table, keys in roots.items():
        tx.execute(delete(table).where(next(iter(table.primary_key.columns)).in_(keys)))


def _references(table: Table, doomed: Doomed, optional: bool) -> Iterator[ColumnElement[bool]]:
    for key in table.foreign_keys:
        column = key.parent
        keys = doomed.get(key.column.table) if key.column.primary_key else None
        if keys and (optional or not column.nullable):
            yield column.in_(keys)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
