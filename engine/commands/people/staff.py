"""Who may manage people: what the commands on accounts, companies and policies share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from engine.commands.engine import Engine
from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, NotFound
from engine.domain.packages import Package
from engine.domain.said import said
from engine.domain.storable import can_be_id
from engine.storage import packages
from engine.storage.people import accounts


def locked_account(tx: Connection, account_id: int) -> Row[Any]:
    """An account, locked until the transaction ends. Raises `NotFound`."""
    account = accounts.account(tx, account_id) if can_be_id(account_id) else None
    if account is None:
        raise NotFound(said("There is no such account."))
    return account


def managed_account(engine: Engine, tx: Connection, actor: Actor, account_id: int) -> Row[Any]:
    """An account that the actor manages, locked.

    Raises `Forbidden` for who manages nobody, whatever the number: they don't learn who there is. `NotFound`.
    """
    require_people(engine, tx, actor)
    account = locked_account(tx, account_id)
    require_people_of(engine, tx, actor, account)
    return account


def package_of(engine: Engine, tx: Connection, package_id: str) -> Package:
    """The package as its latest version says. Raises `NotFound`."""
    row = packages.current(tx, package_id)
    if row is None:
        raise NotFound(said("There is no such package."))
    return engine.version(row.deployment_id, tx).package


def require_people(engine: Engine, tx: Connection, actor: Actor) -> None:
    """Raises `Forbidden` for who manages the people of no package."""
    if actor.administrator:
        return
    for package_id in sorted({member.package for member in actor.memberships}):
        if actor.may("accounts", package_of(engine, tx, package_id)):
            return
    raise Forbidden(said("You don't manage accounts."))


def require_people_of(engine: Engine, tx: Connection, actor: Actor, account: Row[Any]) -> None:
    """Raises `Forbidden` for an administrator's account, and where the actor doesn't manage all its packages."""
    require_people(engine, tx, actor)
    if actor.administrator:
        return
    theirs = {member.package_id for member in accounts.memberships(tx, account.id)}
    if account.administrator or not all(actor.may("accounts", package_of(engine, tx, p)) for p in sorted(theirs)):
        raise Forbidden(said("You don't manage this account."))
