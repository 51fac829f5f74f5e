"""Jobs and mails of the packages that the reader operates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Source, reading
from engine.storage.tables import Job, Mail


@dataclass(frozen=True, slots=True)
class JobView:
    """Something to do outside."""

    id: str
    type: str
    package: str | None
    ticket: int | None
    instance: str | None
    element: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
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
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
    last_error: str
    created_at: datetime
    sent_at: datetime | None


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
    given = {"state": state, "package_id": package, "ticket_id": ticket}
    return _listed(engine, actor, Job, given, limit, cursor, _job)


def mails(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: str | None = None,
    package: str | None = None,
    ticket: int | None = None,
) -> Page[MailView]:
    """Mails, newest first."""
    given = {"state": state, "package_id": package, "ticket_id": ticket}
    return _listed(engine, actor, Mail, given, limit, cursor, _mail)


def _listed(
    engine: Source, actor: Actor, box: Any, given: dict[str, Any], limit: int, cursor: str | None, make: Any
) -> Page[Any]:
    with reading(engine, actor) as reader:
        conditions = [getattr(box, name) == value for name, value in given.items() if value is not None]
        statement = select(box.__table__).where(reader.where_may("operate", box.package_id), *conditions)
        return page(reader.tx, statement, Order(box.created_at, box.id, descending=True), limit, cursor, make)


def _job(row: Row[Any]) -> JobView:
    return JobView(
        row.id, row.type, row.package_id, row.ticket_id, row.instance_id, row.element, row.state, row.attempts,
        row.next_attempt_at, row.last_error, row.created_at, row.finished_at,
    )  # fmt: skip


def _mail(row: Row[Any]) -> MailView:
    return MailView(
        row.id, row.message_id, row.package_id, row.ticket_id, row.sender, row.recipient, row.subject, row.text,
        row.html, row.state, row.attempts, row.next_attempt_at, row.last_error, row.created_at, row.sent_at,
    )  # fmt: skip
