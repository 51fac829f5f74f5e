"""FEEL's arithmetic: numbers of 34 digits, texts, dates and durations (DMN 1.3, 10.3.2.15, tables 56 to 60).

What makes no sense is null, as the standard says; what makes sense and is too large is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.feel.durations import Months, months_later
from engine.domain.feel.run import Run
from engine.domain.feel.values import is_whole, kind_of, read_temporal
from engine.domain.said import said

#: IEEE 754-2008 decimal128, with errors where it has infinities
NUMBERS = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
#: what may be the right side of `**` (table 60)
MAX_EXPONENT = 999_999_999

_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_TEMPORAL = ("date", "instant", "time", "days", "months")


def calculate(run: Run, operator: str, left: Any, right: Any) -> Any:
    """What `left operator right` gives; None where the values are of kinds that don't go together.

    Raises Invalid where the result is larger than FEEL's numbers, dates or texts.
    """
    run.spend()
    left, right = _dated(left, right), _dated(right, left)
    work = _WORK.get((operator, kind_of(left), kind_of(right)))
    if work is None:
        return None
    if operator == "+" and isinstance(left, str):
        run.made(len(left) + len(right))
    try:
        return work(left, right)
    except (InvalidOperation, ZeroDivisionError):
        return None
    except (Overflow, OverflowError, ValueError):
        raise Invalid(
            said("The result of '{operator}' is too large. Calculate with smaller values.", operator=operator)
        ) from None


def _dated(value: Any, other: Any) -> Any:
    """An ISO text beside a date or duration is one too."""
    if isinstance(value, str) and kind_of(other) in _TEMPORAL:
        found = read_temporal(value)
        return value if found is None else found
    return value


def _power(base: Decimal, exponent: Decimal) -> Decimal | None:
    if abs(exponent) > MAX_EXPONENT or (not base and exponent < 0):
        return None
    return NUMBERS.power(base, exponent)


def _between(left: date, right: date) -> timedelta | None:
    """From one date or instant to another; a date alone is its midnight UTC, as the standard says."""
    if kind_of(left) != kind_of(right):
        left, right = _midnight(left), _midnight(right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left - right if (left.tzinfo is None) == (right.tzinfo is None) else None
    return left - right


def _midnight(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _date_after(day: date, length: timedelta) -> date:
    return (datetime(day.year, day.month, day.day) + length).date()  # noqa: DTZ001  dates have no zone


def _time_after(clock: time, length: timedelta) -> time:
    """Times go round."""
    return (datetime.combine(date(2000, 1, 1), clock) + length % _DAY).timetz()


def _times_between(left: time, right: time) -> timedelta | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    day = date(2000, 1, 1)
    return datetime.combine(day, left) - datetime.combine(day, right)


def _times(length: timedelta | Months, number: Decimal) -> timedelta | Months:
    if isinstance(length, Months):
        return _months(int(NUMBERS.multiply(Decimal(length.count), number)))
    return int(NUMBERS.multiply(Decimal(length // _TICK), number)) * _TICK


def _months(count: int) -> Months:
    if abs(count) > MAX_EXPONENT:
        raise OverflowError(count)
    return Months(count)


def _divided(length: timedelta | Months, number: Decimal) -> timedelta | Months:
    return _times(length, NUMBERS.divide(Decimal(1), number)) if not is_whole(number) else _parted(length, number)


def _parted(length: timedelta | Months, number: Decimal) -> timedelta | Months:
    if isinstance(length, Months):
        return _months(int(NUMBERS.divide(Decimal(length.count), number)))
    return int(NUMBERS.divide(Decimal(length // _TICK), number)) * _TICK


def _ratio(left: timedelta | Months, right: timedelta | Months) -> Decimal:
    counts = [Decimal(v.count if isinstance(v, Months) else v // _TICK) for v in (left, right)]
    return NUMBERS.divide(counts[0], counts[1])


def _add(left: Any, right: Any) -> Any:
    return left + right


def _subtract(left: Any, right: Any) -> Any:
    return left - right


_WORK: dict[tuple[str, str, str], Callable[[Any, Any], Any]] = {
    ("+", "number", "number"): NUMBERS.add,
    ("-", "number", "number"): NUMBERS.subtract,
    ("*", "number", "number"): NUMBERS.multiply,
    ("/", "number", "number"): NUMBERS.divide,
    ("**", "number", "number"): _power,
    ("+", "text", "text"): _add,
    ("+", "days", "days"): _add,
    ("-", "days", "days"): _subtract,
    ("+", "months", "months"): lambda a, b: _months(a.count + b.count),
    ("-", "months", "months"): lambda a, b: _months(a.count - b.count),
    ("+", "instant", "days"): _add,
    ("-", "instant", "days"): _subtract,
    ("+", "date", "days"): _date_after,
    ("-", "date", "days"): lambda day, length: _date_after(day, -length),
    ("+", "time", "days"): _time_after,
    ("-", "time", "days"): lambda clock, length: _time_after(clock, -length),
    ("-", "time", "time"): _times_between,
    **{("-", a, b): _between for a in ("date", "instant") for b in ("date", "instant")},
    **{("+", day, "months"): lambda day, length: months_later(day, length.count) for day in ("date", "instant")},
    **{("-", day, "months"): lambda day, length: months_later(day, -length.count) for day in ("date", "instant")},
    **{("*", kind, "number"): _times for kind in ("days", "months")},
    **{("/", kind, "number"): _divided for kind in ("days", "months")},
    **{("/", kind, kind): _ratio for kind in ("days", "months")},
}


def _turned(work: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: work(right, left)


_WORK |= {
    (operator, right, left): _turned(work)
    for (operator, left, right), work in _WORK.items()
    if operator in ("+", "*") and left != right
}
