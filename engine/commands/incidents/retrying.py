"""Try again what failed: a step with the event that was kept, a job, a mail, a message; one, or many one by one."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.commands.engine import Engine
from engine.commands.incidents.finding import open_incident, where
from engine.commands.instances.variables import checked_variables, values_before
from engine.commands.outbox.again import send_again
from engine.commands.stepping import Work, take_step, working
from engine.domain import events
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Invalid, IterError
from engine.domain.events import GIVEN, Event, JobFailed, VariablesSet
from engine.domain.said import said
from engine.domain.storable import check_values
from engine.storage import instances, jobs, messages
from engine.storage.instances import Loaded
from engine.storage.operations import incidents
from engine.storage.tables import Job, Mail

#: seconds after which trying many stops, and says what is left
PATIENCE = 8.0

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Retried:
    """How it went with many: ids of those that went on, {id: why} of those that failed again, ids not tried yet."""

    done: tuple[int, ...] = ()
    failed: Mapping[int, str] = field(default_factory=dict)
    left: tuple[int, ...] = ()


def retry(
    engine: Engine,
    incident_id: int,
    actor: Actor,
    variables: Values | None = None,
    instance_variables: Values | None = None,
) -> None:
    """Try again what failed: a step with the event that was kept, a job, a mail. It is then resolved.

    `variables` take the place of values that the event brought; `instance_variables` are written into the process
    before, where the incident's token sees them. For who operates the package. Raises `NotFound`, `Forbidden`,
    `Invalid`, `Conflict` where it is resolved, `StepKept` where it fails again: then nothing was changed.
    """
    given, written = check_values(variables or {}), checked_variables(instance_variables or {})
    with working(engine, actor, "incidents.retry") as work:
        incident, loaded = open_incident(work, incident_id)
        told = {"incident": incident_id, **_changed(work, incident, loaded, given, written)}
        work.journal(told, **where(incident))
        _again(work, incident, loaded, given, written)
        incidents.resolve(work.tx, incident_id, work.now, actor.id)
        if incident["instance_id"]:
            instances.mend(work.tx, incident["instance_id"])


def retry_each(engine: Engine, incident_ids: Sequence[int], actor: Actor, patience: float = PATIENCE) -> Retried:
    """Try several again, each in a transaction of its own; what takes longer than `patience` seconds is left."""
    end = time.monotonic() + patience
    done: list[int] = []
    failed: dict[int, str] = {}
    for number, incident_id in enumerate(incident_ids):
        if time.monotonic() > end:
            return Retried(tuple(done), failed, tuple(incident_ids[number:]))
        try:
            retry(engine, incident_id, actor)
            done.append(incident_id)
        except IterError as error:
            failed[incident_id] = str(error)
    return Retried(tuple(done), failed)


def _changed(work: Work, incident: Values, loaded: Loaded | None, given: Values, written: Values) -> dict[str, Any]:
    """For the journal: new and old values of what is changed before the retry."""
    told: dict[str, Any] = {"variables": given}
    if given and incident["event"]:
        part = GIVEN.get(incident["event"]["kind"], "")
        told["variables_before"] = {name: incident["event"].get(part, {}).get(name) for name in given}
    if written and loaded and incident["token"]:
        told["instance_variables"] = written
        told["instance_variables_before"] = values_before(work, loaded, incident["token"], written)
    return told


def _again(work: Work, incident: Values, loaded: Loaded | None, given: Values, written: Values) -> None:
    if incident["event"] is not None and loaded is not None:
        _step(work, incident, loaded, given, written)
    elif given or written:
        raise _takes_none((*given, *written))
    elif incident["job_id"]:
        send_again(work, Job, incident["job_id"])
    elif incident["mail_id"]:
        send_again(work, Mail, incident["mail_id"])
    elif incident["message_id"]:
        messages.settle(work.tx, incident["message_id"], "waiting", work.now)
        work.wakes = True
    else:
        raise Conflict(said("This incident has nothing that could be tried again."))


def _step(work: Work, incident: Values, loaded: Loaded, given: Values, written: Values) -> None:
    event = _event(incident["event"], given)
    if isinstance(event, JobFailed) and jobs.reopen(
        work.tx, incident["instance_id"], event.token, incident["element"], work.now
    ):
        if written:
            take_step(work, loaded, VariablesSet(event.token, written))
        work.wakes = True
        return
    if written and not incident["token"]:
        told = said("The process hasn't begun: change what it begins with.")
        raise Invalid(told, {name: [told] for name in written})
    take_step(work, loaded, event, VariablesSet(incident["token"], written) if written else None)
    if incident["message_id"]:
        messages.settle(work.tx, incident["message_id"], "delivered")


def _event(stored: Values, given: Values) -> Event:
    if not given:
        return events.from_json(stored)
    part = GIVEN.get(stored["kind"])
    if part is None:
        raise _takes_none(given)
    return events.from_json({**stored, part: {**stored[part], **given}})


def _takes_none(names: Sequence[str] | Values) -> Invalid:
    return Invalid(said("What failed here takes no variables."), {name: [said("Not taken here.")] for name in names})
