"""Statements on jobs: the outbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from engine.storage.batching import Batch
from engine.storage.tables import Job
from engine.storage.tables.base import table_of

Values = Mapping[str, Any]

_JOBS = table_of(Job)
_ADD = insert(_JOBS)
_CANCEL = update(_JOBS).where(
    _JOBS.c.instance_id == bindparam("of_instance"),
    _JOBS.c.token == bindparam("of_token"),
    _JOBS.c.state == bindparam("while", "open"),
)
_PLACE = update(_JOBS).where(
    _JOBS.c.instance_id == bindparam("of_instance"),
    _JOBS.c.token == bindparam("of_token"),
    _JOBS.c.state.in_(("open", "failed")),
)


def add(batch: Batch, rows: Sequence[Values]) -> None:
    """Write jobs."""
    batch.add(_ADD, rows)


def cancel(batch: Batch, instance_id: str, tokens: Collection[int], now: datetime) -> None:
    """Nobody waits for the open jobs of these tokens any more."""
    cancelled = {"of_instance": instance_id, "state": "cancelled", "finished_at": now, "next_attempt_at": None}
    batch.add(_CANCEL, [{**cancelled, "of_token": token} for token in tokens])


def place(batch: Batch, instance_id: str, elements: Mapping[int, str]) -> None:
    """Tokens that wait for jobs stand at other elements now: {token: element}."""
    batch.add(_PLACE, [{"of_instance": instance_id, "of_token": t, "element": e} for t, e in elements.items()])


def reopen(tx: Connection, instance_id: str, token: int, element: str, now: datetime) -> bool:
    """The job that a token still waits for is to be tried again, for nobody caught how it ended at its element.

    False where `element` is another one: the end was caught, and what came of it failed.
    """
    ended = Job.state.in_(("failed", "done"))
    mine = (Job.instance_id == instance_id, Job.token == token, Job.element == element, ended)
    values = {"state": "open", "attempts": 0, "next_attempt_at": now, "finished_at": None}
    return tx.execute(update(Job).where(*mine).values(**values)).rowcount == 1
