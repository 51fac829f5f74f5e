"""Who does something: an account with what it is in each package, or the system itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.domain.packages import Package, Role


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's role in a package, with the departments that it works for there."""

    package: str
    role: str
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever a command is carried out for. `id` 0 is the system (timers, jobs), which may do everything."""

    id: int
    name: str = ""
    email: str = ""
    kind: Literal["staff", "customer", "system"] = "staff"
    company: int | None = None
    memberships: tuple[Membership, ...] = ()
    #: an operator of the whole installation: accounts, companies, every package
    administrator: bool = False
    #: scopes of the token that was shown; None where there is no limit
    scopes: frozenset[str] | None = field(default=None)
    #: the id of that token; None where none was shown
    token: int | None = None

    def roles(self, package: Package) -> tuple[Role, ...]:
        """What the account is in the package."""
        return tuple(
            package.roles[m.role] for m in self.memberships if m.package == package.id and m.role in package.roles
        )

    def may(self, permission: str, package: Package) -> bool:
        """Whether one of the account's roles allows it."""
        if self.kind == "system" or self.administrator:
            return True
        return any(permission in role.may for role in self.roles(package))

    def groups(self, package: Package) -> frozenset[str]:
        """The groups whose user tasks it may claim: `pm`, `agent@crm`, `customer@7`, `account:12`."""
        groups = {f"account:{self.id}"}
        for member in self.memberships:
            if member.package != package.id or member.role not in package.roles:
                continue
            groups.add(member.role)
            groups.update(f"{member.role}@{department}" for department in member.departments)
            if self.company is not None:
                groups.add(f"{member.role}@{self.company}")
        return frozenset(groups)


SYSTEM = Actor(id=0, name="Iter", kind="system", administrator=True)


def resolve_group(group: str, ticket: Mapping[str, Any]) -> str | None:
    """A package's group on a ticket: `agent@department` → `agent@crm`; None where the ticket has none yet."""
    if group in ("requester", "assignee"):
        return f"account:{ticket[group]}" if ticket.get(group) else None
    role, at, what = group.partition("@")
    if not at:
        return group
    return f"{role}@{ticket[what]}" if ticket.get(what) not in (None, "") else None
