"""Steps that other commands take along: the start of an instance on a ticket, and what a change of it brings about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from engine.commands.stepping.failures import StepKept, keep
from engine.commands.stepping.steps import StepResult, load_instance, take_step
from engine.commands.stepping.work import Work
from engine.domain.errors import CorruptState, StepFailed
from engine.domain.events import Event, FactsChanged, Started
from engine.storage import instances
from engine.storage.instances import Loaded


def start_instance(
    work: Work,
    ticket: Mapping[str, Any],
    policy_id: int,
    process: str,
    variables: Mapping[str, Any],
    *,
    new: bool = False,
) -> StepResult | StepKept:
    """Start a process on a ticket (its row) under the ticket's version.

    `new`: the ticket has only just been written.
    Where its first step fails, the instance stays, and its incident can be tried again.
    """
    values = {
        "id": str(uuid.uuid4()), "ticket_id": ticket["id"], "package_id": ticket["package_id"],
        "deployment_id": ticket["deployment_id"], "process": process, "state": None, "revision": 0,
        "started_at": work.now, "ended_at": None, "outcome": None, "troubled": False,
    }  # fmt: skip
    instances.add(work.tx, values)
    event = Started(values["id"], process, business_key=str(ticket["id"]), variables=variables)
    return try_step(work, Loaded(values, ticket, policy_id, {}, clocks=() if new else None), event)


def ask_conditions(work: Work, ticket_id: int) -> None:
    """The ticket has changed: its processes ask the conditions that they wait for. Where one fails, the rest stands."""
    for instance_id in instances.running(work.tx, ticket_id):
        loaded = load_instance(work, instance_id)
        if work.engine.version(loaded.instance["deployment_id"], work.tx).definitions.asks_conditions:
            try_step(work, loaded, FactsChanged())


def try_step(work: Work, loaded: Loaded, event: Event) -> StepResult | StepKept:
    """Take a step that may fail while the rest of the command stands: its incident commits with the rest."""
    before = work.mark()
    try:
        with work.tx.begin_nested():
            return take_step(work, loaded, event)
    except (StepFailed, CorruptState) as failure:
        work.return_to(before)
        return keep(work, loaded, event, failure)
