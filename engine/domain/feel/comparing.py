"""Comparing FEEL's values: true, false, or null for different kinds (DMN 1.3, 10.3.2.15, tables 50 to 54)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.domain.feel.durations import Months
from engine.domain.feel.run import Run
from engine.domain.feel.syntax import Operator
from engine.domain.feel.values import alike, normal

_KINDS = (bool, Decimal, str, datetime, date, time, timedelta, Months)


def compare(run: Run, operator: Operator, left: Any, right: Any) -> bool | None:
    """What `left operator right` says. Truths have no order."""
    if operator in ("=", "!="):
        same = equal(run, left, right)
        return same if same is None or operator == "=" else not same
    run.spend()
    pair = _comparable(left, right)
    if pair is None or isinstance(pair[0], bool):
        return None
    low, high = pair
    match operator:
        case "<":
            return bool(low < high)
        case "<=":
            return bool(low <= high)
        case ">":
            return bool(low > high)
        case _:
            return bool(low >= high)


def equal(run: Run, left: Any, right: Any) -> bool | None:
    """Whether two values are the same; lists and records by what is in them."""
    run.spend()
    left, right = normal(left), normal(right)
    if left is None or right is None:
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and every(equal(run, a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and every(equal(run, left[key], right[key]) for key in left)
    pair = _comparable(left, right)
    return None if pair is None else bool(pair[0] == pair[1])


def some(truths: Iterable[bool | None]) -> bool | None:
    """`or` of three truths: true as soon as one is; null where one isn't known (DMN 1.3, table 50)."""
    unknown = False
    for truth in truths:
        if truth:
            return True
        unknown = unknown or truth is None
    return None if unknown else False


def every(truths: Iterable[bool | None]) -> bool | None:
    """`and` of three truths: false as soon as one is."""
    negated = some(None if truth is None else not truth for truth in truths)
    return None if negated is None else not negated


def truth(value: Any) -> bool | None:
    """The value, if it is one of the three truths; anything else is null."""
    return value if isinstance(value, bool) else None


def _comparable(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both values as one type that has an order, or None if they have none in common."""
    left, right = alike(left, right), alike(right, left)
    for kind in _KINDS:
        if isinstance(left, kind):
            fits = isinstance(right, kind) and isinstance(left, datetime) == isinstance(right, datetime)
            return (left, right) if fits and _zones_fit(left, right) else None
    return None


def _zones_fit(left: Any, right: Any) -> bool:
    return not isinstance(left, datetime | time) or (left.tzinfo is None) == (right.tzinfo is None)
