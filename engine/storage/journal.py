"""Statements on the journal: it only grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from engine.storage.batching import Batch
from engine.storage.tables import JournalEntry
from engine.storage.tables.base import table_of

_ADD = insert(table_of(JournalEntry))


def add(batch: Batch, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write entries in their order."""
    batch.add(_ADD, rows)
