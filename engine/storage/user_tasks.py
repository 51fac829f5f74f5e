"""Statements on user tasks and their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, update

from engine.storage.tables import UserTask, UserTaskGroup
from engine.storage.tables.user_tasks import NEVER

Values = Mapping[str, Any]


def add(tx: Connection, rows: Sequence[Values]) -> list[int]:
    """Write open user tasks, and for each its groups: two batches. Gives the ids in the same order."""
    statement = insert(UserTask).returning(UserTask.id, sort_by_parameter_order=True)
    rows = [{**row, "state": "open", "offered": row["assignee_id"] is None} for row in rows]
    ids = list(tx.execute(statement, rows).scalars())
    members = [
        {"user_task_id": user_task_id, "group": group, "offered": row["offered"], "due_at": row["due_at"]}
        for user_task_id, row in zip(ids, rows, strict=True)
        for group in row["groups"]
    ]
    if members:
        tx.execute(insert(UserTaskGroup), members)
    return ids


def close(tx: Connection, instance_id: str, outcomes: Mapping[int, str], at: datetime, by: int) -> None:
    """Close the open user tasks of tokens, each with its outcome (`completed`, `cancelled`, `failed`)."""
    statement = (
        update(UserTask)
        .where(UserTask.instance_id == instance_id, UserTask.token.in_(outcomes), UserTask.state == "open")
        .values(state=case(dict(outcomes), value=UserTask.token), closed_at=at, closed_by=by, offered=False)
    )
    tx.execute(statement)


def assign(tx: Connection, user_task_id: int, account_id: int | None) -> None:
    """Give an open one to somebody, or to nobody."""
    statement = update(UserTask).where(UserTask.id == user_task_id)
    tx.execute(statement.values(assignee_id=account_id, offered=account_id is None))


def follow(tx: Connection, ticket_id: int, dues: Mapping[tuple[str, str], datetime | None]) -> None:
    """Set when a ticket's open user tasks are due: {(goal, mark): instant, None while paused}; one batch."""
    rows = [
        {"of_goal": goal, "due": deadline or NEVER, "warned": dues.get((goal, "warning"))}
        for (goal, mark), deadline in dues.items()
        if mark == "deadline"
    ]
    if not rows:
        return
    statement = (
        update(UserTask)
        .where(UserTask.ticket_id == ticket_id, UserTask.state == "open", UserTask.goal == bindparam("of_goal"))
        .values(due_at=bindparam("due"), warning_at=bindparam("warned"))
    )
    tx.execute(statement, rows)
