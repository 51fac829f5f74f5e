"""Functions of dates, times and durations (DMN 1.3, 10.3.4.1 and 10.3.4.7). Texts are read where dates are asked for.

The instant of `now()` is handed in; nothing here reads a clock.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.feel.durations import Months, parse_duration
from engine.domain.feel.functions.function import ANY, Function
from engine.domain.feel.run import Run
from engine.domain.feel.values import is_whole, read_date, read_instant, read_temporal, read_time, with_offset
from engine.domain.said import said

# FEEL's own words, which tables compare with: they aren't translated
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def now(run: Run) -> datetime:
    """The instant that was handed in; raises Invalid where none was."""
    if run.now is None:
        raise Invalid(said("There is no instant here for now() and today(). Name a variable that holds the date."))
    return with_offset(run.now)


def as_date(value: Any) -> date | None:
    """The date of a date, an instant, or a text that says one."""
    found = read_temporal(value) if isinstance(value, str) else value
    return found.date() if isinstance(found, datetime) else found if isinstance(found, date) else None


def _date(run: Run, first: Any, month: Any = None, day: Any = None) -> date | None:
    if month is None and day is None:
        return as_date(first)
    parts = _whole(first, month, day)
    try:
        return date(parts[0], parts[1], parts[2]) if parts else None
    except (ValueError, OverflowError):
        return None


def _time(run: Run, first: Any, minute: Any = None, second: Any = None, offset: Any = None) -> time | None:
    if minute is None and second is None:
        found = read_temporal(first) if isinstance(first, str) else first
        return found.timetz() if isinstance(found, datetime) else found if isinstance(found, time) else None
    parts = _whole(first, minute, second)
    try:
        zone = timezone(offset) if isinstance(offset, timedelta) else None
        return time(parts[0], parts[1], parts[2], tzinfo=zone) if parts else None
    except (ValueError, OverflowError):
        return None


def _whole(*values: Any) -> list[int] | None:
    sound = all(isinstance(value, Decimal) and is_whole(value) and abs(value) < 10_000 for value in values)
    return [int(value) for value in values] if sound else None


def _instant(run: Run, first: Any, clock: Any = None) -> datetime | None:
    if clock is None:
        return read_instant(first) if isinstance(first, str) else first if isinstance(first, datetime) else None
    day, of_day = as_date(first), read_time(clock) if isinstance(clock, str) else clock
    return datetime.combine(day, of_day) if day is not None and isinstance(of_day, time) else None


def _duration(run: Run, value: Any) -> Any:
    if isinstance(value, str):
        return parse_duration(value)
    return value if isinstance(value, timedelta | Months) else None


def _months_between(run: Run, start: Any, end: Any) -> Months | None:
    """Whole months from one date to another."""
    first, last = as_date(start), as_date(end)
    if first is None or last is None:
        return None
    sign, first, last = (-1, last, first) if last < first else (1, first, last)
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return Months(sign * months)


def _of(part: Any) -> Function:
    """A function of a date."""

    def asked(run: Run, value: Any) -> Any:
        day = as_date(value)
        return None if day is None else part(day)

    return Function(asked, (ANY,))


def written(function: str, text: str) -> Any:
    """The value of a function's text that is written out, or of `@"…"`; None where the text says none."""
    readers: dict[str, Any] = {
        "date": read_date, "time": read_time, "date and time": read_instant, "duration": parse_duration
    }  # fmt: skip
    return readers.get(function, read_temporal)(text)


FUNCTIONS = {
    "now": Function(now),
    "today": Function(lambda run: now(run).date()),
    "date": Function(_date, (ANY, ANY, ANY), optional=2),
    "time": Function(_time, (ANY, ANY, ANY, ANY), optional=3),
    "date and time": Function(_instant, (ANY, ANY), optional=1),
    "duration": Function(_duration, (ANY,)),
    "years and months duration": Function(_months_between, (ANY, ANY)),
    "day of week": _of(lambda day: _DAYS[day.weekday()]),
    "day of year": _of(lambda day: Decimal(day.timetuple().tm_yday)),
    "week of year": _of(lambda day: Decimal(day.isocalendar().week)),
    "month of year": _of(lambda day: _MONTHS[day.month - 1]),
}
