"""Lists come in pages by key, not by number: a page costs the same wherever it stands. No table is known here."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, tuple_

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.storable import text_problem
from engine.storage.tables.base import Instant

T = TypeVar("T")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list; `next` is the cursor of the following page, None at the end."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A sort column, none of whose values is NULL, and the unique key that decides among equals."""

    column: Any
    key: Any
    descending: bool = False


def order_of(orders: Mapping[str, Order], sort: str) -> Order:
    """The order of that name, `-name` for descending. Raises `Invalid`."""
    order = orders.get(sort.removeprefix("-"))
    if order is None:
        raise Invalid(said("There is no such order."), {"sort": [said("Use one of: {names}.", names=sorted(orders))]})
    return Order(order.column, order.key, sort.startswith("-"))


def page(
    tx: Connection, statement: Select[Any], order: Order, limit: int, cursor: str | None, make: Callable[[Row[Any]], T]
) -> Page[T]:
    """One page of the statement's rows, by one statement. Raises `Invalid` for a cursor that isn't of such a list."""
    limit = max(1, min(limit, LONGEST))
    columns = (order.column.label("_sort"), order.key.label("_key"))
    statement = statement.add_columns(*columns).limit(limit + 1)
    if cursor:
        statement = statement.where(after(order, cursor))
    if order.descending:
        statement = statement.order_by(order.column.desc(), order.key.desc())
    else:
        statement = statement.order_by(order.column, order.key)
    rows = tx.execute(statement).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page([make(row) for row in rows[:limit]], _write(last) if last is not None else None)


def after(order: Order, cursor: str) -> ColumnElement[bool]:
    """That a row comes after the cursor's. Raises `Invalid` for a cursor that isn't of such a list."""
    here, there = tuple_(order.column, order.key), tuple_(*_place(cursor, order))
    return here < there if order.descending else here > there


def escaped(text: str) -> str:
    """A text for LIKE … ESCAPE '\\', found anywhere."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"


def _write(row: Row[Any]) -> str:
    sort, key = row._mapping["_sort"], row._mapping["_key"]
    value: Any = {"at": sort.isoformat()} if isinstance(sort, datetime) else sort
    return base64.urlsafe_b64encode(json.dumps([value, key]).encode()).decode().rstrip("=")


def _place(cursor: str, order: Order) -> list[Any]:
    """What a cursor says, as values of the order's columns."""
    try:
        value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(value, dict):
            value = datetime.fromisoformat(value["at"])
        columns = (order.column, order.key)
        return [literal(_checked(v, c.type), c.type) for v, c in zip((value, key), columns, strict=True)]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        text = said("Use the `next` of the page before.")
        raise Invalid(said("The cursor isn't one of this list."), {"cursor": [text]}) from error


def _checked(value: Any, column: Any) -> Any:
    """The value, if a column of the type holds such. Raises `ValueError`, `OverflowError`."""
    wanted = datetime if isinstance(column, Instant) else column.python_type
    match value:
        case datetime():
            possible = value.tzinfo is not None
            value = value.astimezone(UTC)  # an instant that UTC has no day for can't be asked for
        case int():
            possible = abs(value) < 2**31
        case _:
            possible = text_problem(value, required=False) is None
    if type(value) is not wanted or not possible:
        raise ValueError(f"not a {wanted}")
    return value
