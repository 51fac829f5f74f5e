"""Jobs and mails: what is to be done outside, was done, or failed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands.outbox.again import retry_job, retry_mail
from engine.queries.operations import outbox as reads
from web.api.paging import PageQuery
from web.http.operations import Call, Output, Routes
from web.http.paths import Id
from web.http.told import Told

routes = Routes("outbox")

Key = Annotated[str, Field(max_length=100)]


class Job(Output):
    """Something to do outside."""

    id: str
    type: str
    package: str | None
    ticket: int | None
    instance: str | None
    element: str
    state: Literal["open", "done", "failed", "cancelled"]
    attempts: int
    next_attempt_at: datetime | None
    locked_until: datetime | None
    last_error: Told
    created_at: datetime
    finished_at: datetime | None


class Jobs(Output):
    """A page of jobs, newest first."""

    items: list[Job]
    next: str | None


class Mail(Output):
    """One mail to one address; `kept` where no server is configured."""

    id: str
    message_id: str
    package: str | None
    ticket: int | None
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    state: Literal["open", "sent", "kept", "failed"]
    attempts: int
    next_attempt_at: datetime | None
    last_error: Told
    created_at: datetime
    sent_at: datetime | None


class Mails(Output):
    """A page of mails, newest first."""

    items: list[Mail]
    next: str | None


class JobsQuery(PageQuery):
    """Which jobs."""

    state: Literal["open", "done", "failed", "cancelled"] | None = None
    package: Key | None = None
    ticket: Id | None = None


class MailsQuery(PageQuery):
    """Which mails."""

    state: Literal["open", "sent", "kept", "failed"] | None = None
    package: Key | None = None
    ticket: Id | None = None


@routes.add("GET", "/jobs", scope="read", query=JobsQuery, gives=Jobs)
def list_jobs(call: Call, query: JobsQuery) -> Any:
    """List the jobs of the packages that one operates."""
    return reads.jobs(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/mails", scope="read", query=MailsQuery, gives=Mails)
def list_mails(call: Call, query: MailsQuery) -> Any:
    """List the mails of the packages that one operates."""
    return reads.mails(call.engine, call.actor, **query.model_dump())


@routes.add("POST", "/jobs/<key:job>/retry", scope="admin", gives=Job)
def retry_a_job(call: Call, job: str) -> Any:
    """Try a job again now: one that failed, or one whose next attempt is still to come."""
    retry_job(call.engine, job, call.actor)
    return reads.job(call.engine, call.actor, job).job


@routes.add("GET", "/mails/<key:mail>", scope="read", gives=Mail)
def read_mail(call: Call, mail: str) -> Any:
    """Read a mail."""
    return reads.mail(call.engine, call.actor, mail)


@routes.add("POST", "/mails/<key:mail>/retry", scope="admin", gives=Mail)
def retry_a_mail(call: Call, mail: str) -> Any:
    """Send a mail again now, to its account's present address."""
    retry_mail(call.engine, mail, call.actor)
    return reads.mail(call.engine, call.actor, mail)
