"""`INSERT … ON CONFLICT`, which SQLAlchemy spells per dialect. No statement of one noun here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert
from sqlalchemy.dialects import postgresql, sqlite

from engine.storage.batching import Batch
from engine.storage.tables import Base
from engine.storage.tables.base import table_of

Rows = Sequence[Mapping[str, Any]]


def insert_new(tx: Connection, table: type[Base], rows: Rows) -> None:
    """Insert the rows in one batch; those whose key is already there are left as they are."""
    if rows:
        tx.execute(_insert_new(tx.dialect.name, table), list(rows))


def upsert(tx: Connection, table: type[Base], rows: Rows, key: Sequence[str]) -> None:
    """Insert the rows in one batch; of those whose key is there, all other columns are overwritten.

    All rows must have the same columns.
    """
    if rows:
        tx.execute(_upsert(tx.dialect.name, table, tuple(rows[0]), tuple(key)), list(rows))


def upsert_later(batch: Batch, table: type[Base], rows: Rows, key: Sequence[str], kept: Sequence[str] = ()) -> None:
    """The same, when the batch is written; the columns of `kept` stay as they are where the key is there."""
    if rows:
        batch.add(_upsert(batch.tx.dialect.name, table, tuple(rows[0]), tuple(key), tuple(kept)), rows)


def inserting(dialect: str, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT to which ON CONFLICT can be added."""
    target = table_of(table)
    return postgresql.insert(target) if dialect == "postgresql" else sqlite.insert(target)


@cache
def _insert_new(dialect: str, table: type[Base]) -> Insert:
    return inserting(dialect, table).on_conflict_do_nothing()


@cache
def _upsert(
    dialect: str, table: type[Base], columns: tuple[str, ...], key: tuple[str, ...], kept: tuple[str, ...] = ()
) -> Insert:
    """Kept, because building it costs more than executing it."""
    statement = inserting(dialect, table)
    others = {name: statement.excluded[name] for name in columns if name not in key + kept}
    return statement.on_conflict_do_update(index_elements=list(key), set_=others)


def upsert_one(
    tx: Connection,
    table: type[Base],
    row: Mapping[str, Any],
    key: Sequence[str],
    changes: Mapping[str, Any],
    gives: Any,
) -> Any:
    """Insert a row, or make the changes to the one whose key is there; gives the column of what then stands."""
    statement = (
        inserting(tx.dialect.name, table)
        .values(**row)
        .on_conflict_do_update(index_elements=list(key), set_=dict(changes))
    )
    return tx.execute(statement.returning(gives)).scalar_one()
