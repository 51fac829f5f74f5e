"""What commands on tickets begin with: hold the ticket, see whether the actor may. Foreign and missing are alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from engine.commands.stepping import Work
from engine.domain.actors import Actor, resolve_group
from engine.domain.errors import Forbidden, NotFound
from engine.domain.packages import Package, Permission
from engine.domain.said import said
from engine.domain.storable import can_be_id, can_be_key
from engine.domain.visibility import sees
from engine.spiff.versions import PackageVersion
from engine.storage import packages, tickets
from engine.storage.people import involved as people
from engine.storage.people.actors import actors_of


@dataclass(frozen=True, slots=True)
class Held:
    """A ticket, locked, with the package version that it lives under."""

    row: Mapping[str, Any]
    policy_id: int
    version: PackageVersion

    @property
    def id(self) -> int:
        """The ticket's id."""
        return int(self.row["id"])

    @property
    def package(self) -> Package:
        """The package as the ticket's version says."""
        return self.version.package


def hold_ticket(work: Work, ticket_id: int) -> Held:
    """A ticket that the actor sees, locked. Raises `NotFound`."""
    found = tickets.lock(work.tx, ticket_id) if can_be_id(ticket_id) else None
    if found is None:
        raise no_ticket()
    row, policy_id = found
    held = Held(row, policy_id, work.engine.version(row["deployment_id"], work.tx))
    require_visible(work, held.package, row)
    return held


def require_visible(work: Work, package: Package, row: Mapping[str, Any]) -> None:
    """Raises `NotFound` where the actor doesn't see the ticket of this row."""
    if not sees(work.actor, package, row) and not tickets.is_involved(work.tx, row["id"], work.actor.id):
        raise no_ticket()


def no_ticket() -> NotFound:
    """The same whether it doesn't exist or isn't visible."""
    return NotFound(said("There is no such ticket."))


def find_package(work: Work, package_id: str) -> tuple[Row[Any], Package]:
    """A package that is deployed: its row, and what its latest version says. Raises `NotFound`."""
    row = packages.current(work.tx, package_id) if can_be_key(package_id) else None
    if row is None:
        raise NotFound(said("There is no such package."))
    return row, work.engine.version(row.deployment_id, work.tx).package


def require(actor: Actor, permission: Permission, package: Package) -> None:
    """Raises `Forbidden`; `NotFound` for who is nothing in the package."""
    if actor.may(permission, package):
        return
    if not actor.roles(package):
        raise NotFound(said("There is no such package."))
    raise Forbidden(said("Your roles in this package don't allow this ({permission}).", permission=permission))


def require_operator(work: Work, package_id: str | None, ticket_id: int | None, nothing: NotFound) -> None:
    """That the actor operates the package of something that is (perhaps) about a ticket.

    Raises `Forbidden` where they work here and see the ticket, else `nothing`: foreign and missing are alike.
    """
    if work.actor.administrator or work.actor.kind == "system":
        return
    current = packages.current(work.tx, package_id) if package_id else None
    package = work.engine.version(current.deployment_id, work.tx).package if current else None
    if package is None or not work.actor.roles(package):
        raise nothing
    if work.actor.may("operate", package):
        return
    found = tickets.lock(work.tx, ticket_id) if ticket_id else None
    seen = found is not None and (
        sees(work.actor, package, found[0]) or tickets.is_involved(work.tx, ticket_id or 0, work.actor.id)
    )
    if not seen or work.actor.kind == "customer":
        raise nothing
    raise Forbidden(said("Your roles don't allow you to operate this package."))


def find_actor(work: Work, account_id: int) -> Actor | None:
    """An active account as an actor; None where there is none."""
    rows = people.account_with_memberships(work.tx, account_id) if can_be_id(account_id) else ()
    if not rows or not rows[0].active:
        return None
    return actors_of(rows)[0]


def is_member(
    work: Work, package: Package, account_id: Any, groups: Collection[str], ticket: Mapping[str, Any]
) -> bool:
    """Whether an account is active and in one of the package's groups (`agent@department`) on a ticket's fields."""
    other = find_actor(work, account_id)
    resolved = {group for name in groups if (group := resolve_group(name, ticket))}
    return other is not None and not other.groups(package).isdisjoint(resolved)
