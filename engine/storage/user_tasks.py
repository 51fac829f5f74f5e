"""Statements on user tasks and their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from engine.storage.batching import Batch
from engine.storage.tables import UserTask, UserTaskGroup
from engine.storage.tables.base import table_of
from engine.storage.tables.user_tasks import NEVER

Values = Mapping[str, Any]

_USER_TASKS = table_of(UserTask)
_COLUMNS = _USER_TASKS.c
_ADD = insert(_USER_TASKS).returning(_COLUMNS.id)
_ADD_SEVERAL = insert(_USER_TASKS).returning(_COLUMNS.id, sort_by_parameter_order=True)
_ADD_GROUPS = insert(table_of(UserTaskGroup))
_CLOSE = update(_USER_TASKS).where(
    _COLUMNS.instance_id == bindparam("of_instance"),
    _COLUMNS.token == bindparam("of_token"),
    _COLUMNS.state == bindparam("while", "open"),
)
_CHANGE = update(_USER_TASKS).where(_COLUMNS.id == bindparam("of_id"))
_OPENED = select(_USER_TASKS).where(
    _COLUMNS.instance_id == bindparam("of_instance"), _COLUMNS.state == bindparam("while", "open")
)
_NO_GROUPS = delete(table_of(UserTaskGroup)).where(table_of(UserTaskGroup).c.user_task_id == bindparam("of_user_task"))
_FOLLOW = (
    update(_USER_TASKS)
    .where(
        _COLUMNS.ticket_id == bindparam("of_ticket"),
        _COLUMNS.state == bindparam("while", "open"),
        _COLUMNS.goal == bindparam("of_goal"),
    )
    .values(due_at=bindparam("due"), warning_at=bindparam("warned"))
)


def add(tx: Connection, rows: Sequence[Values]) -> list[int]:
    """Write open user tasks, and for each its groups: two batches. Gives the ids in the same order."""
    rows = [{**row, "state": "open", "offered": row["assignee_id"] is None} for row in rows]
    ids = list(tx.execute(_ADD_SEVERAL, rows).scalars() if len(rows) > 1 else tx.execute(_ADD, rows[0]).scalars())
    members = [
        {"user_task_id": user_task_id, "group": group, "offered": row["offered"], "due_at": row["due_at"]}
        for user_task_id, row in zip(ids, rows, strict=True)
        for group in row["groups"]
    ]
    if members:
        tx.execute(_ADD_GROUPS, members)
    return ids


def close(batch: Batch, instance_id: str, outcomes: Mapping[int, str], at: datetime, by: int) -> None:
    """Close the open user tasks of tokens, each with its outcome (`completed`, `cancelled`, `failed`)."""
    closed = {"of_instance": instance_id, "closed_at": at, "closed_by": by, "offered": False}
    batch.add(_CLOSE, [{**closed, "of_token": token, "state": outcome} for token, outcome in outcomes.items()])


def opened(tx: Connection, instance_id: str) -> dict[int, dict[str, Any]]:
    """The open user tasks of an instance by their tokens."""
    rows = tx.execute(_OPENED, {"of_instance": instance_id})
    return {row.token: dict(row._mapping) for row in rows}


def show(batch: Batch, row: Values, shown: Values) -> None:
    """Change what an open user task, given as its row, shows: columns, and its groups with them."""
    batch.add(_CHANGE, [{"of_id": row["id"], **shown}])
    if shown["groups"] != row["groups"]:
        batch.add(_NO_GROUPS, [{"of_user_task": row["id"]}])
        own = {"user_task_id": row["id"], "offered": row["offered"], "due_at": shown["due_at"]}
        batch.add(_ADD_GROUPS, [{**own, "group": group} for group in shown["groups"]])


def assign(tx: Connection, user_task_id: int, account_id: int | None) -> None:
    """Give an open one to somebody, or to nobody."""
    tx.execute(_CHANGE, {"of_id": user_task_id, "assignee_id": account_id, "offered": account_id is None})


def follow(tx: Connection, ticket_id: int, dues: Mapping[tuple[str, str], datetime | None]) -> None:
    """Set when a ticket's open user tasks are due: {(goal, mark): instant, None while paused}; one batch."""
    rows = [
        {"of_ticket": ticket_id, "of_goal": goal, "due": deadline or NEVER, "warned": dues.get((goal, "warning"))}
        for (goal, mark), deadline in dues.items()
        if mark == "deadline"
    ]
    if rows:
        tx.execute(_FOLLOW, rows)
