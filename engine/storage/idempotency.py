"""Statements on idempotency keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from engine.storage.tables import IdempotencyKey
from engine.storage.upserting import insert_new


def claim(tx: Connection, values: Mapping[str, Any], now: datetime) -> Row[Any] | None:
    """Write a key that isn't there (any more) and give None; else give its row. Waits for one that is being written."""
    mine = (IdempotencyKey.account_id == values["account_id"], IdempotencyKey.key == values["key"])
    tx.execute(delete(IdempotencyKey).where(*mine, IdempotencyKey.expires_at <= now))
    insert_new(tx, IdempotencyKey, [values])
    row = tx.execute(select(IdempotencyKey.__table__).where(*mine)).one()
    return None if row.status is None else row


def answer(tx: Connection, account_id: int, key: str, values: Mapping[str, Any]) -> None:
    """Keep what the request was answered."""
    mine = (IdempotencyKey.account_id == account_id, IdempotencyKey.key == key)
    tx.execute(update(IdempotencyKey).where(*mine).values(**values))


def release(tx: Connection, account_id: int, key: str) -> None:
    """Delete a key, so that the request may come again."""
    tx.execute(delete(IdempotencyKey).where(IdempotencyKey.account_id == account_id, IdempotencyKey.key == key))


def forget(tx: Connection, now: datetime) -> int:
    """Delete keys that have expired; how many."""
    return tx.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at <= now)).rowcount
