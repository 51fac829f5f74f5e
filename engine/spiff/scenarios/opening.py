"""The world at a scenario's beginning: the ticket is open, and its process has run as far as it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.domain.casework import Case
from engine.domain.packages import Package
from engine.domain.ticket_fields import accept
from engine.domain.time.durations import parse_instant
from engine.spiff.expressions import Sandbox
from engine.spiff.scenarios.format import Scenario
from engine.spiff.scenarios.people import People
from engine.spiff.scenarios.world import World

if TYPE_CHECKING:
    from engine.spiff.versions import PackageVersion

TICKET_ID = 1


def open_world(version: PackageVersion, scenario: Scenario, people: People, sandbox: Sandbox) -> World:
    """The world just before the first step. Raises `Invalid` where what is given can't be."""
    package, given = version.package, scenario.data.get("given", {})
    now = parse_instant(scenario.data["at"], ZoneInfo(package.time_zone))
    world = World(
        version=version,
        sandbox=sandbox,
        case=Case(package, version.policy, _ticket(package, given, people, now)),
        now=now,
        held=frozenset(held_elements(scenario.data.get("steps", []))),
    )
    world.start(given.get("process", package.process), given.get("variables", {}))
    return world


def number_of(package: Package, opened_at: datetime) -> str:
    """The number that a scenario's ticket has."""
    return package.number.format(year=opened_at.astimezone(ZoneInfo(package.time_zone)).year, sequence=TICKET_ID)


def _ticket(package: Package, given: Mapping[str, Any], people: People, now: datetime) -> dict[str, Any]:
    requester = people.requester(given.get("requester"))
    ticket: dict[str, Any] = {
        "id": TICKET_ID,
        "number": number_of(package, now),
        "subject": "",
        "text": "",
        "status": "",
        "request_type": "",
        "category": "",
        "department": "",
        "assignee": None,
        "requester": requester.id,
        "company": requester.company,
        "opened_at": now,
        "step": "",
        "status_since": now,
        "status_seconds": {},
        **dict.fromkeys(package.fields),
    }
    for name, value in given.get("ticket", {}).items():
        ticket[name] = accept(package, name, people.id_of(value) if name in ("assignee", "requester") else value)
    return ticket


def held_elements(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The elements whose jobs the scenario ends itself."""
    for step in steps:
        if "job" in step:
            yield step["job"]
        yield from held_elements(step.get("steps", ()))
