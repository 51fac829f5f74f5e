"""Which tickets somebody sees, and which user tasks they may take. Whoever is involved in a ticket sees it too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.domain.actors import Actor
from engine.domain.packages import Package, Role


def sees(actor: Actor, package: Package, ticket: Mapping[str, Any]) -> bool:
    """Whether roles show somebody a ticket, given as its row. Being involved in it is asked for apart."""
    if actor.kind == "system" or actor.administrator:
        return True
    return any(
        _shows(package.roles[member.role], member.departments, actor, ticket)
        for member in actor.memberships
        if member.package == package.id and member.role in package.roles
    )


def _shows(role: Role, departments: Collection[str], actor: Actor, ticket: Mapping[str, Any]) -> bool:
    match role.sees:
        case "all":
            return True
        case "departments":
            return ticket["department"] in departments
        case "own_company":
            if ticket["company_id"] is None:
                return bool(ticket["requester_id"] == actor.id)
            return bool(ticket["company_id"] == actor.company)


def may_take(actor: Actor, package: Package, groups: Collection[str], ticket: Mapping[str, Any]) -> bool:
    """Whether somebody may claim and complete a user task of these groups, on a ticket given as its row.

    Who may `decide` acts for the requester of a ticket that they see.
    """
    if actor.kind == "system" or actor.administrator or not actor.groups(package).isdisjoint(groups):
        return True
    requesters = f"account:{ticket['requester_id']}" in groups
    return requesters and actor.may("decide", package) and sees(actor, package, ticket)


def may_give(actor: Actor, package: Package) -> tuple[str, ...]:
    """Keys of the package's own fields that somebody may fill in when opening a ticket, in the package's order."""
    kinds = {actor.kind, *(role.key for role in actor.roles(package))}
    everything = actor.administrator or actor.kind == "system"
    return tuple(key for key, field in package.fields.items() if everything or not kinds.isdisjoint(field.given_by))
