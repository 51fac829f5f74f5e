"""Statements on timers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from engine.storage.tables import Timer
from engine.storage.upserting import upsert

Values = Mapping[str, Any]


def due(tx: Connection, now: datetime, limit: int) -> list[str]:
    """Ids of timers whose time has come, the longest overdue first; an indexed look, whatever else is open."""
    statement = select(Timer.id).where(Timer.due_at <= now).order_by(Timer.due_at).limit(limit)
    return list(tx.execute(statement).scalars())


def arm(tx: Connection, rows: Sequence[Values]) -> None:
    """Write timers in one batch, each over the one that its token has."""
    upsert(tx, Timer, rows, ("instance_id", "token"))


def remove(tx: Connection, instance_id: str, tokens: Collection[int]) -> None:
    """The tokens no longer have timers."""
    tx.execute(delete(Timer).where(Timer.instance_id == instance_id, Timer.token.in_(tokens)))


def rearm(tx: Connection, ticket_id: int, dues: Mapping[tuple[str, str], datetime | None]) -> None:
    """Set when the timers of a ticket's goals are due: {(goal, mark): instant, None while paused}; one batch."""
    if not dues:
        return
    statement = (
        update(Timer)
        .where(Timer.ticket_id == ticket_id, Timer.goal == bindparam("of_goal"), Timer.mark == bindparam("of_mark"))
        .values(due_at=bindparam("at"))
    )
    tx.execute(statement, [{"of_goal": goal, "of_mark": mark, "at": at} for (goal, mark), at in dues.items()])


def postpone(tx: Connection, timer_id: str, due_at: datetime | None) -> None:
    """Set when one timer is due."""
    tx.execute(update(Timer).where(Timer.id == timer_id).values(due_at=due_at))


def hold(tx: Connection, instance_id: str, token: int) -> None:
    """The token's timer failed to fire: it waits for its incident, whatever happens to its goal."""
    statement = update(Timer).where(Timer.instance_id == instance_id, Timer.token == token)
    tx.execute(statement.values(due_at=None, goal="", mark=""))
