"""Timers: which are due, and firing one. The worker calls these; nothing else makes time pass."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from engine.commands.engine import Engine
from engine.commands.stepping import StepKept, Work, load_case, take_step, working
from engine.domain.actors import SYSTEM
from engine.domain.casework import due_of
from engine.domain.effects import Goal
from engine.domain.errors import Conflict, Invalid, StepFailed
from engine.domain.events import TimerDue
from engine.domain.time.dues import due_from_json
from engine.storage import instances, timers
from engine.storage.instances import Loaded
from engine.storage.tables import Timer

#: seconds after which no further timer is fired in the same transaction
LONGEST = 0.2

Outcome = Literal["fired", "rearmed", "gone", "kept"]


def due(engine: Engine, limit: int = 100) -> list[str]:
    """Ids of the timers that are due now, the longest overdue first; what isn't due costs nothing."""
    with engine.database.read() as tx:
        return timers.due(tx, engine.clock(), limit)


def fire(engine: Engine, timer_id: str) -> Outcome:
    """Fire a timer that is due, once: whoever comes second finds it `gone`.

    A timer for a goal is looked at again under the lock, and `rearmed` where its clock says later now (or is paused).
    Where the step fails, the timer is `kept` by an incident and doesn't come again by itself.
    """
    try:
        with working(engine, SYSTEM, "timers.fire") as work:
            loaded = instances.load(work.tx, {"id": timer_id}, Timer)
            return "gone" if loaded is None else _fire(work, loaded)
    except StepKept:
        return "kept"


def fire_together(engine: Engine, timer_ids: Sequence[str]) -> int:
    """Fire timers that are due in one transaction, one of each ticket; how many, those that were rearmed included.

    Those that somebody else is just dealing with are left, and those that it takes too long to come to: others want
    to write too. Where one fails, none has fired: `StepKept` where an incident keeps it. Then they are better fired
    one by one.
    """
    with working(engine, SYSTEM, "timers.fire") as work:
        work.gathers = True
        fired, end = 0, time.monotonic() + LONGEST
        for loaded in instances.load_free(work.tx, Timer, timer_ids):
            _fire(work, loaded)
            fired += 1
            if time.monotonic() > end:
                break
        return fired


def _fire(work: Work, loaded: Loaded) -> Literal["fired", "rearmed"]:
    due_at = _due_at(work, loaded)
    if due_at is None or due_at > work.now:
        timers.postpone(work.tx, loaded.cause["id"], due_at)
        work.attempt = None
        return "rearmed"
    _take(work, loaded)
    return "fired"


def _due_at(work: Work, loaded: Loaded) -> datetime | None:
    timer = loaded.cause
    due = due_from_json(timer["due"])
    if not isinstance(due, Goal) or timer["due_at"] is None or loaded.policy_id is None:
        due_at: datetime | None = timer["due_at"]
        return due_at
    version = loaded.instance["deployment_id"]
    case = load_case(work.engine, work.tx, loaded.ticket, version, loaded.policy_id, loaded.clocks)
    event = TimerDue(timer["token"])
    work.attempt = (loaded, event)
    try:
        return due_of(due, case, work.now)
    except Invalid as error:
        raise StepFailed(timer["element"], str(error), event.token) from error


def _take(work: Work, loaded: Loaded) -> None:
    """A token that doesn't know of its timer is a fault to be told, not one to come across every second."""
    token = loaded.cause["token"]
    work.journal({"timer": loaded.cause["id"], "token": token}, element=loaded.cause["element"], **work.where(loaded))
    try:
        take_step(work, loaded, TimerDue(token))
    except Conflict as error:
        raise StepFailed(loaded.cause["element"], str(error), token) from error
