"""Statements on drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from engine.storage.tables import Draft
from engine.storage.upserting import upsert


def keep(tx: Connection, account_id: int, place: str, content: Mapping[str, Any], now: datetime) -> None:
    """Write a draft over what was kept at the same place."""
    row = {"account_id": account_id, "place": place, "content": dict(content), "kept_at": now}
    upsert(tx, Draft, [row], ("account_id", "place"))


def drop(tx: Connection, account_id: int, place: str) -> None:
    """Delete a draft, if there is one."""
    tx.execute(delete(Draft).where(Draft.account_id == account_id, Draft.place == place))


def drop_oldest(tx: Connection, account_id: int, beyond: int) -> None:
    """Delete all drafts of an account but its latest `beyond`."""
    latest = select(Draft.place).where(Draft.account_id == account_id)
    older = latest.order_by(Draft.kept_at.desc(), Draft.place).offset(beyond)
    tx.execute(delete(Draft).where(Draft.account_id == account_id, Draft.place.in_(older)))


def forget(tx: Connection, before: datetime) -> int:
    """Delete the drafts that nobody has touched since; how many."""
    return tx.execute(delete(Draft).where(Draft.kept_at < before)).rowcount
