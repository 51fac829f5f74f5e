"""Statements on workers' signs of life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from engine.storage.tables import WorkerBeat
from engine.storage.upserting import upsert


def beat(tx: Connection, worker_id: str, started_at: datetime, now: datetime) -> None:
    """The worker looks for what is due."""
    upsert(tx, WorkerBeat, [{"id": worker_id, "started_at": started_at, "seen_at": now}], ("id",))


def leave(tx: Connection, worker_id: str) -> None:
    """The worker ends in order."""
    tx.execute(delete(WorkerBeat).where(WorkerBeat.id == worker_id))


def forget(tx: Connection, before: datetime) -> None:
    """Those that weren't seen since then don't come back: they were killed."""
    tx.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < before))


def last_seen(tx: Connection) -> datetime | None:
    """When a worker last looked; None where there is none."""
    return tx.execute(select(func.max(WorkerBeat.seen_at))).scalar()
