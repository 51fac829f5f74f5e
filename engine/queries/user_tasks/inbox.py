"""The inbox: open user tasks of a box in the order of their deadlines. Each page is one statement led by an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select, union
from sqlalchemy.orm import aliased

from engine.domain.actors import Actor
from engine.queries.paging import Order, Page, after, escaped, page
from engine.queries.reading import Reader, Source, reading
from engine.queries.user_tasks.listing import deadline_of
from engine.queries.visibility import deciding, mine, visible_user_tasks
from engine.storage.tables import Account, Company, Ticket, UserTask, UserTaskGroup

#: what somebody has, what they may take, and all user tasks of the tickets that they see
Box = Literal["mine", "claimable", "all"]
BOXES: tuple[Box, ...] = get_args(Box)
#: more than so many aren't counted
CAP = 100
_BY_DEADLINE = Order(UserTask.due_at, UserTask.id)
_Assignee, _Requester = aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed down to; empty ones don't count."""

    package: str = ""
    department: str = ""
    #: an element's id: what is to be done
    element: str = ""
    #: late now, or by the end of the present day or week
    due: Literal["", "late", "today", "week"] = ""
    #: part of the ticket's number or subject, or of the company's name
    text: str = ""
    #: where days begin
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """A user task as a row of the inbox."""

    id: int
    name: str
    element: str
    package: str
    #: version of the package that its ticket lives under
    deployment: int
    ticket: int
    number: str
    subject: str
    status: str
    request_type: str
    department: str
    company_name: str
    requester_name: str
    assignee: int | None
    assignee_name: str
    deadline: datetime | None
    warning_at: datetime | None
    opened_at: datetime


def inbox(
    engine: Source, actor: Actor, box: Box, filters: Filters, *, limit: int = 50, cursor: str | None = None
) -> Page[InboxItem]:
    """Open user tasks of a box by deadline, those without one at the end. Raises `Invalid` for a foreign cursor."""
    with reading(engine, actor) as reader:
        conditions = list(_conditions(filters, engine.clock()))
        if box == "claimable":
            start = [after(_BY_DEADLINE, cursor)] if cursor else []
            conditions = [UserTask.id.in_(_claimable(reader, [*conditions, *start], limit + 1))]
        else:
            conditions += [UserTask.state == "open", _of(reader, box)]
        return page(reader.tx, _selected().where(*conditions), _BY_DEADLINE, limit, cursor, _item)


def counts(engine: Source, actor: Actor, filters: Filters) -> dict[Box, int]:
    """How many user tasks each box holds under the filters, at most `CAP`. One statement."""
    with reading(engine, actor) as reader:
        conditions = list(_conditions(filters, engine.clock()))
        found = {box: _counted(reader, box, conditions).label(box) for box in BOXES}
        return dict(reader.tx.execute(select(*found.values())).one()._mapping)  # type: ignore[arg-type]


def things_to_do(engine: Source, actor: Actor, package: str = "") -> list[tuple[str, str]]:
    """What there can be to do, as the latest versions draw it: (element, name) by name, for a filter. No statement."""
    with reading(engine, actor) as reader:
        found = {}
        for key in reader.packages if not package else [package]:
            if key in reader.packages and reader.is_staff(reader.packages[key]):
                found.update(_user_tasks(reader, key))
        return sorted(found.items(), key=lambda pair: pair[1].casefold())


def _user_tasks(reader: Reader, package: str) -> Iterator[tuple[str, str]]:
    for process in reader.versions[package].definitions.processes.values():
        for node in process.nodes.values():
            if node.type == "userTask":
                yield node.id, node.name or node.id


def _counted(reader: Reader, box: Box, conditions: list[ColumnElement[bool]]) -> Any:
    if box == "claimable":
        found: Any = _claimable(reader, conditions, CAP).subquery()
    else:
        some = select(UserTask.id).join(Ticket, Ticket.id == UserTask.ticket_id).join(*_company(), isouter=True)
        found = some.where(UserTask.state == "open", _of(reader, box), *conditions).limit(CAP).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _of(reader: Reader, box: Box) -> ColumnElement[bool]:
    return mine(reader.actor) if box == "mine" else visible_user_tasks(reader)


def _claimable(reader: Reader, conditions: list[ColumnElement[bool]], limit: int) -> Any:
    """Ids of the first user tasks that the reader may claim: the first of each group, put together."""
    offers = [
        _first(
            select(UserTask.id, UserTask.due_at)
            .select_from(UserTaskGroup)
            .join(UserTask, UserTask.id == UserTaskGroup.user_task_id)
            .where(UserTaskGroup.group == group, UserTaskGroup.offered, UserTask.package_id == key, *conditions)
            .order_by(UserTaskGroup.due_at, UserTaskGroup.user_task_id),
            limit,
        )
        for key, package in reader.packages.items()
        for group in sorted(reader.actor.groups(package))
    ]
    if any(reader.actor.may("decide", package) for package in reader.packages.values()):
        unclaimed = (UserTask.state == "open", UserTask.assignee_id.is_(None))
        own = select(UserTask.id, UserTask.due_at).where(*unclaimed, deciding(reader), *conditions)
        offers.append(_first(own.order_by(UserTask.due_at, UserTask.id), limit))
    if not offers:
        return select(UserTask.id).where(false())
    together = union(*(select(offer) for offer in offers)).subquery()
    return select(together.c.id).order_by(together.c.due_at, together.c.id).limit(limit)


def _first(offers: Select[Any], limit: int) -> Any:
    with_ticket = offers.join(Ticket, Ticket.id == UserTask.ticket_id).join(*_company(), isouter=True)
    return with_ticket.limit(limit).subquery()


def _company() -> tuple[Any, Any]:
    return Company, Company.id == Ticket.company_id


def _conditions(filters: Filters, now: datetime) -> Iterator[ColumnElement[bool]]:
    given = {
        UserTask.package_id: filters.package, Ticket.department: filters.department, UserTask.element: filters.element,
    }  # fmt: skip
    yield from (column == value for column, value in given.items() if value)
    if filters.due:
        yield UserTask.due_at < _end(filters, now)
    if filters.text:
        like = escaped(filters.text)
        yield or_(*(column.ilike(like, escape="\\") for column in (Ticket.number, Ticket.subject, Company.name)))


def _end(filters: Filters, now: datetime) -> datetime:
    """The instant before which something is due for the filter."""
    if filters.due == "late":
        return now
    today = now.astimezone(filters.zone).date()
    days = 1 if filters.due == "today" else 7 - today.weekday()
    return datetime.combine(today + timedelta(days=days), time(), filters.zone)


def _selected() -> Select[Any]:
    return (
        select(
            UserTask.id, UserTask.name, UserTask.element, UserTask.package_id, UserTask.state, UserTask.due_at,
            UserTask.warning_at, UserTask.opened_at, UserTask.assignee_id, UserTask.ticket_id, Ticket.deployment_id,
            Ticket.number, Ticket.subject, Ticket.status, Ticket.request_type, Ticket.department,
            Company.name.label("company_name"), _Requester.name.label("requester_name"),
            _Assignee.name.label("assignee_name"),
        )
        .join(Ticket, Ticket.id == UserTask.ticket_id)
        .outerjoin(*_company())
        .outerjoin(_Requester, _Requester.id == Ticket.requester_id)
        .outerjoin(_Assignee, _Assignee.id == UserTask.assignee_id)
    )  # fmt: skip


def _item(row: Row[Any]) -> InboxItem:
    return InboxItem(
        id=row.id, name=row.name, element=row.element, package=row.package_id, deployment=row.deployment_id,
        ticket=row.ticket_id, number=row.number, subject=row.subject, status=row.status,
        request_type=row.request_type, department=row.department, company_name=row.company_name or "",
        requester_name=row.requester_name or "", assignee=row.assignee_id, assignee_name=row.assignee_name or "",
        deadline=deadline_of(row), warning_at=row.warning_at, opened_at=row.opened_at,
    )  # fmt: skip
