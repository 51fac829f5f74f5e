"""FEEL's two kinds of duration: days and time (`timedelta`), years and months (`Months`). ISO 8601 in and out."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

_MONTHS = re.compile(r"(?P<sign>-?)P(?:(?P<years>[0-9]{1,9})Y)?(?:(?P<months>[0-9]{1,9})M)?")
_DAYS = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]{1,9})D)?(?:T(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?"
    r"(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,6})?)S)?)?"
)

_D = TypeVar("_D", date, datetime)


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration; negative ones go back."""

    count: int


def parse_duration(text: str) -> timedelta | Months | None:
    """`P1DT2H`, `-P1Y6M`: the duration, or None where the text is none, or too long (DMN 1.3, 10.3.4.1)."""
    if text.endswith(("P", "T")):
        return None
    if match := _MONTHS.fullmatch(text):
        count = int(match["years"] or 0) * 12 + int(match["months"] or 0)
        return Months(-count if match["sign"] else count)
    if not (match := _DAYS.fullmatch(text)):
        return None
    days, hours, minutes = (int(match[unit] or 0) for unit in ("days", "hours", "minutes"))
    try:
        length = timedelta(days, float(match["seconds"] or 0), 0, 0, minutes, hours)
    except OverflowError:
        return None
    return -length if match["sign"] else length


def duration_text(value: timedelta | Months) -> str:
    """The duration as ISO 8601, in its largest units: `P1DT2H`, `-P1Y6M`, `PT0S`, `P0M`."""
    if isinstance(value, Months):
        years, months = divmod(abs(value.count), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if value.count < 0 else ''}P{text}"
    days, hours, minutes, seconds, micros = parts_of(value)
    fraction = f".{micros:06}".rstrip("0") if micros else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value < timedelta() else ''}P{text or 'T0S'}"


def parts_of(value: timedelta) -> tuple[int, int, int, int, int]:
    """Days, hours, minutes, seconds and microseconds, all of them without a sign."""
    length = abs(value)
    minutes, seconds = divmod(length.seconds, 60)
    return length.days, minutes // 60, minutes % 60, seconds, length.microseconds


def months_later(day: _D, months: int) -> _D:
    """The same day of another month, or that month's last. Raises ValueError beyond the years 1 to 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
