"""Why a deadline is what it is: the row of the service level policy that applied, and why the others didn't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.domain.actors import Actor
from engine.domain.clocks import Clock
from engine.domain.errors import Invalid
from engine.domain.packages import Package, goal_label
from engine.domain.policies import Policy, PolicyRow
from engine.queries.reading import Source, reading, reading_language
from engine.queries.tickets.naming import field_label, shown
from engine.queries.tickets.visible import ticket_row
from engine.storage import tickets as store


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition of a row."""

    #: what the field is called
    field: str
    test: str
    #: of the ticket, in words
    value: Any
    passes: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A row of the policy, held against the ticket as it is now."""

    number: int
    row: PolicyRow
    asked: list[Asked]
    #: the clock was started under it
    applied: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A goal of a ticket whose clock was started."""

    goal: str
    label: str
    started_at: datetime
    policy_version: int
    rows: list[Tried]


def promises(engine: Source, actor: Actor, ticket_id: int) -> list[Promise]:
    """The goals that a ticket has, each with the rows of the policy that it was started under. Raises `NotFound`.

    Takes one statement beside the ticket's, where the policies were read before.
    """
    with reading(engine, actor) as reader:
        ticket = ticket_row(reader, ticket_id)
        package = engine.version(ticket.deployment_id, reader.tx).package
        clocks = [Clock.from_json(content) for content in store.clocks(reader.tx, ticket_id)]
        values = {**ticket.fields, **{name: getattr(ticket, name) for name in _PLAIN}}
        return [
            _promise(package, clock, engine.policy_version(ticket.package_id, clock.policy_version, reader.tx), values)
            for clock in clocks
        ]


_PLAIN = ("number", "subject", "text", "status", "request_type", "category", "department", "opened_at")


def _promise(package: Package, clock: Clock, policy: Policy, ticket: Mapping[str, Any]) -> Promise:
    rows = [
        Tried(number, row, [_asked(package, name, test, ticket) for name, test in row.when.items()], row == clock.row)
        for number, row in enumerate(policy.rows, 1)
        if row.goal == clock.goal
    ]
    label = goal_label(package, clock.goal, reading_language())
    return Promise(clock.goal, label, clock.started_at, clock.policy_version, rows)


def _asked(package: Package, name: str, test: str, ticket: Mapping[str, Any]) -> Asked:
    language = reading_language()
    try:
        passes = replace(_ANY, when={name: test}).matches(ticket)
    except Invalid:
        passes = False
    return Asked(
        field_label(package, name, language), test, shown(package, name, ticket.get(name), language, {}), passes
    )


_ANY = PolicyRow("", {}, "", "")
