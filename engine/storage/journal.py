"""Statements on the journal: it only grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert

from engine.storage.tables import JournalEntry


def add(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write entries in one batch, in their order."""
    tx.execute(insert(JournalEntry), list(rows))
