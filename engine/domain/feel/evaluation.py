"""What a FEEL tree says of given values: true, false, or null where a question makes no sense (DMN 1.3, 10.3.2).

Values are what JSON has, and dates. Texts that hold ISO dates are compared with dates as dates, because forms and
tickets carry dates so. Numbers are compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.feel.syntax import (
    All,
    Among,
    Anything,
    Comparison,
    Constant,
    Either,
    Interval,
    Items,
    Name,
    Node,
    Not,
    Operator,
    Question,
)
from engine.domain.said import said

#: nodes looked at and values compared, per evaluation
MAX_STEPS = 20_000

_Condition = Comparison | Among | All | Either | Not | Anything


def evaluate(node: Node, names: Mapping[str, Any], question: Any = None) -> Any:
    """The node's value where `?` stands for `question`. Raises Invalid when that takes too many steps."""
    try:
        return _Evaluation(names).value(node, question)
    except RecursionError:
        raise Invalid(said("The values compared are nested too deep. Compare values inside them.")) from None


@dataclass(slots=True)
class _Evaluation:
    """The names it may read, and how many steps it may still take."""

    names: Mapping[str, Any]
    steps: int = MAX_STEPS

    def value(self, node: Node, question: Any) -> Any:
        self._spend()
        match node:
            case Constant(value):
                return value
            case Name(path):
                return self._named(path)
            case Question():
                return normal(question)
            case Items(items):
                return [self.value(item, question) for item in items]
            case Interval():
                raise AssertionError("the parser lets intervals stand in tests only")
            case _:
                return self._holds(node, question)

    def _holds(self, node: _Condition, question: Any) -> bool | None:
        match node:
            case Comparison(operator, left, right):
                return self._compare(operator, self.value(left, question), self.value(right, question))
            case Among(value, tests):
                about = self.value(value, question)
                return _any(self._passes(test, about) for test in tests)
            case All(parts):
                return _all(_truth(self.value(part, question)) for part in parts)
            case Either(parts):
                return _any(_truth(self.value(part, question)) for part in parts)
            case Not(part):
                truth = _truth(self.value(part, question))
                return None if truth is None else not truth
            case Anything():
                return True

    def _passes(self, test: Node, about: Any) -> bool | None:
        """Whether a value passes a unary test: a condition on `?`, an interval, a list's item, an equal value."""
        if isinstance(test, Interval):
            return self._within(test, about)
        found = self.value(test, about)
        if isinstance(test, _Condition):
            return _truth(found)
        if isinstance(found, list) and not isinstance(about, list):
            return _any(self._equal(about, item) for item in found)
        return self._equal(about, found)

    def _within(self, interval: Interval, about: Any) -> bool | None:
        low, high = self.value(interval.low, about), self.value(interval.high, about)
        above = self._compare(">=" if interval.with_low else ">", about, low)
        below = self._compare("<=" if interval.with_high else "<", about, high)
        return _all((above, below))

    def _named(self, path: tuple[str, ...]) -> Any:
        value: Any = self.names
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return normal(value)

    def _compare(self, operator: Operator, left: Any, right: Any) -> bool | None:
        if operator in ("=", "!="):
            equal = self._equal(left, right)
            return equal if equal is None or operator == "=" else not equal
        self._spend()
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

    def _equal(self, left: Any, right: Any) -> bool | None:
        self._spend()
        left, right = normal(left), normal(right)
        if left is None or right is None:
            return left is right
        if isinstance(left, list) and isinstance(right, list):
            return len(left) == len(right) and _all(map(self._equal, left, right))
        pair = _comparable(left, right)
        return None if pair is None else bool(pair[0] == pair[1])

    def _spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise Invalid(
                said("The condition takes more than {max_steps:,} steps. Compare shorter lists.", max_steps=MAX_STEPS)
            )


def normal(value: Any) -> Any:
    """A value as FEEL sees it: numbers exact, NaN and infinities null, tuples lists."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float | Decimal):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    return list(value) if isinstance(value, tuple) else value


def _comparable(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both values as one type that has an order, or None if they have none in common."""
    left, right = _as_date_like(left, right), _as_date_like(right, left)
    for kind in (bool, Decimal, str, datetime, date):
        if isinstance(left, kind):
            fits = isinstance(right, kind) and isinstance(left, datetime) == isinstance(right, datetime)
            return (left, right) if fits and _zones_fit(left, right) else None
    return None


def _as_date_like(value: Any, other: Any) -> Any:
    if isinstance(value, str) and isinstance(other, date):
        try:
            return (datetime if isinstance(other, datetime) else date).fromisoformat(value)
        except ValueError:
            return value
    return value


def _zones_fit(left: Any, right: Any) -> bool:
    return not isinstance(left, datetime) or (left.tzinfo is None) == (right.tzinfo is None)


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _any(truths: Iterable[bool | None]) -> bool | None:
    unknown = False
    for truth in truths:
        if truth:
            return True
        unknown = unknown or truth is None
    return None if unknown else False


def _all(truths: Iterable[bool | None]) -> bool | None:
    negated = _any(None if truth is None else not truth for truth in truths)
    return None if negated is None else not negated
