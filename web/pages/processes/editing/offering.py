"""What whoever draws may choose from, named in their language: `engine.spiff.offering`, as the editors take it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.domain.package_files.references import PEOPLE
from engine.domain.packages import Choice, Package, Role, Status, goal_label
from web.pages.processes.words import groups_label
from web.pages.rendering import label
from web.pages.visiting import Visit

if TYPE_CHECKING:
    from engine.spiff.offering import Offers

Picks = list[dict[str, str]]


def offered(visit: Visit, offers: Offers) -> dict[str, Any]:
    """Lists to pick from by what they are of, and the names that expressions may use."""
    return {
        "picks": {
            **(_of_package(offers.package) if offers.package else {}),
            "goal": [_pick(key, _goal(visit, offers, key)) for key in offers.goals],
            "form": [_pick(key, key) for key in offers.forms],
            "mail": [_pick(key, key) for key in offers.mails],
            "decision": [_pick(key, named) for key, named in offers.decisions.items()],
            "process": [_pick(key, named) for key, named in offers.processes.items()],
        },
        "names": {
            "variables": offers.variables,
            "own": offers.own,
            "reserved": offers.reserved,
            "ticket": offers.ticket_fields,
        },
    }


def _of_package(package: Package) -> dict[str, Picks]:
    return {
        "status": _choices(package, package.statuses.values()),
        "requestType": _choices(package, package.request_types.values()),
        "step": _choices(package, package.steps),
        "group": [_pick(group, groups_label(package, [group])) for group in _groups(package)],
    }


def _groups(package: Package) -> list[str]:
    """Every way to say a group: a role, the same of the ticket's department or company, people of the ticket."""
    roles = package.roles.values()
    return [*(name for role in roles for name in (role.key, f"{role.key}@{_of(role)}")), *PEOPLE]


def _of(role: Role) -> str:
    return "company" if role.kind == "customer" else "department"


def _choices(package: Package, choices: Iterable[Choice | Status]) -> Picks:
    return [_pick(choice.key, label(choice.label, package.language)) for choice in choices]


def _goal(visit: Visit, offers: Offers, key: str) -> str:
    return goal_label(offers.package, key, visit.language) if offers.package else key


def _pick(value: str, name: str) -> dict[str, str]:
    return {"value": value, "name": name}
