"""The inbox: open user tasks of a box in the order of their deadlines. Each page is one statement led by an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, literal, or_, select, true, tuple_, union
from sqlalchemy.orm import aliased

from engine.domain.actors import Actor
from engine.queries.elements import user_task_name
from engine.queries.paging import Order, Page, after, escaped, page
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.search import matching
from engine.queries.user_tasks.listing import deadline_of
from engine.queries.visibility import deciding, mine, shown_by_roles
from engine.storage.tables import Account, Company, Involvement, Ticket, UserTask, UserTaskGroup
from engine.storage.tables.base import Instant
from engine.storage.tables.user_tasks import NEVER

#: what there is to do for somebody: what they have and what they may take; each of the two alone; and all user tasks
#: of the tickets that they see
Box = Literal["todo", "mine", "claimable", "all"]
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
    #: words of the ticket, as its search finds them, or part of the company's name
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
        conditions = list(_conditions(reader, filters))
        start = [after(_BY_DEADLINE, cursor)] if cursor else []
        found = _selected().where(_in(reader, box, [*conditions, *start], limit + 1))
        return page(reader.tx, found, _BY_DEADLINE, limit, cursor, lambda row: _item(reader, row))


def counts(engine: Source, actor: Actor, filters: Filters) -> dict[Box, int]:
    """How many user tasks each box holds under the filters, at most `CAP`. One statement."""
    with reading(engine, actor) as reader:
        conditions = list(_conditions(reader, filters))
        found = [_counted(reader, box, conditions).label(box) for box in BOXES]
        row = reader.tx.execute(select(*found)).one()
        return {box: getattr(row, box) for box in BOXES}


def following(engine: Source, actor: Actor, box: Box, filters: Filters, user_task_id: int) -> int | None:
    """The user task that comes after one in a box, else the first of it; None where there is no other.

    One that isn't in the box (any more) has a place there all the same, by its deadline.
    """
    with reading(engine, actor) as reader:
        place = reader.tx.execute(select(UserTask.due_at).where(UserTask.id == user_task_id)).scalar_one_or_none()
        conditions = [*_conditions(reader, filters), UserTask.id != user_task_id]
        here = tuple_(UserTask.due_at, UserTask.id)
        there = tuple_(literal(place or NEVER, Instant), literal(user_task_id))
        for beyond in ([here > there], []):
            rows = select(UserTask.id).join(Ticket, Ticket.id == UserTask.ticket_id).join(*_company(), isouter=True)
            rows = rows.where(_in(reader, box, [*conditions, *beyond], 1)).order_by(UserTask.due_at, UserTask.id)
            found = reader.tx.execute(rows.limit(1)).scalar_one_or_none()
            if found is not None:
                return found
        return None


def things_to_do(engine: Source, actor: Actor, package: str = "") -> list[tuple[str, str]]:
    """What there can be to do, as the latest versions draw it: (element, name) by name, for a filter. No statement."""
    with reading(engine, actor) as reader:
        found: dict[str, str] = {}
        for key in reader.packages if not package else [package]:
            if key in reader.packages and reader.is_staff(reader.packages[key]):
                found.update(_user_tasks(reader, key))
        return sorted(found.items(), key=lambda pair: pair[1].casefold())


def _user_tasks(reader: Reader, package: str) -> Iterator[tuple[str, str]]:
    version = reader.versions[package]
    for process in version.definitions.processes.values():
        for node in process.nodes.values():
            if node.type == "userTask":
                yield node.id, version.translated(node.label, reader.language, process.file)


def _counted(reader: Reader, box: Box, conditions: list[ColumnElement[bool]]) -> Any:
    some = select(UserTask.id).join(Ticket, Ticket.id == UserTask.ticket_id).join(*_company(), isouter=True)
    found = some.where(_in(reader, box, conditions, CAP)).limit(CAP).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _in(reader: Reader, box: Box, conditions: list[ColumnElement[bool]], limit: int) -> ColumnElement[bool]:
    """That a user task is among the first of a box that fulfil the conditions; all of them where `limit` isn't needed.

    `UserTask`, `Ticket` and `Company` are joined.
    """
    if box in ("todo", "claimable"):
        return UserTask.id.in_(_first_of(_offers(reader, box == "todo"), conditions, limit))
    whose = mine(reader.actor) if box == "mine" else or_(mine(reader.actor), *_seen(reader))
    return and_(UserTask.state == "open", whose, *conditions)


def _seen(reader: Reader) -> Iterator[ColumnElement[bool]]:
    """As `visible_user_tasks` says it for staff; what is looked up row by row comes last, for it is asked last."""
    if reader.sees_everything:
        yield true()
        return
    staffed = [key for key, package in reader.packages.items() if reader.is_staff(package)]
    involved = exists().where(Involvement.ticket_id == Ticket.id, Involvement.account_id == reader.actor.id)
    shown = or_(false(), *shown_by_roles(reader), involved.correlate(Ticket))
    yield and_(Ticket.package_id.in_(staffed), shown)
    for key, package in reader.packages.items():
        groups = UserTaskGroup.group.in_(sorted(reader.actor.groups(package)))
        # the offer itself is asked too: PostgreSQL may collect what was ever offered to a group, which is nearly all
        offered = exists().where(UserTaskGroup.user_task_id == UserTask.id, groups, UserTaskGroup.offered)
        yield and_(UserTask.package_id == key, UserTask.offered, offered.correlate(UserTask))


def _offers(reader: Reader, with_own: bool) -> Iterator[Any]:
    """User tasks that the reader may claim, by what offers them; each in the order of one index."""
    chosen = select(UserTask.id, UserTask.due_at).order_by(UserTask.due_at, UserTask.id)
    for key, package in reader.packages.items():
        for group in sorted(reader.actor.groups(package)):
            offered = and_(UserTaskGroup.group == group, UserTaskGroup.offered, UserTask.package_id == key)
            yield (
                select(UserTask.id, UserTask.due_at)
                .join_from(UserTaskGroup, UserTask, UserTask.id == UserTaskGroup.user_task_id)
                .where(offered)
                .order_by(UserTaskGroup.due_at, UserTaskGroup.user_task_id)
            )
    if any(reader.actor.may("decide", package) for package in reader.packages.values()):
        yield chosen.where(UserTask.state == "open", UserTask.assignee_id.is_(None), deciding(reader))
    if with_own:
        yield chosen.where(UserTask.state == "open", mine(reader.actor))


def _first_of(offers: Iterable[Select[Any]], conditions: list[ColumnElement[bool]], limit: int) -> Any:
    """Ids of the first that fulfil the conditions: the first of each offer, put together."""
    parts = [
        offer.join(Ticket, Ticket.id == UserTask.ticket_id)
        .join(*_company(), isouter=True)
        .where(*conditions)
        .limit(limit)
        .subquery()
        .select()
        for offer in offers
    ]
    if not parts:
        return select(UserTask.id).where(false())
    together = union(*parts).subquery()
    return select(together.c.id).order_by(together.c.due_at, together.c.id).limit(limit)


def _company() -> tuple[Any, Any]:
    return Company, Company.id == Ticket.company_id


def _conditions(reader: Reader, filters: Filters) -> Iterator[ColumnElement[bool]]:
    given = {
        UserTask.package_id: filters.package, Ticket.department: filters.department, UserTask.element: filters.element,
    }  # fmt: skip
    yield from (column == value for column, value in given.items() if value)
    if filters.due:
        yield UserTask.due_at < _end(filters, reader.engine.clock())
    if filters.text:
        named = select(Company.id).where(Company.name.ilike(escaped(filters.text), escape="\\")).correlate(None)
        found = matching(reader, filters.text).subquery().select().correlate(None)
        yield or_(Ticket.id.in_(found), Ticket.company_id.in_(named))


def _end(filters: Filters, now: datetime) -> datetime:
    """The instant before which something is due for the filter."""
    if filters.due == "late":
        return now
    today = now.astimezone(filters.zone).date()
    days = 1 if filters.due == "today" else 7 - today.weekday()
    return datetime.combine(today + timedelta(days=days), time(), filters.zone)


def _selected() -> Any:
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


def _item(reader: Reader, row: Row[Any]) -> InboxItem:
    name = user_task_name(reader, row.deployment_id, row.element, row.name)
    return InboxItem(
        id=row.id, name=name, element=row.element, package=row.package_id, deployment=row.deployment_id,
        ticket=row.ticket_id, number=row.number, subject=row.subject, status=row.status,
        request_type=row.request_type, department=row.department, company_name=row.company_name or "",
        requester_name=row.requester_name or "", assignee=row.assignee_id, assignee_name=row.assignee_name or "",
        deadline=deadline_of(row), warning_at=row.warning_at, opened_at=row.opened_at,
    )  # fmt: skip
