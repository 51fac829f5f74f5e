"""Statements on the journal: it only grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert

from engine.storage.tables import JournalEntry
from engine.storage.tables.base import table_of

_ADD = insert(table_of(JournalEntry))


def add(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write entries in one batch, in their order."""
    tx.execute(_ADD, list(rows))
