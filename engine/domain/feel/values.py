"""FEEL's values: how they come in, what kind they are, which parts they have (DMN 1.3, 10.3.2.3 and table 65)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.domain.feel.durations import Months, parse_duration, parts_of


def normal(value: Any) -> Any:
    """A value as FEEL sees it: numbers exact, NaN and infinities null, tuples lists."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float | Decimal):
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        return number if number.is_finite() else None
    if isinstance(value, datetime):
        return with_offset(value)
    return list(value) if isinstance(value, tuple) else value


def with_offset(instant: datetime) -> datetime:
    """The instant with the offset that its zone has then: an hour more is an hour later, whatever clocks do."""
    offset = instant.utcoffset()
    return instant if offset is None else instant.replace(tzinfo=timezone(offset), fold=0)


def is_whole(number: Decimal) -> bool:
    """Whether nothing stands behind the point, however large the number is."""
    return number == number.to_integral_value()


def kind_of(value: Any) -> str:
    """`number`, `text`, `date`, `instant`, `time`, `days` or `months`; empty for anything else."""
    match value:
        case Decimal():
            return "number"
        case str():
            return "text"
        case datetime():
            return "instant"
        case date():
            return "date"
        case time():
            return "time"
        case timedelta():
            return "days"
        case Months():
            return "months"
        case _:
            return ""


def read_date(text: str) -> date | None:
    """`2026-03-27`; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def read_instant(text: str) -> datetime | None:
    """`2026-03-27T16:00:00+01:00`; None for anything else."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """`16:00:00`, with or without an offset; None for anything else."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def read_temporal(text: str) -> Any:
    """The date, instant, time or duration that a text says; None where it says none."""
    if text[:1] in ("P", "-"):
        return parse_duration(text)
    return read_date(text) or (read_time(text) if text[2:3] == ":" or text[:1] == "T" else read_instant(text))


def alike(value: Any, other: Any) -> Any:
    """A text beside a date is read as one: tickets and forms carry dates as ISO texts."""
    if not isinstance(value, str):
        return value
    match other:
        case datetime():
            found: Any = read_instant(value)
        case date():
            found = _date_of(value)
        case time():
            found = read_time(value)
        case timedelta() | Months():
            found = parse_duration(value)
        case _:
            return value
    return value if found is None else found


def part_of(value: Any, name: str) -> Any:
    """What a dot leads to: a record's value, a part of a date or duration; None where there is none."""
    if isinstance(value, Mapping):
        return normal(value.get(name))
    if isinstance(value, timedelta):
        return _of_days(value, name)
    if isinstance(value, Months):
        years, months = divmod(abs(value.count), 12)
        size = {"years": years, "months": months}.get(name)
        return None if size is None else Decimal(-size if value.count < 0 else size)
    if isinstance(value, date) and name in ("year", "month", "day"):
        return Decimal(getattr(value, name))
    if isinstance(value, date) and name == "weekday":
        return Decimal(value.isoweekday())
    if isinstance(value, datetime | time):
        return _of_time(value, name)
    return None


def _of_days(value: timedelta, name: str) -> Decimal | None:
    days, hours, minutes, seconds, micros = parts_of(value)
    exact = Decimal(seconds) + Decimal(micros).scaleb(-6)
    size = {"days": Decimal(days), "hours": Decimal(hours), "minutes": Decimal(minutes), "seconds": exact}.get(name)
    return -size if size and value < timedelta() else size


def _of_time(value: datetime | time, name: str) -> Any:
    if name in ("hour", "minute"):
        return Decimal(getattr(value, name))
    if name == "second":
        return Decimal(value.second) + Decimal(value.microsecond).scaleb(-6)
    return value.utcoffset() if name == "time offset" else None


def _date_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
