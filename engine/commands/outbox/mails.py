"""Mails: made from a job, one per recipient, then sent one by one. What they say is decided in `mail_texts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.announcements import incident_raised
from engine.commands.engine import Engine
from engine.commands.outbox import jobs
from engine.commands.outbox.mailing import compose
from engine.commands.outbox.retries import next_attempt
from engine.commands.stepping import Work, working
from engine.domain.actors import SYSTEM
from engine.domain.mail_texts.texts import MailFailed
from engine.domain.said import shortened
from engine.job_handlers.smtp import OutgoingMail
from engine.storage import outbox
from engine.storage.operations import incidents
from engine.storage.tables import Job, Mail


@dataclass(frozen=True, slots=True)
class TakenMail:
    """A mail that is to be handed to the server now."""

    id: str
    attempt: int
    mail: OutgoingMail


def prepare(engine: Engine, job_id: str) -> None:
    """Turn a job of type `mail` into one mail for each recipient, texts and all, in one transaction.

    Mails that can't be sent (no server configured, demonstration) are kept. A text that can't be written is an
    incident: it would fail alike the next time.
    """
    try:
        with working(engine, SYSTEM, "mails.prepare") as work:
            job = outbox.lock(work.tx, Job, job_id)
            if job is None or job["state"] != "open":
                return
            rows = compose(work, job)
            outbox.add_mails(work.tx, rows)
            done = {"state": "done", "next_attempt_at": None, "finished_at": work.now, "last_error": ""}
            outbox.change(work.tx, Job, job_id, done)
            for row in rows:
                _tell(work, row, "mail_prepared", job["element"], state=row["state"])
            work.wakes = bool(rows)
    except MailFailed as error:
        jobs.fail(engine, job_id, str(error), permanent=True)


def any_due(engine: Engine) -> bool:
    """Whether a mail is due: a cheap look that locks nothing."""
    with engine.database.read() as tx:
        return outbox.any_due(tx, Mail, engine.clock())


def take(engine: Engine) -> TakenMail | None:
    """The mail that is due longest, for one attempt; None where none is due."""
    now = engine.clock()
    with engine.database.begin() as tx:
        row = outbox.take(tx, Mail, now, now + engine.settings.handlers.lease)
    if row is None:
        return None
    mail = OutgoingMail(
        message_id=row.message_id, sender=row.sender, to_name="", to_address=row.recipient,
        subject=row.subject, text=row.text, html=row.html, date=row.created_at,
    )  # fmt: skip
    return TakenMail(row.id, row.attempts, mail)


def sent(engine: Engine, mail_id: str) -> None:
    """The server has taken it over."""
    with working(engine, SYSTEM, "mails.sent") as work:
        row = outbox.lock(work.tx, Mail, mail_id)
        if row is None or row["state"] == "sent":
            return
        values = {"state": "sent", "sent_at": work.now, "next_attempt_at": None, "last_error": ""}
        if row["package_id"] is None:  # its link opens an account: whoever got it has it, and nobody else needs it
            values |= {"text": "", "html": ""}
        outbox.change(work.tx, Mail, mail_id, values)
        _tell(work, row, "mail_sent", "")


def keep(engine: Engine, mail_id: str) -> None:
    """There is no server to hand it to (any more): it stays here, and is no incident."""
    with working(engine, SYSTEM, "mails.keep") as work:
        row = outbox.lock(work.tx, Mail, mail_id)
        if row is not None and row["state"] == "open":
            outbox.change(work.tx, Mail, mail_id, {"state": "kept", "next_attempt_at": None})
            _tell(work, row, "mail_kept", "")


def fail(engine: Engine, mail_id: str, problem: str, *, permanent: bool, attempt: int) -> None:
    """The attempt failed: it is tried again later; after the last try, or where refused for good, it is an incident."""
    problem = shortened(problem, jobs.LONGEST_PROBLEM)
    with working(engine, SYSTEM, "mails.fail") as work:
        row = outbox.lock(work.tx, Mail, mail_id)
        if row is None or row["state"] != "open" or row["attempts"] != attempt:
            return
        again = None if permanent else next_attempt(engine, row["attempts"], work.now)
        values = {"last_error": problem, "next_attempt_at": again, "state": "open" if again else "failed"}
        outbox.change(work.tx, Mail, mail_id, values)
        _tell(work, row, "mail_failed", "", problem=problem, attempt=attempt)
        if not again:
            _raise_incident(work, row, problem)


def _raise_incident(work: Work, mail: Mapping[str, Any], problem: str) -> None:
    where = {"package_id": mail["package_id"], "ticket_id": mail["ticket_id"]}
    row = {
        "kind": "mail", "cause": "mail", **where, "instance_id": None, "token": None, "element": "", "problem": problem,
        "event": None, "job_id": None, "mail_id": mail["id"], "message_id": None, "state": "open",
        "raised_at": work.now, "raised_by": work.actor.id,
    }  # fmt: skip
    (incident_id,) = incidents.add(work.tx, [row])
    work.journal({"incident": incident_id, "mail": mail["id"], "problem": problem}, kind="incident_raised", **where)
    work.announce(incident_raised, incident_id=incident_id, ticket_id=mail["ticket_id"], instance_id=None)


def _tell(work: Work, mail: Mapping[str, Any], kind: str, element: str, **more: Any) -> None:
    told = {"mail": mail["id"], "recipient": mail["recipient"], "subject": mail["subject"], **more}
    work.journal(told, kind=kind, element=element, ticket_id=mail["ticket_id"], package_id=mail["package_id"])
