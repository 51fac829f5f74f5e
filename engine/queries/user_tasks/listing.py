"""User tasks as a reader may see them: lists, and one with its form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, or_, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.elements import user_task_name
from engine.queries.forms import begun
from engine.queries.paging import Order, Page, order_of, page
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import claimable, mine, visible_user_tasks
from engine.storage.tables import Account, Instance, Ticket, UserTask
from engine.storage.tables.user_tasks import NEVER

ORDERS = {
    "opened_at": Order(UserTask.opened_at, UserTask.id),
    "deadline": Order(UserTask.due_at, UserTask.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskView:
    """Something that somebody has to do. `form` and `values` only of one read alone."""

    id: int
    ticket: int
    ticket_number: str
    ticket_subject: str
    ticket_status: str
    package: str
    #: version of the package that its ticket lives under
    deployment: int
    element: str
    name: str
    state: str
    groups: list[str]
    assignee: int | None
    assignee_name: str
    goal: str
    deadline: datetime | None
    #: when the deadline draws near, as the policy says
    warning_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    #: form-js schema, None where the user task has no form
    form: dict[str, Any] | None
    #: what the form begins with, and the accounts that it chooses from: `engine.queries.forms`
    values: dict[str, Any]
    #: it is open, and the reader has it or may take it; told only of one read alone
    takeable: bool = False


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    box: Literal["mine", "claimable", "all"] = "all",
    ticket: int | None = None,
    package: str | None = None,
    state: str | None = "open",
    sort: str = "opened_at",
) -> Page[UserTaskView]:
    """User tasks: `mine`, `claimable` by the actor's groups, or `all` that the actor may see. Raises `Invalid`."""
    with reading(engine, actor) as reader:
        boxes = {"mine": [mine(actor)], "claimable": [claimable(reader)]}.get(box, [])
        given = {UserTask.ticket_id: ticket, UserTask.package_id: package, UserTask.state: state}
        conditions = [column == value for column, value in given.items() if value is not None]
        statement = _selected().where(visible_user_tasks(reader), *boxes, *conditions)
        return page(reader.tx, statement, order_of(ORDERS, sort), limit, cursor, lambda row: _view(reader, row))


def one(engine: Source, actor: Actor, user_task_id: int) -> UserTaskView:
    """A user task with its form. Raises `NotFound` where it doesn't exist or isn't visible."""
    with reading(engine, actor) as reader:
        offered = or_(mine(actor), claimable(reader)).label("takeable")
        found = _selected().add_columns(Instance.deployment_id, UserTask.form, offered)
        found = found.join(Instance, Instance.id == UserTask.instance_id)
        row = reader.tx.execute(found.where(UserTask.id == user_task_id, visible_user_tasks(reader))).one_or_none()
        if row is None:
            raise NotFound(said("There is no such user task."))
        form, values = begun(reader, engine.version(row.deployment_id, reader.tx), row.form, row.ticket_id)
        free = reader.sees_everything and row.assignee_id is None
        takeable = row.state == "open" and (bool(row.takeable) or free)
        return replace(_view(reader, row), form=form, values=values, takeable=takeable)


def deadline_of(row: Row[Any]) -> datetime | None:
    """The deadline of a user task; None where its goal's clock has none (any more), or it names no goal."""
    return row.due_at if row.due_at < NEVER and row.state == "open" else None


def _selected() -> Any:
    return (
        select(
            UserTask.id, UserTask.ticket_id, UserTask.package_id, UserTask.element, UserTask.name, UserTask.state,
            UserTask.assignee_id, UserTask.goal, UserTask.opened_at, UserTask.closed_at, UserTask.groups,
            UserTask.due_at, UserTask.warning_at, Ticket.number, Ticket.subject, Ticket.status,
            Ticket.deployment_id.label("drawn_in"),
            Account.name.label("assignee_name"),
        )
        .join(Ticket, Ticket.id == UserTask.ticket_id)
        .outerjoin(Account, Account.id == UserTask.assignee_id)
    )  # fmt: skip


def _view(reader: Reader, row: Row[Any]) -> UserTaskView:
    name = user_task_name(reader, row.drawn_in, row.element, row.name)
    return UserTaskView(
        id=row.id, ticket=row.ticket_id, ticket_number=row.number, ticket_subject=row.subject,
        ticket_status=row.status, package=row.package_id, deployment=row.drawn_in,
        element=row.element, name=name, state=row.state,
        groups=sorted(row.groups), assignee=row.assignee_id, assignee_name=row.assignee_name or "", goal=row.goal,
        deadline=deadline_of(row), warning_at=row.warning_at, opened_at=row.opened_at, closed_at=row.closed_at,
        form=None, values={},
    )  # fmt: skip
