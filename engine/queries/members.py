"""People of a package as actors, to ask what they may do. Lists of accounts are `engine.queries.people`'s."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select

from engine.domain.actors import Actor
from engine.domain.packages import Package
from engine.queries.reading import Reader
from engine.storage.people.actors import actors_of
from engine.storage.tables import Account
from engine.storage.tables import Membership as MembershipRow


def members(reader: Reader, package: Package, who: ColumnElement[bool]) -> list[Actor]:
    """The active accounts of a package that fit, by name, each with those of its roles there that fit."""
    statement = (
        select(Account.id, Account.name, Account.email, Account.kind, Account.company_id, MembershipRow.__table__)
        .join(MembershipRow, MembershipRow.account_id == Account.id)
        .where(MembershipRow.package_id == package.id, Account.active, who)
        .order_by(Account.name, Account.id)
    )
    return actors_of(reader.tx.execute(statement))


def in_groups(groups: Collection[str]) -> ColumnElement[bool]:
    """Those who may be in one of the groups (`agent@crm`, `account:12`): everybody else needn't be read."""
    named = [int(group.removeprefix("account:")) for group in groups if group.startswith("account:")]
    roles = {group.partition("@")[0] for group in groups}
    return or_(MembershipRow.role.in_(sorted(roles)), Account.id.in_(named))
