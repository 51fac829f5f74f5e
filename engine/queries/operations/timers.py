"""Timers that tokens wait for, of the packages that the reader operates: when they are due, and which are overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, select

from engine.domain.actors import Actor
from engine.domain.packages import goal_label
from engine.queries.elements import label_of
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading, reading_language
from engine.storage.tables import Incident, Instance, Ticket, Timer

#: a timer that is due for longer wasn't fired in time
LATE = timedelta(seconds=30)
#: `due`: with a time; `overdue`: that time has passed; `standing`: its clock is paused, or an incident holds it
Which = Literal["due", "overdue", "standing"]


@dataclass(frozen=True, slots=True)
class TimerView:
    """A timer."""

    id: str
    package: str
    ticket: int
    number: str
    subject: str
    instance: str
    element: str
    #: what the element is called on the diagram
    label: str
    #: goal whose clock says when it is due, empty for the others
    goal: str
    #: what the goal is called
    goal_name: str
    #: deadline | warning, of a goal's timer
    mark: str
    #: None while it stands
    due_at: datetime | None
    #: it should have been fired by now
    late: bool
    #: the open incident that holds it
    incident: int | None


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    which: Which = "due",
    package: str | None = None,
    ticket: int | None = None,
    goal: str | None = None,
) -> Page[TimerView]:
    """Timers, the one that is due first first; those that stand by their ids. Raises `Invalid` for a strange cursor."""
    now = engine.clock()
    given = {Ticket.package_id: package, Timer.ticket_id: ticket, Timer.goal: goal}
    with reading(engine, actor) as reader:
        conditions = [column == value for column, value in given.items() if value is not None]
        statement = _selected(reader).where(_fitting(which, now), *conditions)
        order = Order(Timer.id, Timer.id) if which == "standing" else Order(Timer.due_at, Timer.id)
        return page(reader.tx, statement, order, limit, cursor, lambda row: _view(reader, row, now))


def overdue(now: datetime) -> ColumnElement[bool]:
    """Timers that should have been fired by now."""
    return Timer.due_at <= now - LATE


def _fitting(which: Which, now: datetime) -> ColumnElement[bool]:
    if which == "overdue":
        return Timer.due_at <= now
    return Timer.due_at.is_(None) if which == "standing" else Timer.due_at.is_not(None)


def _selected(reader: Reader) -> Any:
    held = (
        select(Incident.id)
        .where(Incident.instance_id == Timer.instance_id, Incident.token == Timer.token, Incident.state == "open")
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Timer.id, Ticket.package_id, Timer.ticket_id, Ticket.number, Ticket.subject, Timer.instance_id,
            Timer.element, Timer.goal, Timer.mark, Timer.due_at, held.label("incident"), Instance.deployment_id,
            Instance.process,
        )
        .join(Ticket, Ticket.id == Timer.ticket_id)
        .join(Instance, Instance.id == Timer.instance_id)
        .where(reader.where_may("operate", Ticket.package_id))
    )  # fmt: skip


def _view(reader: Reader, row: Row[Any], now: datetime) -> TimerView:
    version = reader.engine.version(row.deployment_id, reader.tx)
    named = goal_label(version.package, row.goal, reading_language()) if row.goal else ""
    return TimerView(
        row.id, row.package_id, row.ticket_id, row.number, row.subject, row.instance_id, row.element,
        label_of(version, row.element, row.process), row.goal, named, row.mark, row.due_at,
        row.due_at is not None and row.due_at <= now - LATE, row.incident,
    )  # fmt: skip
