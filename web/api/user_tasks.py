"""User tasks: list, read with their form, claim, release, hand over, complete."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from engine.commands import user_tasks
from engine.queries import user_tasks as reads
from engine.queries.reading import reading
from web.api.paging import PageQuery
from web.http.operations import Call, Input, Output, Routes, example
from web.http.paths import Id

routes = Routes("user tasks")

State = Literal["open", "completed", "cancelled", "failed"]


class Completion(Input):
    """What the user task's form asks for, by key."""

    model_config = example({"data": {"work_done": "New chain"}})

    data: dict[str, Any] = Field(default_factory=dict)


class HandOver(Input):
    """Who has it from now on."""

    model_config = example({"to": 4})

    to: Id


class UserTask(Output):
    """Something that somebody has to do; `deadline` is that of its goal, where it names one."""

    id: int
    ticket: int
    ticket_number: str
    ticket_subject: str
    ticket_status: str
    package: str
    element: str
    name: str
    state: State
    groups: list[str]
    assignee: int | None
    assignee_name: str
    goal: str
    deadline: datetime | None
    opened_at: datetime
    closed_at: datetime | None


class FullUserTask(UserTask):
    """A user task with its form-js schema and what the form begins with."""

    form: dict[str, Any] | None
    values: dict[str, Any]


class UserTasks(Output):
    """A page of user tasks."""

    items: list[UserTask]
    next: str | None


class Completed(Output):
    """What completing did; `ended` where the process has ended with it."""

    user_task_id: int
    ticket_id: int
    ended: bool


class UserTasksQuery(PageQuery):
    """Which user tasks: `mine` are claimed by or assigned to the reader, `claimable` open to the reader's groups."""

    box: Literal["mine", "claimable", "all"] = "all"
    ticket: Id | None = None
    package: str | None = None
    state: State = "open"
    sort: Literal["deadline", "-deadline", "opened_at", "-opened_at"] = "opened_at"


@routes.add("GET", "/user-tasks", scope="read", query=UserTasksQuery, gives=UserTasks)
def list_user_tasks(call: Call, query: UserTasksQuery) -> Any:
    """List the user tasks that one may see."""
    with reading(call.engine, call.actor, call.language):
        return reads.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/user-tasks/<id:user_task_id>", scope="read", gives=FullUserTask)
def read(call: Call, user_task_id: int) -> Any:
    """Read a user task with its form."""
    return _one(call, user_task_id)


@routes.add("POST", "/user-tasks/<id:user_task_id>/claim", scope="write", gives=FullUserTask)
def claim(call: Call, user_task_id: int) -> Any:
    """Claim a user task: it is the claimer's from now on. 409 where somebody else has it."""
    user_tasks.claim(call.engine, user_task_id, call.actor)
    return _one(call, user_task_id)


@routes.add("POST", "/user-tasks/<id:user_task_id>/release", scope="write", gives=FullUserTask)
def release(call: Call, user_task_id: int) -> Any:
    """Release a user task that one has claimed: others may claim it."""
    user_tasks.release(call.engine, user_task_id, call.actor)
    return _one(call, user_task_id)


@routes.add("POST", "/user-tasks/<id:user_task_id>/hand-over", scope="write", body=HandOver, gives=FullUserTask)
def hand_over(call: Call, user_task_id: int, body: HandOver) -> Any:
    """Give a user task to somebody who may do it."""
    user_tasks.hand_over(call.engine, user_task_id, body.to, call.actor)
    return _one(call, user_task_id)


@routes.add("POST", "/user-tasks/<id:user_task_id>/complete", scope="write", body=Completion, gives=Completed)
def complete(call: Call, user_task_id: int, body: Completion) -> Any:
    """Complete a user task.

    Its data are checked against the form: 422 with a text per field. 409 where it isn't open any more.
    """
    return user_tasks.complete(call.engine, user_task_id, body.data, call.actor)


def _one(call: Call, user_task_id: int) -> reads.UserTaskView:
    """With its form in the language that the caller reads."""
    with reading(call.engine, call.actor, call.language):
        return reads.one(call.engine, call.actor, user_task_id)
