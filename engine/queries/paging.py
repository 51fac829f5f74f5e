"""Lists come in pages by key, not by number: a page costs the same wherever it stands. No table is known here."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, tuple_

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.storable import text_problem
from engine.storage.tables.base import Instant

T = TypeVar("T")
Led = Callable[[Select[Any], bool], Select[Any]]
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list; `next` is the cursor of the following page, None at the end."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A sort column, the unique key that decides among equals, and columns that decide before it."""

    column: Any
    key: Any
    descending: bool = False
    also: tuple[Any, ...] = ()
    #: which rows have a value to sort by, and which have none: these come last, in either direction.
    #: Without it, no value of the column is NULL.
    present: ColumnElement[bool] | None = None
    absent: ColumnElement[bool] | None = None

    @property
    def columns(self) -> tuple[Any, ...]:
        """All that rows are sorted by."""
        return (self.column, *self.also, self.key)


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows that have a value to sort by, or those that have none."""

    columns: tuple[Any, ...]
    only: ColumnElement[bool] | None
    has_value: bool


def order_of(orders: Mapping[str, Order], sort: str) -> Order:
    """The order of that name, `-name` for descending. Raises `Invalid`."""
    order = orders.get(sort.removeprefix("-"))
    if order is None:
        raise Invalid(said("There is no such order."), {"sort": [said("Use one of: {names}.", names=sorted(orders))]})
    return replace(order, descending=sort.startswith("-"))


def page(
    tx: Connection,
    statement: Select[Any],
    order: Order,
    limit: int,
    cursor: str | None,
    make: Callable[[Row[Any]], T],
    led: Led = lambda statement, _: statement,
) -> Page[T]:
    """One page of the statement's rows, by one statement; by two where rows without a value begin in it.

    `led` may say by which index a statement is read, given whether its rows have a value. Raises `Invalid` for a
    cursor that isn't of such a list.
    """
    limit = max(1, min(limit, LONGEST))
    place = _place(cursor, order) if cursor else None
    rows: list[tuple[_Part, Row[Any]]] = []
    for part in _parts(order):
        if place and len(place) != len(part.columns):
            continue  # the cursor stands among the rows of the other part
        some = _statement(tx, statement, order, part, place).limit(limit + 1 - len(rows))
        rows.extend((part, row) for row in tx.execute(led(some, part.has_value)))
        place = None
        if len(rows) > limit:
            break
    last = rows[limit - 1] if len(rows) > limit else None
    return Page([make(row) for _, row in rows[:limit]], _write(*last) if last is not None else None)


def stream(
    tx: Connection, statement: Select[Any], order: Order, led: Led = lambda statement, _: statement
) -> Iterator[Row[Any]]:
    """All rows of a list in its order, fetched as they are taken."""
    for part in _parts(order):
        whole = led(_statement(tx, statement, order, part, None), part.has_value)
        yield from tx.execute(whole.execution_options(yield_per=LONGEST))


def after(order: Order, cursor: str) -> ColumnElement[bool]:
    """That a row, which has a value to sort by, comes after the cursor's. Raises `Invalid` as `page` does."""
    return _beyond(order, order.columns, _place(cursor, order))


def escaped(text: str) -> str:
    """A text for LIKE … ESCAPE '\\', found anywhere."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"


def _parts(order: Order) -> Iterator[_Part]:
    yield _Part(order.columns, order.present, has_value=True)
    if order.absent is not None:
        yield _Part((order.key,), order.absent, has_value=False)


def _statement(
    tx: Connection, statement: Select[Any], order: Order, part: _Part, place: list[Any] | None
) -> Select[Any]:
    columns = part.columns
    if part.only is not None:
        statement = statement.where(part.only)
    if place:
        statement = statement.where(_beyond(order, columns, place))
        if tx.dialect.name == "sqlite":  # which finds its place in an index by a column of its own alone
            first, value = columns[0], place[0]
            statement = statement.where(first <= value if order.descending else first >= value)
    labelled = [column.label(f"_sort{number}") for number, column in enumerate(columns)]
    sorting = [column.desc() if order.descending else column for column in columns]
    return statement.add_columns(*labelled).order_by(*sorting)


def _beyond(order: Order, columns: tuple[Any, ...], place: list[Any]) -> ColumnElement[bool]:
    here, there = tuple_(*columns), tuple_(*place)
    return here < there if order.descending else here > there


def _write(part: _Part, row: Row[Any]) -> str:
    values = [row._mapping[f"_sort{number}"] for number in range(len(part.columns))]
    told = [{"at": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _place(cursor: str, order: Order) -> list[Any]:
    """What a cursor says, as values of the columns of one of the order's parts."""
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value for value in told]
        columns = next(part.columns for part in _parts(order) if len(part.columns) == len(values))
        return [literal(_checked(v, c.type), c.type) for v, c in zip(values, columns, strict=True)]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, StopIteration) as error:
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
