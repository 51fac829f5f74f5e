"""Incidents of the packages that the reader operates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Source, reading
from engine.storage.tables import Incident


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Something that failed at an element; `kind` is step, job or mail."""

    id: int
    kind: str
    package: str | None
    ticket: int | None
    instance: str | None
    element: str
    problem: str
    state: str
    raised_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: str | None = "open",
    package: str | None = None,
    ticket: int | None = None,
) -> Page[IncidentView]:
    """Incidents, newest first."""
    given = {Incident.state: state, Incident.package_id: package, Incident.ticket_id: ticket}
    with reading(engine, actor) as reader:
        statement = select(Incident.__table__).where(
            reader.where_may("operate", Incident.package_id),
            *(column == value for column, value in given.items() if value is not None),
        )
        return page(reader.tx, statement, Order(Incident.id, Incident.id, descending=True), limit, cursor, _view)


def one(engine: Source, actor: Actor, incident_id: int) -> IncidentView:
    """One incident. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        statement = select(Incident.__table__).where(
            Incident.id == incident_id, reader.where_may("operate", Incident.package_id)
        )
        row = reader.tx.execute(statement).one_or_none()
        if row is None:
            raise NotFound(said("There is no such incident."))
        return _view(row)


def _view(row: Row[Any]) -> IncidentView:
    return IncidentView(
        row.id, row.kind, row.package_id, row.ticket_id, row.instance_id, row.element, row.problem, row.state,
        row.raised_at, row.resolved_at, row.resolved_by,
    )  # fmt: skip
