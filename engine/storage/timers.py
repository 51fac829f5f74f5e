"""Statements on timers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from engine.storage.batching import Batch
from engine.storage.tables import Timer
from engine.storage.tables.base import table_of
from engine.storage.upserting import upsert_later

Values = Mapping[str, Any]

_TIMERS = table_of(Timer)
_COLUMNS = _TIMERS.c
_of_token = (_COLUMNS.instance_id == bindparam("of_instance"), _COLUMNS.token == bindparam("of_token"))
_DUE = select(_COLUMNS.id).where(_COLUMNS.due_at <= bindparam("now")).order_by(_COLUMNS.due_at).limit(bindparam("most"))
_REMOVE = delete(_TIMERS).where(*_of_token)
_HOLD = update(_TIMERS).where(*_of_token)
_POSTPONE = update(_TIMERS).where(_COLUMNS.id == bindparam("of_id"))
_REARM = (
    update(_TIMERS)
    .where(
        _COLUMNS.ticket_id == bindparam("of_ticket"),
        _COLUMNS.goal == bindparam("of_goal"),
        _COLUMNS.mark == bindparam("of_mark"),
    )
    .values(due_at=bindparam("at"))
)


def due(tx: Connection, now: datetime, limit: int) -> list[str]:
    """Ids of timers whose time has come, the longest overdue first; an indexed look, whatever else is open."""
    return list(tx.execute(_DUE, {"now": now, "most": limit}).scalars())


def arm(batch: Batch, rows: Sequence[Values]) -> None:
    """Write timers in one batch, each over the one that its token has."""
    upsert_later(batch, Timer, rows, ("instance_id", "token"))


def remove(batch: Batch, instance_id: str, tokens: Collection[int]) -> None:
    """The tokens no longer have timers."""
    batch.add(_REMOVE, [{"of_instance": instance_id, "of_token": token} for token in tokens])


def rearm(tx: Connection, ticket_id: int, dues: Mapping[tuple[str, str], datetime | None]) -> None:
    """Set when the timers of a ticket's goals are due: {(goal, mark): instant, None while paused}; one batch."""
    rows = [{"of_ticket": ticket_id, "of_goal": goal, "of_mark": mark, "at": at} for (goal, mark), at in dues.items()]
    if rows:
        tx.execute(_REARM, rows)


def postpone(tx: Connection, timer_id: str, due_at: datetime | None) -> None:
    """Set when one timer is due."""
    tx.execute(_POSTPONE, {"of_id": timer_id, "due_at": due_at})


def hold(tx: Connection, instance_id: str, token: int) -> None:
    """The token's timer failed to fire: it waits for its incident, whatever happens to its goal."""
    tx.execute(_HOLD, {"of_instance": instance_id, "of_token": token, "due_at": None, "goal": "", "mark": ""})
