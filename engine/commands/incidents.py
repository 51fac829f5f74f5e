"""Incidents: try again what failed. Raising one is the business of whatever failed (`stepping.failures`, `jobs`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.engine import Engine
from engine.commands.stepping import Work, load_instance, take_step, working
from engine.domain import events
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.domain.events import Event, JobFailed
from engine.domain.storable import can_be_id, check_values
from engine.storage import incidents, jobs, messages, outbox, packages
from engine.storage.tables import Job, Mail

#: which part of an event a retry may give other values for
_GIVEN = {"started": "variables", "user_task_completed": "data", "message_received": "data", "job_completed": "result"}


def retry(engine: Engine, incident_id: int, actor: Actor, variables: Mapping[str, Any] | None = None) -> None:
    """Try again what failed: a step with the event that was kept, a job, a mail. It is then resolved.

    `variables`: values that take the place of those that the event brought. For who operates the package. Raises
    `NotFound`, `Forbidden`, `Invalid`, `Conflict` where it is resolved, `StepKept` where it fails again.
    """
    given = check_values(variables or {})
    with working(engine, actor, "incidents.retry") as work:
        incident = _open(work, incident_id)
        told = {"incident": incident_id, "variables": given}
        where = {name: incident[name] for name in ("ticket_id", "instance_id", "package_id")}
        work.journal(told, element=incident["element"], **where)
        if incident["event"] is not None:
            _step(work, incident, given)
        elif incident["job_id"] or incident["mail_id"]:
            _send_again(work, incident)
        else:
            raise Conflict("This incident has nothing that could be tried again.")
        incidents.resolve(work.tx, incident_id, work.now, actor.id)


def _open(work: Work, incident_id: int) -> dict[str, Any]:
    incident = incidents.get(work.tx, incident_id) if can_be_id(incident_id) else None
    if incident is None:
        raise _no_incident()
    if not work.actor.administrator:
        package_id = incident["package_id"]
        found = packages.current(work.tx, package_id) if package_id else None
        package = work.engine.version(found.deployment_id, work.tx).package if found else None
        if package is None or not work.actor.roles(package):
            raise _no_incident()
        if not work.actor.may("operate", package):
            raise Forbidden("Your roles don't allow you to operate this package.")
    if incident["state"] != "open":
        raise Conflict("The incident is resolved already.")
    return incident


def _no_incident() -> NotFound:
    return NotFound("There is no such incident.")


def _step(work: Work, incident: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    event = _event(incident["event"], given)
    if isinstance(event, JobFailed) and jobs.reopen(
        work.tx, incident["instance_id"], event.token, incident["element"], work.now
    ):
        work.wakes = True
        return
    take_step(work, load_instance(work, incident["instance_id"]), event)
    if incident["message_id"]:
        messages.settle(work.tx, incident["message_id"], "delivered")


def _event(stored: Mapping[str, Any], given: Mapping[str, Any]) -> Event:
    if not given:
        return events.from_json(stored)
    part = _GIVEN.get(stored["kind"])
    if part is None:
        raise Invalid("What failed here takes no variables.", {name: ["Not taken here."] for name in given})
    return events.from_json({**stored, part: {**stored[part], **given}})


def _send_again(work: Work, incident: Mapping[str, Any]) -> None:
    box, entry_id = (Job, incident["job_id"]) if incident["job_id"] else (Mail, incident["mail_id"])
    values = {"state": "open", "attempts": 0, "next_attempt_at": work.now}
    outbox.change(work.tx, box, entry_id, values)
    work.wakes = True
