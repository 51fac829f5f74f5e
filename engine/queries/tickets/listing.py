"""Tickets as a reader may see them: lists, and one with its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import aliased

from engine.domain.actors import Actor
from engine.domain.casework import Case
from engine.domain.clocks import Clock as RunningClock
from engine.domain.errors import Invalid, NotFound
from engine.domain.packages import Package
from engine.domain.said import said
from engine.queries.paging import Order, Page, escaped, order_of, page
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import shown_fields, visible_tickets
from engine.storage.tables import Account, Clock, Company, Policy, Ticket
from engine.storage.tables import Package as PackageRow

ORDERS = {
    "changed_at": Order(Ticket.changed_at, Ticket.id),
    "opened_at": Order(Ticket.opened_at, Ticket.id),
    "number": Order(Ticket.number, Ticket.id),
}
#: filter → column
FILTERS = {
    "package": Ticket.package_id, "status": Ticket.status, "request_type": Ticket.request_type,
    "category": Ticket.category, "department": Ticket.department, "assignee": Ticket.assignee_id,
    "requester": Ticket.requester_id, "company": Ticket.company_id,
}  # fmt: skip
TURNS: dict[str, Literal["staff", "customer", "nobody"]] = {
    "waiting_us": "staff", "open": "staff", "waiting_customer": "customer", "closed": "nobody", "cancelled": "nobody",
}  # fmt: skip
_Assignee, _Requester = aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True)
class TicketClock:
    """A goal's clock; `deadline` is that of a running one, or the one that a stopped one was judged by.

    `met`: what was promised was done in time (True) or late (False); None while it runs, and where it was given up.
    """

    goal: str
    started_at: datetime
    deadline: datetime | None
    warning_at: datetime | None
    paused_since: datetime | None
    stopped_at: datetime | None
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket. `fields` are those that the reader may see; `turn` says from whom the next move is expected."""

    id: int
    package: str
    number: str
    subject: str
    text: str
    status: str
    status_kind: str
    turn: Literal["staff", "customer", "nobody"]
    request_type: str
    category: str
    department: str
    step: str
    assignee: int | None
    assignee_name: str
    requester: int | None
    requester_name: str
    company: int | None
    company_name: str
    fields: dict[str, Any]
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    #: the earliest deadline of a clock that runs, and its goal
    deadline: datetime | None
    deadline_goal: str
    #: only of a ticket read alone
    clocks: list[TicketClock]


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    sort: str = "-changed_at",
    text: str | None = None,
    **filters: Any,
) -> Page[TicketView]:
    """The tickets that the actor sees. `filters`: see `FILTERS`; `text`: part of the number or subject.

    Raises `Invalid` for an unknown order, filter or cursor.
    """
    with reading(engine, actor) as reader:
        statement = _selected().where(visible_tickets(reader), *_conditions(text, filters))
        return page(reader.tx, statement, order_of(ORDERS, sort), limit, cursor, lambda row: _view(reader, row))


def one(engine: Source, actor: Actor, ticket_id: int) -> TicketView:
    """A ticket with its clocks. Raises `NotFound` where it doesn't exist or isn't visible."""
    with reading(engine, actor) as reader:
        row = reader.tx.execute(_selected().where(Ticket.id == ticket_id, visible_tickets(reader))).one_or_none()
        if row is None:
            raise NotFound(said("There is no such ticket."))
        return _view(reader, row, _clocks(reader, row))


def _selected() -> Select[Any]:
    running = (Clock.ticket_id == Ticket.id, Clock.stopped_at.is_(None), Clock.deadline_at.is_not(None))
    first = select(Clock.deadline_at).where(*running).order_by(Clock.deadline_at, Clock.goal).limit(1)
    goal = select(Clock.goal).where(*running).order_by(Clock.deadline_at, Clock.goal).limit(1)
    return (
        select(
            Ticket.__table__,
            _Assignee.name.label("assignee_name"),
            _Requester.name.label("requester_name"),
            Company.name.label("company_name"),
            first.scalar_subquery().label("deadline"),
            goal.scalar_subquery().label("deadline_goal"),
        )
        .select_from(Ticket)
        .outerjoin(_Assignee, _Assignee.id == Ticket.assignee_id)
        .outerjoin(_Requester, _Requester.id == Ticket.requester_id)
        .outerjoin(Company, Company.id == Ticket.company_id)
    )


def _conditions(text: str | None, filters: dict[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name, value in filters.items():
        if name not in FILTERS:
            raise Invalid(
                said("There is no such filter."), {name: [said("Use some of: {names}.", names=list(FILTERS))]}
            )
        if value is not None:
            yield FILTERS[name] == value
    if text:
        like = escaped(text)
        yield or_(Ticket.subject.ilike(like, escape="\\"), Ticket.number.ilike(like, escape="\\"))


def _view(reader: Reader, row: Row[Any], clocks: list[TicketClock] | None = None) -> TicketView:
    package = reader.engine.version(row.deployment_id, reader.tx).package
    kind = package.statuses[row.status].kind if row.status in package.statuses else ""
    return TicketView(
        id=row.id, package=row.package_id, number=row.number, subject=row.subject, text=row.text,
        status=row.status, status_kind=kind, turn=TURNS.get(kind, "nobody"), request_type=row.request_type,
        category=row.category, department=row.department, step=row.step, assignee=row.assignee_id,
        assignee_name=row.assignee_name or "", requester=row.requester_id, requester_name=row.requester_name or "",
        company=row.company_id, company_name=row.company_name or "",
        fields=shown_fields(reader.actor, package, row.fields), opened_at=row.opened_at, changed_at=row.changed_at,
        closed_at=row.closed_at, deadline=row.deadline, deadline_goal=row.deadline_goal or "", clocks=clocks or [],
    )  # fmt: skip


def _in_time(clock: Row[Any]) -> bool | None:
    return clock.stopped_at <= clock.deadline_at if clock.met and clock.deadline_at else None


def _clocks(reader: Reader, row: Row[Any]) -> list[TicketClock]:
    rows = reader.tx.execute(select(Clock.__table__).where(Clock.ticket_id == row.id).order_by(Clock.goal)).all()
    running = [RunningClock.from_json(clock.content) for clock in rows]
    warnings = _warnings(reader, row, running) if any(clock.row.warning for clock in running) else {}
    return [
        TicketClock(
            goal=stored.goal, started_at=clock.started_at, deadline=stored.deadline_at,
            warning_at=warnings.get(stored.goal), paused_since=stored.paused_since, stopped_at=stored.stopped_at,
            met=_in_time(stored),
        )
        for stored, clock in zip(rows, running, strict=True)
    ]  # fmt: skip


def _warnings(reader: Reader, row: Row[Any], running: list[RunningClock]) -> dict[str, datetime | None]:
    """When each clock warns, in the calendars of the policy that it was started under."""
    current = (
        select(Policy.id).join(PackageRow, PackageRow.policy_id == Policy.id).where(PackageRow.id == row.package_id)
    )
    policy_id = reader.tx.execute(current).scalar_one()
    package: Package = reader.engine.version(row.deployment_id, reader.tx).package
    policy = reader.engine.policy(policy_id, reader.tx)
    numbers = {clock.policy_version for clock in running if clock.running} - {policy.version}
    earlier = {number: reader.engine.policy_version(row.package_id, number, reader.tx) for number in numbers}
    case = Case(package, policy, {**row.fields, "status": row.status}, earlier_policies=earlier)
    return {clock.goal: clock.warning_at(case.calendars_of(clock), case.ticket) for clock in running}
