"""The declarative base and the column types that behave alike on SQLite and PostgreSQL. No tables here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, DateTime, Dialect, MetaData, Table, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; its metadata is what the migrations must lead to."""

    metadata = MetaData(naming_convention=NAMES)


def table_of(kind: type[Base]) -> Table:
    """The table itself. Statements on it cost half of those on its class, which pass through the ORM."""
    return cast(Table, kind.__table__)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC (SQLite knows no zones). A naive one is a mistake and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On its way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"Expected an aware instant, but got {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On its way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: JSON kept as text on both databases, so that numbers come back as they went in; None is SQL's NULL
Json = JSON(none_as_null=True)


def only(condition: str) -> dict[str, Any]:
    """What makes an index hold only the rows for which a condition holds: `Index(…, **only("ended_at IS NULL"))`.

    A statement that is to use it must say the condition in the same words, not with a bound value.
    """
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, finite numbers; what isn't JSON raises ValueError or TypeError."""
    return json.dumps(value, sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
