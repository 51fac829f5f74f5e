"""Accounts, for those who manage people; everybody may read their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from engine.domain.actors import Actor, Membership
from engine.domain.errors import Forbidden, NotFound
from engine.domain.said import said
from engine.queries.paging import Order, Page, escaped, page
from engine.queries.reading import Reader, Source, reading
from engine.storage.tables import Account, Company
from engine.storage.tables import Membership as MembershipRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """Somebody who can log in, with what they are in each package."""

    id: int
    email: str
    name: str
    kind: str
    company: int | None
    company_name: str
    administrator: bool
    active: bool
    #: its owner has not chosen a password yet
    invited: bool
    #: a code is asked for at sign-in
    two_factor: bool
    language: str
    time_zone: str
    theme: str
    created_at: datetime
    memberships: tuple[Membership, ...]


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    kind: str | None = None,
    company: int | None = None,
    package: str | None = None,
    active: bool | None = None,
    invited: bool | None = None,
    text: str | None = None,
) -> Page[AccountView]:
    """Accounts by name, by two statements. `text`: part of the name or address. Raises `Forbidden`."""
    with reading(engine, actor) as reader:
        require_people(reader)
        given = {Account.kind: kind, Account.company_id: company, Account.active: active}
        conditions = [column == value for column, value in given.items() if value is not None]
        if invited is not None:
            conditions.append(Account.password_hash.is_(None) == invited)
        if package is not None:
            members = select(MembershipRow.account_id).where(MembershipRow.package_id == package)
            conditions.append(Account.id.in_(members))
        if text:
            like = escaped(text)
            conditions.append(or_(Account.name.ilike(like, escape="\\"), Account.email.ilike(like, escape="\\")))
        statement = _accounts().where(*conditions)
        found = page(reader.tx, statement, Order(Account.name, Account.id), limit, cursor, lambda row: row)
        memberships = _memberships(reader, [row.id for row in found.items])
        return Page([_view(row, memberships.get(row.id, ())) for row in found.items], found.next)


def one(engine: Source, actor: Actor, account_id: int) -> AccountView:
    """One account: one's own, or any for who manages people. Raises `Forbidden`, `NotFound`."""
    with reading(engine, actor) as reader:
        if account_id != actor.id:
            require_people(reader)
        row = reader.tx.execute(_accounts().where(Account.id == account_id)).one_or_none()
        if row is None:
            raise NotFound(said("There is no such account."))
        return _view(row, _memberships(reader, [account_id]).get(account_id, ()))


def check_people(engine: Source, actor: Actor) -> None:
    """For a page that shows nothing yet. Raises `Forbidden` for who manages the people of no package."""
    with reading(engine, actor) as reader:
        require_people(reader)


def require_people(reader: Reader) -> None:
    """Raises `Forbidden` for who manages the people of no package."""
    allowed = (reader.actor.may("accounts", package) for package in reader.packages.values())
    if not reader.sees_everything and not any(allowed):
        raise Forbidden(said("You don't manage accounts."))


def manages(reader: Reader, account_id: int) -> bool:
    """Whether there is such an account and the reader manages it: all of its packages, and it is no administrator's."""
    statement = select(Account.administrator, MembershipRow.package_id)
    joined = statement.outerjoin(MembershipRow, MembershipRow.account_id == Account.id)
    rows = reader.tx.execute(joined.where(Account.id == account_id)).all()
    if reader.sees_everything:
        return bool(rows)
    managed = {key for key, package in reader.packages.items() if reader.actor.may("accounts", package)}
    theirs = {row.package_id for row in rows if row.package_id}
    return bool(rows and managed) and not rows[0].administrator and theirs <= managed


def _accounts() -> Select[Any]:
    statement = select(Account.__table__, func.coalesce(Company.name, "").label("company_name"))
    return statement.outerjoin(Company, Company.id == Account.company_id)


def _memberships(reader: Reader, ids: list[int]) -> dict[int, tuple[Membership, ...]]:
    statement = select(MembershipRow.__table__).where(MembershipRow.account_id.in_(ids))
    found: dict[int, tuple[Membership, ...]] = {}
    for row in reader.tx.execute(statement.order_by(MembershipRow.package_id, MembershipRow.role)):
        member = Membership(row.package_id, row.role, tuple(row.departments))
        found[row.account_id] = (*found.get(row.account_id, ()), member)
    return found


def _view(row: Row[Any], memberships: tuple[Membership, ...]) -> AccountView:
    return AccountView(
        id=row.id, email=row.email, name=row.name, kind=row.kind, company=row.company_id,
        company_name=row.company_name, administrator=row.administrator, active=row.active,
        invited=row.password_hash is None, two_factor=row.totp_secret is not None, language=row.language,
        time_zone=row.time_zone, theme=row.theme, created_at=row.created_at, memberships=memberships,
    )  # fmt: skip
