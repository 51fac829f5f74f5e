"""What is left when a step fails: an incident with the event, so that a retry can apply it again."""

from __future__ import annotations

from engine.commands.announcements import incident_raised
from engine.commands.stepping.work import Work
from engine.domain import events
from engine.domain.errors import Conflict, CorruptState, StepFailed
from engine.domain.events import Event, JobFailed, MessageReceived, SignalReceived, Started, TimerDue
from engine.domain.remedies import Cause
from engine.domain.said import said
from engine.storage import instances, messages, timers
from engine.storage.instances import Loaded
from engine.storage.operations import incidents


class StepKept(Conflict):
    """A step could not be taken; the instance stands as before, and an incident keeps what was to happen."""

    code = "step-failed"

    def __init__(self, problem: str, incident_id: int) -> None:
        super().__init__(
            said(
                "The process could not go on: {problem} Nothing was lost: incident {incident_id} "
                "keeps what was given, and it can be tried again when the cause is mended.",
                problem=problem,
                incident_id=incident_id,
            )
        )
        self.problem = problem
        self.incident_id = incident_id


class Fault(StepFailed):
    """Iter itself made a mistake where it should have taken a step; what was to be done is kept all the same."""


class Overtaken(Conflict):
    """A step failed on an instance that has gone on since: whether it would fail again, only another try tells."""


def record_failure(work: Work, failure: StepFailed | CorruptState) -> StepKept:
    """Record the failure of `work.attempt` in a transaction of its own, after that of the step was rolled back."""
    if work.attempt is None:
        raise failure
    loaded, event = work.attempt
    with work.engine.database.begin() as tx:
        after = Work(work.engine, tx, work.actor, work.command, work.now)
        kept = keep(after, loaded, event, failure)
        after.finish()
    return kept


def keep(work: Work, loaded: Loaded, event: Event, failure: StepFailed | CorruptState) -> StepKept:
    """Write the incident, and stop what would bring the event again by itself.

    Raises `Overtaken` where the instance went on between the failed step's rollback and now: nothing is written then.
    """
    instance = loaded.instance
    if not instances.trouble(work.tx, instance["id"], instance["revision"]):
        raise Overtaken(said("The process has gone on meanwhile."))
    token = None if isinstance(event, Started) else getattr(event, "token", None)
    element = failure.element if isinstance(failure, StepFailed) else ""
    where = {"ticket_id": instance["ticket_id"], "instance_id": instance["id"]}
    values = {
        "kind": "step", "cause": _cause(failure, event), "package_id": instance["package_id"], **where, "token": token,
        "element": element,
        "problem": _problem(failure), "event": events.to_json(event), "message_id": _message_id(loaded, event),
        "job_id": None, "mail_id": None, "state": "open", "raised_at": work.now, "raised_by": work.actor.id,
    }  # fmt: skip
    incident_id = incidents.put(work.tx, values)
    if isinstance(event, TimerDue):
        timers.hold(work.tx, instance["id"], event.token)
    if values["message_id"]:
        messages.settle(work.tx, values["message_id"], "failed")
    told = {"incident": incident_id, "problem": values["problem"], "event": values["event"]}
    work.journal(told, kind="incident_raised", element=element, package_id=instance["package_id"], **where)
    work.announce(incident_raised, incident_id=incident_id, **where)
    return StepKept(_problem(failure), incident_id)


def _cause(failure: StepFailed | CorruptState, event: Event) -> Cause:
    if isinstance(failure, CorruptState):
        return "state"
    if isinstance(failure, Fault):
        return "fault"
    return "job" if isinstance(event, JobFailed) and failure.token == event.token else "diagram"


def _problem(failure: StepFailed | CorruptState) -> str:
    return failure.problem if isinstance(failure, StepFailed) else str(failure)


def _message_id(loaded: Loaded, event: Event) -> str | None:
    return loaded.cause.get("message_id") if isinstance(event, MessageReceived | SignalReceived) else None
