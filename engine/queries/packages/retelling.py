"""A scenario made out of a ticket: what the journal keeps of it, with other names and texts. For who may deploy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import Conflict, NotFound
from engine.domain.said import said
from engine.queries.packages.standing import owned_package
from engine.queries.packages.trying import sandbox
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import require_ticket
from engine.spiff.retelling import Entry, Lived, Retold, retell
from engine.spiff.versions import PackageVersion
from engine.storage.people.actors import actors_of
from engine.storage.tables import Account, JournalEntry, Membership, Ticket

#: entries of the journal that are read: some hundred steps
ROWS = 6_000
#: kinds of entries that tell nothing of the way
_ASIDE = ("element_left", "mail_prepared", "mail_sent", "mail_failed", "timer_set", "timer_cancelled")


def scenario_of(engine: Source, actor: Actor, ticket_id: int) -> str:
    """The scenario (YAML) that goes the way of a ticket; names and texts in it are invented.

    For who sees the ticket and may deploy its package. Three statements, whatever has happened, and a run in memory.
    Raises `NotFound`, `Conflict` where it can't be told.
    """
    return retold(engine, actor, ticket_id).content


def retold(engine: Source, actor: Actor, ticket_id: int) -> Retold:
    """The same with the way that it goes, and what keeps it from going further."""
    with reading(engine, actor) as reader:
        ticket = require_ticket(reader, ticket_id)
        _require_owner(reader, ticket.package_id)
        version = engine.version(ticket.deployment_id, reader.tx)
        lived = _lived(reader, ticket_id, version)
    return retell(version, lived, sandbox())


def id_of(engine: Source, number: str) -> int:
    """The id of the ticket with that number. Raises `NotFound`; `Conflict` where several packages have it."""
    with engine.database.read() as tx:
        found = tx.execute(select(Ticket.id).where(Ticket.number == number).limit(2)).scalars().all()
    if not found:
        raise NotFound(said("There is no such ticket."))
    if len(found) > 1:
        raise Conflict(said("Several packages have a ticket {number}; give its id.", number=number))
    return found[0]


def _require_owner(reader: Reader, package_id: str) -> None:
    """Who may not deploy the package is told of no ticket."""
    try:
        owned_package(reader, package_id)
    except NotFound:
        raise NotFound(said("There is no such ticket.")) from None


def _lived(reader: Reader, ticket_id: int, version: PackageVersion) -> Lived:
    columns = (Ticket.number, Ticket.requester_id, Ticket.package_id)
    ticket = reader.tx.execute(select(*columns).where(Ticket.id == ticket_id)).one()
    told = select(JournalEntry.__table__).where(JournalEntry.ticket_id == ticket_id, JournalEntry.kind.not_in(_ASIDE))
    rows = reader.tx.execute(told.order_by(JournalEntry.id).limit(ROWS + 1)).all()
    entries = [_entry(row) for row in rows[:ROWS]]
    named = {*_accounts(entries, version), ticket.requester_id or 0} - {0}
    actors = actors_of(_people(reader, sorted(named), ticket.package_id))
    return Lived(
        ticket_id, ticket.number, ticket.requester_id, entries, {actor.id: actor for actor in actors}, len(rows) > ROWS
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.at, row.actor_id, row.command, row.kind, row.element, row.instance_id or "", row.data)


def _people(reader: Reader, ids: Sequence[int], package_id: str) -> Sequence[Any]:
    columns = (Account.id, Account.name, Account.email, Account.kind, Account.company_id)
    here = (Membership.account_id == Account.id) & (Membership.package_id == package_id)
    statement = select(*columns, Membership.package_id, Membership.role, Membership.departments)
    return reader.tx.execute(
        statement.outerjoin(Membership, here).where(Account.id.in_(ids)).order_by(Account.id, Membership.role)
    ).all()


def _accounts(entries: Sequence[Entry], version: PackageVersion) -> Iterator[int]:
    """The accounts that the entries name: who did it, and whom fields and answers hold."""
    keys = {key for form in version.forms.values() for key in form.account_fields} | {"assignee", "requester"}
    for entry in entries:
        yield entry.actor
        event = entry.data.get("event") or {}
        for held in (entry.data.get("fields"), entry.data.get("data"), event.get("data")):
            values = held if isinstance(held, dict) else {}
            yield from (value for key, value in values.items() if key in keys and type(value) is int)
