"""The people around a ticket: who is involved and why, who could be, whom it could be assigned to. For its staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Package
from engine.domain.said import said
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import require_ticket
from engine.storage.tables import Account, Involvement, Membership

#: people that are told of one ticket; a list to choose from is as long as it is
MOST = 100


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody who sees the ticket and gets its mails; `reason` is what involved them first."""

    account: int
    name: str
    kind: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be chosen."""

    id: int
    name: str
    kind: str


def involved(engine: Source, actor: Actor, ticket_id: int) -> list[Involved]:
    """Who is involved, those of longest standing first. Raises `NotFound`, for customers too."""
    with reading(engine, actor) as reader:
        require_staffed(reader, ticket_id)
        statement = (
            select(Account.id, Account.name, Account.kind, Involvement.reason, Involvement.since)
            .join(Account, Account.id == Involvement.account_id)
            .where(Involvement.ticket_id == ticket_id)
            .order_by(Involvement.since, Account.name, Account.id)
            .limit(MOST)
        )
        rows = reader.tx.execute(statement)
        return [Involved(row.id, row.name, row.kind, row.reason, row.since) for row in rows]


def colleagues(engine: Source, actor: Actor, ticket_id: int) -> list[Person]:
    """Who works with the ticket's package, by name: whom it can be assigned to. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        package, _ = require_staffed(reader, ticket_id)
        return _members(reader, package, Account.kind == "staff")


def to_involve(engine: Source, actor: Actor, ticket_id: int) -> list[Person]:
    """Who isn't involved and may be: colleagues, and the people of the ticket's company. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        package, company = require_staffed(reader, ticket_id)
        already = exists().where(Involvement.ticket_id == ticket_id, Involvement.account_id == Account.id)
        allowed = Account.kind == "staff"
        if company is not None:
            allowed |= Account.company_id == company
        return _members(reader, package, and_(allowed, ~already))


def require_staffed(reader: Reader, ticket_id: int) -> tuple[Package, int | None]:
    """The package and the company of a ticket that the reader sees as its staff. Raises `NotFound`."""
    row = require_ticket(reader, ticket_id)
    package = reader.engine.version(row.deployment_id, reader.tx).package
    if not reader.is_staff(package):
        raise NotFound(said("There is no such ticket."))
    return package, row.company_id


def _members(reader: Reader, package: Package, which: ColumnElement[bool]) -> list[Person]:
    member = exists().where(
        Membership.account_id == Account.id, Membership.package_id == package.id, Membership.role.in_(package.roles)
    )
    statement = select(Account.id, Account.name, Account.kind).where(Account.active, member, which)
    rows = reader.tx.execute(statement.order_by(Account.name, Account.id))
    return [Person(row.id, row.name, row.kind) for row in rows]
