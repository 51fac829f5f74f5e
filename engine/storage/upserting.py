"""`INSERT … ON CONFLICT`, which SQLAlchemy spells per dialect. No statement of one noun here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from engine.storage.tables import Base

Rows = Sequence[Mapping[str, Any]]


def _insert(tx: Connection, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    target = cast(Table, table.__table__)
    return postgresql.insert(target) if tx.dialect.name == "postgresql" else sqlite.insert(target)


def insert_new(tx: Connection, table: type[Base], rows: Rows) -> None:
    """Insert the rows in one batch; those whose key is already there are left as they are."""
    if rows:
        tx.execute(_insert(tx, table).on_conflict_do_nothing(), list(rows))


def upsert(tx: Connection, table: type[Base], rows: Rows, key: Sequence[str]) -> None:
    """Insert the rows in one batch; of those whose key is there, all other columns are overwritten.

    All rows must have the same columns.
    """
    if not rows:
        return
    statement = _insert(tx, table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in key}
    tx.execute(statement.on_conflict_do_update(index_elements=list(key), set_=others), list(rows))


def upsert_one(
    tx: Connection,
    table: type[Base],
    row: Mapping[str, Any],
    key: Sequence[str],
    changes: Mapping[str, Any],
    gives: Any,
) -> Any:
    """Insert a row, or make the changes to the one whose key is there; gives the column of what then stands."""
    statement = _insert(tx, table).values(**row).on_conflict_do_update(index_elements=list(key), set_=dict(changes))
    return tx.execute(statement.returning(gives)).scalar_one()
