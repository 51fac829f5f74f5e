"""Who takes part in a scenario: persons by name, each an `Actor` with a role or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.actors import SYSTEM, Actor, Membership
from engine.domain.errors import Invalid
from engine.domain.packages import Package, Role
from engine.domain.said import said

COMPANY = 1


class People:
    """The scenario's people, and every role of the package as a person of its own. Ids count from 1."""

    def __init__(self, package: Package, given: Mapping[str, Mapping[str, Any]]) -> None:
        """Raises `Invalid` where somebody's role or department doesn't exist."""
        self.package = package
        self.by_name: dict[str, Actor] = {}
        for name, person in given.items():
            self._add(name, person)
        for role in package.roles:
            if role not in self.by_name:
                self._add(role, {"role": role})

    def actor(self, name: str | None) -> Actor:
        """Who that is; nobody is the system. Raises `Invalid`."""
        if name is None:
            return SYSTEM
        if name not in self.by_name:
            raise Invalid(
                said("there is nobody called `{name}`; known are {others}", name=name, others=list(self.by_name))
            )
        return self.by_name[name]

    def requester(self, name: str | None) -> Actor:
        """Who opens the ticket: the one named, else the first customer, else the first person."""
        if name is not None:
            return self.actor(name)
        customers = [actor for actor in self.by_name.values() if actor.kind == "customer"]
        return (customers or list(self.by_name.values()))[0]

    def id_of(self, value: Any) -> Any:
        """A person's name as the account's id; anything else as it is."""
        return self.by_name[value].id if isinstance(value, str) and value in self.by_name else value

    def by_id(self, number: Any) -> Actor | None:
        """The person with that id."""
        return next((actor for actor in self.by_name.values() if actor.id == number), None)

    def _add(self, name: str, person: Mapping[str, Any]) -> None:
        roles = [self._role(name, key) for key in _listed(person["role"])]
        departments = tuple(person.get("departments", self.package.departments))
        for department in departments:
            if department not in self.package.departments:
                told = said("`{name}` works for `{department}`, which isn't a department of package.toml",
                            name=name, department=department)  # fmt: skip
                raise Invalid(told)
        kind = roles[0].kind
        self.by_name[name] = Actor(
            id=len(self.by_name) + 1,
            name=name,
            kind=kind,
            company=person.get("company", COMPANY) if kind == "customer" else None,
            memberships=tuple(Membership(self.package.id, role.key, departments) for role in roles),
        )

    def _role(self, name: str, key: str) -> Role:
        if key not in self.package.roles:
            raise Invalid(said("`{name}` has the role `{role}`, which isn't in package.toml", name=name, role=key))
        return self.package.roles[key]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
