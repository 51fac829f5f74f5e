"""Turns a mistake of Iter's own, at a timer, a message or a job, into an incident; so that operators hear of it.

Called after the failing transaction was rolled back. What would bring the same again by itself is stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.announcements import incident_raised
from engine.commands.engine import Engine
from engine.commands.messages import received, receiver
from engine.commands.outbox.jobs import close, raise_incident
from engine.commands.stepping import Fault, StepKept, Work, working
from engine.domain.actors import SYSTEM
from engine.domain.events import JobCompleted, JobFailed, TimerDue
from engine.domain.said import Said, said
from engine.storage import instances, messages, outbox
from engine.storage.instances import Loaded
from engine.storage.operations import incidents
from engine.storage.tables import Job, Timer

#: characters of an exception's text that are kept
LONGEST = 500


def timer_failed(engine: Engine, timer_id: str, error: Exception) -> int | None:
    """A timer can't be fired: its incident's id; None where the timer is gone."""
    try:
        with working(engine, SYSTEM, "timers.fire") as work:
            loaded = instances.load(work.tx, {"id": timer_id}, Timer)
            if loaded is None or loaded.instance["ended_at"] is not None:
                return None
            _fail(work, loaded, TimerDue(loaded.cause["token"]), error)
    except StepKept as kept:
        return kept.incident_id
    return None


def message_failed(engine: Engine, message_id: str, error: Exception) -> int | None:
    """A message can't be delivered: its incident's id; None where it is settled already."""
    try:
        with working(engine, SYSTEM, "messages.deliver") as work:
            message = messages.get(work.tx, message_id)
            if message is None or message["state"] != "waiting":
                return None
            loaded = receiver(work, message)
            if loaded is None:
                return _kept_message(work, message, error)
            known = Loaded(loaded.instance, loaded.ticket, loaded.policy_id, {**loaded.cause, "message_id": message_id})
            _fail(work, known, received(known, message), error)
    except StepKept as kept:
        return kept.incident_id
    return None


def job_failed(
    engine: Engine, job_id: str, error: Exception, event: type[JobCompleted] | type[JobFailed], **given: Any
) -> int | None:
    """What a job gave can't be handed to the process: it is kept, so that nothing is done twice outside."""
    try:
        with working(engine, SYSTEM, "jobs.settle") as work:
            loaded = instances.load(work.tx, {"id": job_id}, Job)
            job = loaded.cause if loaded else outbox.lock(work.tx, Job, job_id)
            if job is None or job["state"] != "open":
                return None
            if loaded is None or job["token"] is None or loaded.instance["ended_at"] is not None:
                close(work, job_id, "failed", _words(error))
                return raise_incident(work, job, _words(error), "fault")
            _fail(work, loaded, event(job["token"], **given), error)
    except StepKept as kept:
        with working(engine, SYSTEM, "jobs.settle") as work:
            close(work, job_id, "done", _words(error))
        return kept.incident_id
    return None


def _fail(work: Work, loaded: Loaded, event: Any, error: Exception) -> None:
    work.attempt = (loaded, event)
    raise Fault(loaded.cause["element"], _words(error), event.token) from error


def _kept_message(work: Work, message: Mapping[str, Any], error: Exception) -> int:
    """Nobody can be told to wait for it: so the message itself stands still."""
    messages.settle(work.tx, message["id"], "failed")
    where = {"package_id": message["package_id"], "ticket_id": message["ticket_id"]}
    row = {
        "kind": "message", "cause": "fault", **where, "instance_id": None, "token": None, "element": "",
        "problem": _words(error), "event": None, "job_id": None, "mail_id": None, "message_id": message["id"],
        "state": "open", "raised_at": work.now, "raised_by": work.actor.id,
    }  # fmt: skip
    (incident_id,) = incidents.add(work.tx, [row])
    work.journal({"incident": incident_id, "problem": _words(error)}, kind="incident_raised", **where)
    work.announce(incident_raised, incident_id=incident_id, ticket_id=message["ticket_id"], instance_id=None)
    return incident_id


def _words(error: Exception) -> Said:
    told = f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST]
    return said("Iter made a mistake of its own ({error}).", error=told)
