"""Writes very many rows at once: COPY on PostgreSQL, one prepared statement on SQLite. No row is made here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Table

from engine.storage.tables import Base

Row = dict[str, Any]
Processor = Callable[[Any], Any]


def write(tx: Connection, table: type[Base], rows: Sequence[Row]) -> None:
    """Write the rows, which all have the same columns."""
    if not rows:
        return
    target = cast(Table, table.__table__)
    names = list(rows[0])
    processors = [_processor(target, name, tx.dialect) for name in names]
    values = [tuple(process(row[name]) for name, process in zip(names, processors, strict=True)) for row in rows]
    quoted = ", ".join(f'"{name}"' for name in names)
    if tx.dialect.name == "postgresql":
        raw: Any = tx.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f"COPY {target.name} ({quoted}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
    else:
        places = ", ".join("?" for _ in names)
        statement = f"INSERT INTO {target.name} ({quoted}) VALUES ({places})"  # noqa: S608 - our tables' own names
        tx.exec_driver_sql(statement, values)


def _processor(table: Table, name: str, dialect: Dialect) -> Processor:
    """What makes of a value what the database's driver takes."""
    column = table.c[name]
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return process or (lambda value: value)
