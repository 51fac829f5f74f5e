"""Jobs and mails of the packages that the reader operates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, false, literal, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import from_json, said
from engine.queries.elements import label_of
from engine.queries.operations.shortening import shortened
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading
from engine.storage.tables import Account, Incident, Instance, Job, Mail, Ticket


@dataclass(frozen=True, slots=True)
class JobView:
    """Something to do outside."""

    id: str
    type: str
    package: str | None
    ticket: int | None
    number: str
    instance: str | None
    element: str
    #: what the element is called on the diagram
    label: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
    #: somebody is doing it until then
    locked_until: datetime | None
    last_error: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail to one address."""

    id: str
    message_id: str
    package: str | None
    ticket: int | None
    number: str
    sender: str
    recipient: str
    #: what the account is called that it goes to
    name: str
    #: its account is one of the demonstration's: it never leaves the machine
    demonstration: bool
    subject: str
    text: str
    html: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
    locked_until: datetime | None
    last_error: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobDetail:
    """A job with what it was asked to do, and the open incident that tells of it."""

    job: JobView
    #: {name: JSON text}, the long ones shortened
    parameters: dict[str, str]
    incident: int | None


def jobs(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: str | None = None,
    package: str | None = None,
    ticket: int | None = None,
) -> Page[JobView]:
    """Jobs, newest first."""
    given = {Job.state: state, Job.package_id: package, Job.ticket_id: ticket}
    with reading(engine, actor) as reader:
        statement = _jobs(reader).where(*_given(given))
        return page(reader.tx, statement, _newest(Job), limit, cursor, lambda row: _job(reader, row))


def job(engine: Source, actor: Actor, job_id: str) -> JobDetail:
    """One job. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        row = reader.tx.execute(_jobs(reader).add_columns(Job.payload).where(Job.id == job_id)).one_or_none()
        if row is None:
            raise NotFound(said("There is no such job."))
        parameters = {name: shortened(value) for name, value in row.payload.items()}
        return JobDetail(_job(reader, row), parameters, _incident_of(reader, row))


def mails(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: str | None = None,
    package: str | None = None,
    ticket: int | None = None,
    texts: bool = True,
) -> Page[MailView]:
    """Mails, newest first; with their texts, or without."""
    given = {Mail.state: state, Mail.package_id: package, Mail.ticket_id: ticket}
    with reading(engine, actor) as reader:
        statement = _mails(reader, texts).where(*_given(given))
        return page(reader.tx, statement, _newest(Mail), limit, cursor, _mail)


def mail(engine: Source, actor: Actor, mail_id: str) -> MailView:
    """One mail. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        row = reader.tx.execute(_mails(reader, texts=True).where(Mail.id == mail_id)).one_or_none()
        if row is None:
            raise NotFound(said("There is no such mail."))
        return _mail(row)


def _given(values: dict[Any, Any]) -> list[Any]:
    return [column == value for column, value in values.items() if value is not None]


def _newest(box: Any) -> Order:
    return Order(box.created_at, box.id, descending=True)


def _jobs(reader: Reader) -> Any:
    columns = (
        Job.id, Job.type, Job.package_id, Job.ticket_id, Ticket.number, Job.instance_id, Job.element, Job.state,
        Job.attempts, Job.next_attempt_at, Job.locked_until, Job.last_error, Job.said, Job.created_at, Job.finished_at,
        Job.token, Instance.deployment_id, Instance.process,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(Ticket, Ticket.id == Job.ticket_id)
        .outerjoin(Instance, Instance.id == Job.instance_id)
        .where(reader.where_may("operate", Job.package_id))
    )


def _job(reader: Reader, row: Row[Any]) -> JobView:
    version = reader.engine.version(row.deployment_id, reader.tx) if row.deployment_id else None
    label = label_of(version, row.element, row.process) if version else row.element
    return JobView(
        row.id, row.type, row.package_id, row.ticket_id, row.number or "", row.instance_id, row.element, label,
        row.state, row.attempts, row.next_attempt_at, row.locked_until, from_json(row.last_error, row.said),
        row.created_at, row.finished_at,
    )  # fmt: skip


def _incident_of(reader: Reader, row: Row[Any]) -> int | None:
    mine = Incident.job_id == row.id
    if row.token is not None:
        mine = (Incident.instance_id == row.instance_id) & (Incident.token == row.token)
    return reader.tx.execute(select(Incident.id).where(mine, Incident.state == "open").limit(1)).scalar()


def _mails(reader: Reader, texts: bool) -> Any:
    """Texts of Iter's own mails, whose links open accounts, stay closed to tokens that can't administer."""
    scopes = reader.actor.scopes
    closed = false() if scopes is None or "admin" in scopes else Mail.package_id.is_(None)
    parts = [
        case((closed, ""), else_=text).label(text.key) if texts else literal("").label(text.key)
        for text in (Mail.text, Mail.html)
    ]
    columns = (
        Mail.id, Mail.message_id, Mail.package_id, Mail.ticket_id, Ticket.number, Mail.sender, Mail.recipient,
        Account.name, Account.demonstration, Mail.subject, *parts, Mail.state, Mail.attempts, Mail.next_attempt_at,
        Mail.locked_until, Mail.last_error, Mail.said, Mail.created_at, Mail.sent_at,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(Ticket, Ticket.id == Mail.ticket_id)
        .outerjoin(Account, Account.id == Mail.account_id)
        .where(reader.where_may("operate", Mail.package_id))
    )


def _mail(row: Row[Any]) -> MailView:
    return MailView(
        row.id, row.message_id, row.package_id, row.ticket_id, row.number or "", row.sender, row.recipient,
        row.name or "", bool(row.demonstration), row.subject, row.text, row.html, row.state, row.attempts,
        row.next_attempt_at, row.locked_until, from_json(row.last_error, row.said), row.created_at, row.sent_at,
    )  # fmt: skip
