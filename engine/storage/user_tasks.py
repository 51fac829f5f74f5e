"""Statements on user tasks and their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, insert, update

from engine.storage.tables import UserTask, UserTaskGroup

Values = Mapping[str, Any]


def add(tx: Connection, rows: Sequence[Values]) -> list[int]:
    """Write user tasks, and for each its groups: two batches. Gives the ids in the same order."""
    statement = insert(UserTask).returning(UserTask.id, sort_by_parameter_order=True)
    ids = list(tx.execute(statement, list(rows)).scalars())
    members = [
        {"user_task_id": user_task_id, "group": group}
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
        .values(state=case(dict(outcomes), value=UserTask.token), closed_at=at, closed_by=by)
    )
    tx.execute(statement)


def assign(tx: Connection, user_task_id: int, account_id: int | None) -> None:
    """Give it to somebody, or to nobody."""
    tx.execute(update(UserTask).where(UserTask.id == user_task_id).values(assignee_id=account_id))
