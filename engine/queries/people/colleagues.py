"""Who works here, and for whom: the names that lists are narrowed by and tickets are given to. For staff."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true

from engine.domain.actors import Actor
from engine.queries.reading import Reader, Source, reading
from engine.storage.tables import Account, Company, Membership
from engine.storage.tables.sorting import caseless

#: names that are offered; more aren't looked through in a list
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Named:
    """An account or a company."""

    id: int
    name: str


def colleagues(engine: Source, actor: Actor) -> list[Named]:
    """The active staff of the packages in which the actor is staff, by name. One statement."""
    with reading(engine, actor) as reader:
        works_here = select(Membership.account_id).where(Membership.package_id.in_(_staffed(reader)))
        statement = select(Account.id, Account.name).where(
            Account.kind == "staff", Account.active, Account.id.in_(works_here)
        )
        rows = reader.tx.execute(statement.order_by(caseless(Account.name), Account.id).limit(MOST))
        return [Named(row.id, row.name) for row in rows]


def companies(engine: Source, actor: Actor) -> list[Named]:
    """The companies of the customers of the packages in which the actor is staff, by name. One statement."""
    with reading(engine, actor) as reader:
        if not _staffed(reader):
            return []
        statement = select(Company.id, Company.name).where(_known_company(reader))
        rows = reader.tx.execute(statement.order_by(caseless(Company.name), Company.id).limit(MOST))
        return [Named(row.id, row.name) for row in rows]


def names(engine: Source, actor: Actor, accounts: set[int], company: int | None) -> dict[tuple[str, int], str]:
    """What a few accounts and a company are called: {("account", 3): …, ("company", 1): …}; unknown ones are left out.

    Unknown is also whoever has to do with other packages alone. One statement each, and none where none is asked for.
    """
    with reading(engine, actor) as reader:
        if not _staffed(reader):
            return {}
        found: dict[tuple[str, int], str] = {}
        if accounts:
            known = select(Account.id, Account.name).where(Account.id.in_(accounts), _known_account(reader))
            rows = reader.tx.execute(known)
            found |= {("account", row.id): row.name for row in rows}
        if company:
            known = select(Company.id, Company.name).where(Company.id == company, _known_company(reader))
            rows = reader.tx.execute(known)
            found |= {("company", row.id): row.name for row in rows}
        return found


def _staffed(reader: Reader) -> list[str]:
    """The packages in which the reader is staff."""
    return [key for key, package in reader.packages.items() if reader.is_staff(package)]


def _known_account(reader: Reader) -> ColumnElement[bool]:
    """People of those packages, customers among them; administrators know everybody."""
    if reader.sees_everything:
        return true()
    return Account.id.in_(select(Membership.account_id).where(Membership.package_id.in_(_staffed(reader))))


def _known_company(reader: Reader) -> ColumnElement[bool]:
    """Companies for which somebody of those packages acts."""
    if reader.sees_everything:
        return true()
    return Company.id.in_(select(Account.company_id).where(_known_account(reader)))
