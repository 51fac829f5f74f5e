"""Incidents of the packages that the reader operates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import from_json, said
from engine.queries.elements import label_of, process_name
from engine.queries.operations.counting import Count, count
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading
from engine.storage.tables import Incident, Instance, Ticket


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Something that failed at an element; `kind` is step, job, mail or message; `cause` as in `domain.remedies`."""

    id: int
    kind: str
    cause: str
    package: str | None
    ticket: int | None
    number: str
    subject: str
    instance: str | None
    #: what the process is called, empty where the incident has none
    process: str
    element: str
    #: what the element is called on the diagram
    label: str
    problem: str
    #: how often it was tried in vain
    tries: int
    state: str
    raised_at: datetime
    failed_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None
    #: why it was resolved without another try
    reason: str


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: str | None = "open",
    package: str | None = None,
    ticket: int | None = None,
    cause: str | None = None,
) -> Page[IncidentView]:
    """Incidents, newest first."""
    given = {
        Incident.state: state, Incident.package_id: package, Incident.ticket_id: ticket, Incident.cause: cause,
    }  # fmt: skip
    with reading(engine, actor) as reader:
        conditions = [column == value for column, value in given.items() if value is not None]
        statement = selected(reader, conditions)
        order = Order(Incident.id, Incident.id, descending=True)
        return page(reader.tx, statement, order, limit, cursor, lambda row: view(reader, row))


def one(engine: Source, actor: Actor, incident_id: int) -> IncidentView:
    """One incident. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        return view(reader, row_of(reader, incident_id))


def open_ones(
    engine: Source, actor: Actor, *, package: str | None = None, cause: str | None = None, limit: int = 500
) -> list[int]:
    """Ids of open incidents, the oldest first: those to be tried again together."""
    with reading(engine, actor) as reader:
        given = {Incident.package_id: package, Incident.cause: cause}
        statement = select(Incident.id).where(
            Incident.state == "open",
            reader.where_may("operate", Incident.package_id),
            *(column == value for column, value in given.items() if value is not None),
        )
        return list(reader.tx.execute(statement.order_by(Incident.id).limit(limit)).scalars())


def by_cause(engine: Source, actor: Actor) -> dict[str, Count]:
    """How many open incidents there are of each cause, counted up to a limit."""
    with reading(engine, actor) as reader:
        mine = (Incident.state == "open", reader.where_may("operate", Incident.package_id))
        return count(reader.tx, {cause: select(Incident.id).where(*mine, Incident.cause == cause) for cause in CAUSES})


CAUSES = ("diagram", "job", "mail", "text", "state", "fault")


def selected(reader: Reader, conditions: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """The incidents that the reader operates, with what is shown of their tickets and instances."""
    return (
        select(Incident.__table__, Ticket.number, Ticket.subject, Instance.process, Instance.deployment_id)
        .outerjoin(Ticket, Ticket.id == Incident.ticket_id)
        .outerjoin(Instance, Instance.id == Incident.instance_id)
        .where(reader.where_may("operate", Incident.package_id), *conditions)
    )


def row_of(reader: Reader, incident_id: int) -> Row[Any]:
    """One incident's row. Raises `NotFound`."""
    row = reader.tx.execute(selected(reader, [Incident.id == incident_id])).one_or_none()
    if row is None:
        raise NotFound(said("There is no such incident."))
    return row


def view(reader: Reader, row: Row[Any]) -> IncidentView:
    """What is shown of a row of `selected`."""
    version = reader.engine.version(row.deployment_id, reader.tx) if row.deployment_id else None
    return IncidentView(
        row.id, row.kind, row.cause, row.package_id, row.ticket_id, row.number or "", row.subject or "",
        row.instance_id, process_name(version, row.process) if version else "", row.element,
        label_of(version, row.element, row.process) if version else row.element, from_json(row.problem, row.said),
        row.tries, row.state, row.raised_at, row.failed_at or row.raised_at, row.resolved_at, row.resolved_by,
        row.reason,
    )  # fmt: skip
