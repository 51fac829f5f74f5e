"""A ticket between its row and the `Case` that the pure rules work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.commands.engine import Engine
from engine.domain.casework import Case, facts_of
from engine.domain.clocks import Clock
from engine.domain.errors import StepFailed
from engine.domain.packages import Package
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.domain.storable import LINE, TEXT, text_problem
from engine.storage import tickets
from engine.storage.tickets.fields import PLAIN, REFERENCES, ticket_of

ENDED = frozenset({"closed", "cancelled"})


def snapshot(package: Package, row: Mapping[str, Any]) -> dict[str, Any]:
    """The ticket as JSON values, as expressions and mails see it."""
    ticket: dict[str, Any] = facts_of(Case(package, Policy(), ticket_of(row)))["ticket"]
    return ticket


def load_case(
    engine: Engine,
    tx: Connection,
    row: Mapping[str, Any],
    deployment_id: int,
    policy_id: int,
    clocks: Sequence[Mapping[str, Any]] | None = None,
) -> Case:
    """The case of a locked ticket under a version of its package. One statement where all versions were read before.

    `clocks`: the contents of its clocks, where they are known: none then.
    """
    policy = engine.policy(policy_id, tx)
    contents = tickets.clocks(tx, row["id"]) if clocks is None else clocks
    by_goal = {clock.goal: clock for clock in map(Clock.from_json, contents)}
    earlier = {clock.policy_version for clock in by_goal.values() if clock.running} - {policy.version}
    return Case(
        package=engine.version(deployment_id, tx).package,
        policy=policy,
        ticket=ticket_of(row),
        clocks=by_goal,
        earlier_policies={version: engine.policy_version(row["package_id"], version, tx) for version in earlier},
    )


def columns_of(package: Package, row: Mapping[str, Any], changed: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The columns to write for changed fields. Raises `StepFailed` where a text can't be stored."""
    columns: dict[str, Any] = {"changed_at": now}
    own: dict[str, Any] = {}
    for name, value in changed.items():
        problem = text_problem(value, TEXT if name == "text" else LINE, required=False)
        if isinstance(value, str) and problem:
            raise StepFailed("", said("The ticket's {name} can't be set: {problem}", name=name, problem=problem))
        if name in REFERENCES:
            columns[REFERENCES[name]] = value
        elif name in PLAIN:
            columns[name] = "" if value is None else value
        else:
            own[name] = value
    if own:
        columns["fields"] = {**row["fields"], **own}
    if "status" in columns:
        ended = package.statuses[columns["status"]].kind in ENDED
        columns["closed_at"] = (row["closed_at"] or now) if ended else None
    return columns


def clock_row(case: Case, ticket_id: int, clock: Clock) -> dict[str, Any]:
    """A clock as its row, with the deadline that lists and filters ask for."""
    running = clock.deadline(case.calendars_of(clock), case.ticket)
    return {
        "ticket_id": ticket_id, "goal": clock.goal, "content": clock.to_json(), "paused_since": clock.paused_since,
        "deadline_at": running if clock.running else clock.judged_deadline, "stopped_at": clock.stopped_at,
        "met": clock.met,
    }  # fmt: skip
