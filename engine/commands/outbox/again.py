"""Try a job or mail again at once: one that failed for good, or one whose next attempt is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.access import require_operator
from engine.commands.engine import Engine
from engine.commands.stepping import Work, load_instance, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, NotFound
from engine.domain.said import said
from engine.domain.storable import can_be_key
from engine.storage import instances, jobs, outbox
from engine.storage.operations import incidents
from engine.storage.outbox import Outbox
from engine.storage.tables import Incident, Job, Mail

Row = Mapping[str, Any]


def retry_job(engine: Engine, job_id: str, actor: Actor) -> None:
    """Try a job again now; an incident that tells of it is resolved. For who operates the package.

    Raises `NotFound`, `Forbidden`, `Conflict` where it is done, being done, or not waited for any more.
    """
    with working(engine, actor, "jobs.retry") as work:
        job = _find(work, Job, job_id)
        if job["token"] is not None and job["instance_id"]:
            load_instance(work, job["instance_id"])  # the ticket is locked before the job, as in every step
        job = _held(work, Job, job_id)
        if job["state"] == "failed" and job["token"] is not None:
            _wait_again(work, job)
        else:
            send_again(work, Job, job_id)
            _resolve(work, incidents.open_of(work.tx, Incident.job_id, job_id))
        work.journal({"job": job_id, "type": job["type"]}, element=job["element"], **_where(job))


def retry_mail(engine: Engine, mail_id: str, actor: Actor) -> None:
    """Try a mail again now, to its account's present address; its incident is resolved. For who operates the package.

    Raises `NotFound`, `Forbidden`, `Conflict` where it is sent, being sent, or kept for good.
    """
    with working(engine, actor, "mails.retry") as work:
        mail = _find(work, Mail, mail_id)
        _held(work, Mail, mail_id)
        recipient = send_again(work, Mail, mail_id)
        _resolve(work, incidents.open_of(work.tx, Incident.mail_id, mail_id))
        told = {"mail": mail_id, "subject": mail["subject"], "recipient": recipient}
        work.journal({**told, "recipient_before": mail["recipient"]}, **_where(mail, instance=False))


def send_again(work: Work, box: Outbox, entry_id: str) -> str:
    """Let the worker take it now, the attempts counted from the beginning; gives a mail's recipient."""
    values: dict[str, Any] = {"state": "open", "attempts": 0, "next_attempt_at": work.now}
    if box is Job:
        values["finished_at"] = None
    else:
        values["recipient"] = outbox.address_of(work.tx, entry_id)
    outbox.change(work.tx, box, entry_id, values)
    work.wakes = True
    return str(values.get("recipient", ""))


def _wait_again(work: Work, job: Row) -> None:
    """A token waits for it still, and an incident says that it failed; else the process has gone on without it."""
    incident_id = incidents.waiting_for(work.tx, job["instance_id"], job["token"])
    where = (job["instance_id"], job["token"], job["element"])
    if incident_id is None or not jobs.reopen(work.tx, *where, work.now):
        raise Conflict(said("The process doesn't wait for this job any more."))
    _resolve(work, incident_id)
    instances.mend(work.tx, job["instance_id"])
    work.wakes = True


def _find(work: Work, box: Outbox, entry_id: str) -> dict[str, Any]:
    entry = outbox.get(work.tx, box, entry_id) if can_be_key(entry_id) else None
    none = NotFound(said("There is no such job.") if box is Job else said("There is no such mail."))
    if entry is None:
        raise none
    require_operator(work, entry["package_id"], entry["ticket_id"], none)
    return entry


def _held(work: Work, box: Outbox, entry_id: str) -> dict[str, Any]:
    """Locked, and in a state in which trying again means something."""
    entry = outbox.lock(work.tx, box, entry_id) or {}
    if entry.get("state") not in ("open", "failed"):
        raise Conflict(said("It isn't waiting, and hasn't failed: there is nothing to try again."))
    if entry["state"] == "open" and entry["locked_until"] and entry["locked_until"] > work.now:
        raise Conflict(said("It is being tried just now."))
    return entry


def _resolve(work: Work, incident_id: int | None) -> None:
    if incident_id is not None:
        incidents.resolve(work.tx, incident_id, work.now, work.actor.id)


def _where(row: Row, instance: bool = True) -> dict[str, Any]:
    columns = ("ticket_id", "package_id", "instance_id") if instance else ("ticket_id", "package_id")
    return {name: row[name] for name in columns}
