"""Statements on saved views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from engine.storage.tables import SavedView
from engine.storage.upserting import upsert_one


def save(tx: Connection, values: Mapping[str, Any]) -> int:
    """Write a view over the account's one of the same name; gives its id."""
    changes = {name: values[name] for name in ("query", "standard", "saved_at")}
    return int(upsert_one(tx, SavedView, values, ("account_id", "name"), changes, SavedView.id))


def count_others(tx: Connection, account_id: int, name: str) -> int:
    """How many views of other names an account has."""
    others = select(func.count()).where(SavedView.account_id == account_id, SavedView.name != name)
    return int(tx.execute(others).scalar_one())


def remove(tx: Connection, account_id: int, view_id: int) -> bool:
    """Delete a view of the account's own; whether there was one."""
    own = delete(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id)
    return tx.execute(own).rowcount == 1


def set_standard(tx: Connection, account_id: int, view_id: int | None) -> bool:
    """Make one of the account's views its standard, or none; whether there is such a view."""
    views = update(SavedView).where(SavedView.account_id == account_id)
    tx.execute(views.where(SavedView.standard).values(standard=False))
    return view_id is None or tx.execute(views.where(SavedView.id == view_id).values(standard=True)).rowcount == 1
