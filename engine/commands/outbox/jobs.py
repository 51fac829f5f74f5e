"""Jobs: take what is due, and note how it went. Doing it is the handlers' business, outside any transaction.

A job is done at least once: whoever takes it has it for a lease, and is followed by the next attempt when the lease
is over. Mail has commands of its own (`mails`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.announcements import incident_raised
from engine.commands.engine import Engine
from engine.commands.outbox.retries import next_attempt
from engine.commands.stepping import Overtaken, StepKept, Work, take_step, working
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict
from engine.domain.events import JobCompleted, JobFailed
from engine.domain.remedies import Cause
from engine.domain.said import said, shortened
from engine.domain.storable import value_problem
from engine.job_handlers.values import JobValues
from engine.storage import instances, outbox
from engine.storage.operations import incidents
from engine.storage.tables import Job

#: longest problem that is kept
LONGEST_PROBLEM = 2_000


def any_due(engine: Engine) -> bool:
    """Whether a job is due: a cheap look that locks nothing."""
    with engine.database.read() as tx:
        return outbox.any_due(tx, Job, engine.clock())


def take(engine: Engine) -> JobValues | None:
    """The job that is due longest, of any type, for one attempt; None where none is due."""
    now = engine.clock()
    with engine.database.begin() as tx:
        row = outbox.take(tx, Job, now, now + engine.settings.handlers.lease)
    return JobValues(row.id, row.type, row.payload, row.attempts) if row else None


def complete(engine: Engine, job_id: str, result: Mapping[str, Any]) -> None:
    """It was done: the token that waits for it goes on with the result. One that is settled already stays as it is.

    Where the step fails, an incident keeps the result, and the job counts as done all the same.
    """
    if problem := value_problem(dict(result)):
        fail(engine, job_id, said("The result can't be kept: {problem}", problem=problem), permanent=True)
        return
    _settle(engine, "jobs.complete", job_id, "done", "", lambda token: JobCompleted(token, dict(result)))


def report_error(engine: Engine, job_id: str, error: str, problem: str = "") -> None:
    """It came to an end that the diagram may catch: a BPMN error, at once."""
    problem = shortened(problem, LONGEST_PROBLEM)
    _settle(
        engine, "jobs.report_error", job_id, "done", problem, lambda token: JobFailed(token, problem, error),
        error=error,
    )  # fmt: skip


def fail(engine: Engine, job_id: str, problem: str, *, permanent: bool = False, attempt: int | None = None) -> None:
    """The attempt failed: it is tried again later; after the last try (or where `permanent`) it has failed for good.

    Then the token that waits goes to an error boundary event without a code, or stands as an incident.
    `attempt`: the one that failed; if another has been begun since, this changes nothing.
    """
    problem = shortened(problem, LONGEST_PROBLEM)
    with working(engine, SYSTEM, "jobs.fail") as work:
        job = outbox.lock(work.tx, Job, job_id)
        if job is None or job["state"] != "open" or attempt not in (None, job["attempts"]):
            return
        again = None if permanent else next_attempt(engine, job["attempts"], work.now)
        if again:
            outbox.change(work.tx, Job, job_id, {"next_attempt_at": again, "last_error": problem})
        told = {"job": job_id, "attempt": job["attempts"], "problem": problem, "again": again and again.isoformat()}
        where = {"ticket_id": job["ticket_id"], "instance_id": job["instance_id"], "package_id": job["package_id"]}
        work.journal(told, kind="job_failed", element=job["element"], **where)
    if not again:
        _settle(engine, "jobs.fail", job_id, "failed", problem, lambda token: JobFailed(token, problem))


def _settle(engine: Engine, command: str, job_id: str, state: str, problem: str, event: Any, **more: str) -> None:
    """`more` is what the journal keeps beside."""
    try:
        with working(engine, SYSTEM, command) as work:
            loaded = instances.load(work.tx, {"id": job_id}, Job)
            job = loaded.cause if loaded else outbox.lock(work.tx, Job, job_id)
            if job is None or job["state"] != "open":
                return
            close(work, job_id, state, problem)
            if loaded and job["token"] is not None and loaded.instance["ended_at"] is None:
                take_step(work, loaded, event(job["token"]))
            elif state == "failed":
                raise_incident(work, job, problem)
            _tell(work, job, {"state": state, **more})
    except Overtaken:
        raise  # the job stays open, and is done again when its lease is over
    except Conflict as refused:
        # a step that failed stands in its incident, and a token that is gone wants nothing: no repetition mends either
        kept = isinstance(refused, StepKept)
        told = refused.problem if isinstance(refused, StepKept) else str(refused)
        with working(engine, SYSTEM, command) as work:
            close(work, job_id, state if kept else "cancelled", shortened(told, LONGEST_PROBLEM))


def close(work: Work, job_id: str, state: str, problem: str) -> None:
    """It is done, failed for good, or no longer wanted."""
    values = {"state": state, "last_error": problem, "next_attempt_at": None, "finished_at": work.now}
    outbox.change(work.tx, Job, job_id, values)


def _tell(work: Work, job: Mapping[str, Any], how: Mapping[str, str]) -> None:
    where = {"ticket_id": job["ticket_id"], "instance_id": job["instance_id"], "package_id": job["package_id"]}
    work.journal({"job": job["id"], "type": job["type"], **how}, element=job["element"], **where)


def raise_incident(work: Work, job: Mapping[str, Any], problem: str, cause: Cause = "text") -> int:
    """An incident about a job that no token waits for, a mail's; it outlives the instance. Gives its id."""
    where = {"package_id": job["package_id"], "ticket_id": job["ticket_id"]}
    row = {
        "kind": "job", "cause": cause, **where, "instance_id": None, "token": None, "element": job["element"],
        "problem": problem, "event": None, "job_id": job["id"], "mail_id": None, "message_id": None, "state": "open",
        "raised_at": work.now, "raised_by": work.actor.id,
    }  # fmt: skip
    (incident_id,) = incidents.add(work.tx, [row])
    told = {"incident": incident_id, "job": job["id"], "problem": problem}
    work.journal(told, kind="incident_raised", element=job["element"], **where)
    work.announce(incident_raised, incident_id=incident_id, ticket_id=job["ticket_id"], instance_id=None)
    return incident_id
