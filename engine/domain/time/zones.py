"""Wall-clock time and instants of a time zone, through every change of its offset. Opening hours don't belong here.

Every instant that leaves this module is aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.domain.errors import Invalid
from engine.domain.said import said

#: years that times may lie in: outside them neither holidays nor time zones are known
YEARS = range(1900, 2201)
_DAY = timedelta(days=1)
#: the farthest that a zone was ever from UTC is under 16 hours; from noon to midnight are 12 more
_REACH = timedelta(hours=28)


class Stretch(NamedTuple):
    """The instants from `start` until before `end`, in which the zone's clocks were `offset` ahead of UTC."""

    start: datetime
    end: datetime
    offset: timedelta


def find_zone(key: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises `Invalid` where there is none."""
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(said("Expected a time zone like Europe/Rome, but got {name}.", name=f"{key!r}")) from None


def to_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises `ValueError` for a naive one, `Invalid` outside of `YEARS`."""
    if instant.tzinfo is None:
        raise ValueError(f"Expected an aware datetime, but got {instant!r}.")
    if instant.year not in YEARS:
        raise Invalid(
            said(
                "Expected a time in the years {years} to {value}, but got {instant}.",
                years=YEARS[0],
                value=YEARS[-1],
                instant=instant.isoformat(),
            )
        )
    return instant.astimezone(UTC)


def stretches(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Stretch]:
    """The time from `start` to `end` in pieces of at most a day, each with one offset."""
    while start < end:
        offset, until = _offset(zone, start), min(start + _DAY, end)
        if _offset(zone, until) != offset:
            until = _change(zone, start, until)
        yield Stretch(start, until, offset)
        start = until


def day_stretches(zone: ZoneInfo, local: datetime) -> Iterator[Stretch]:
    """Stretches that hold every instant of the naive wall-clock time's day (and others)."""
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=UTC)
    return stretches(zone, noon - _REACH, noon + _REACH)


def instant_of(zone: ZoneInfo, local: datetime) -> datetime:
    """The first instant at which the zone's clocks show a naive wall-clock time, or have just skipped it."""
    if local.year not in YEARS:
        raise Invalid(
            said(
                "Expected a time in the years {years} to {value}, but got {local}.",
                years=YEARS[0],
                value=YEARS[-1],
                local=local.isoformat(),
            )
        )
    shown = local.replace(tzinfo=UTC)
    return next(max(shown - offset, start) for start, end, offset in day_stretches(zone, local) if shown - offset < end)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the zone leaves the offset that it has at `before`, halving the time until `after`."""
    low, high = before.replace(microsecond=0), after.replace(microsecond=0)
    offset = _offset(zone, low)
    while (seconds := (high - low) // timedelta(seconds=1)) > 1:
        middle = low + timedelta(seconds=seconds // 2)
        low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
    return high
