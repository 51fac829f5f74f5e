"""Calendars as JSON, in the shape that `package.toml` gives them. What they mean stands in `calendars`.

    {"time_zone": "Europe/Rome", "hours": {"mon": ["08:30-17:30"]},
     "holidays": {"country": "IT", "subdivision": ""}, "closures": ["2026-08-14"]}

Its readers of single values serve the policy's rows too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.time.calendars import Calendar, Interval, in_order, public_holidays
from engine.domain.time.zones import find_zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_INTERVAL = re.compile(f"({_CLOCK})-({_CLOCK}|24:00)")


def to_json(calendar: Calendar) -> dict[str, Any]:
    """The calendar without its key."""
    return {
        "time_zone": calendar.time_zone,
        "hours": {DAYS[day]: [_text(interval) for interval in calendar.hours[day]] for day in sorted(calendar.hours)},
        "holidays": {"country": calendar.country, "subdivision": calendar.subdivision},
        "closures": sorted(day.isoformat() for day in calendar.closures),
    }


def from_json(key: str, stored: Any, where: str) -> Calendar:
    """The calendar that `to_json` wrote, or somebody else.

    Raises `Invalid`: for a wrong shape at once, else with all that is wrong by field, such as `{where}.hours.mon`.
    """
    table = record(stored, where, ("time_zone", "hours", "holidays", "closures"))
    hours = record(table.get("hours", {}), f"{where}.hours", DAYS)
    free = record(table.get("holidays", {}), f"{where}.holidays", ("country", "subdivision"))
    zone = text(table, "time_zone", where)
    country, subdivision = (text(free, name, f"{where}.holidays") for name in ("country", "subdivision"))
    intervals: dict[int, tuple[Interval, ...]] = {}
    closures: list[date] = []
    wrong: dict[str, list[str]] = {}
    for day in hours:
        with _noting(wrong, f"{where}.hours.{day}"):
            intervals[DAYS.index(day)] = _intervals(texts(hours, day, f"{where}.hours"))
    if not any(hours.values()):
        wrong[f"{where}.hours"] = [said("The calendar is never open: give it hours on a day of the week.")]
    with _noting(wrong, f"{where}.time_zone"):
        find_zone(zone)
    with _noting(wrong, f"{where}.holidays.country"):
        public_holidays(country, "", 2026)
        with _noting(wrong, f"{where}.holidays.subdivision"):
            public_holidays(country, subdivision, 2026)
    for written in texts(table, "closures", where):
        with _noting(wrong, f"{where}.closures"):
            closures.append(_date(written))
    if wrong:
        raise Invalid(said("The calendar {name} can't be used like this.", name=key), wrong)
    return Calendar(key, zone, intervals, country, subdivision, frozenset(closures))


@contextmanager
def _noting(wrong: dict[str, list[str]], name: str) -> Iterator[None]:
    """What is raised as `Invalid` is noted under the name, and reading goes on."""
    try:
        yield
    except Invalid as error:
        wrong.setdefault(name, []).append(str(error))


def record(value: Any, where: str, names: tuple[str, ...] | None = None) -> Mapping[str, Any]:
    """The value, if it is an object with none but the given names. Raises `Invalid`."""
    if not isinstance(value, Mapping):
        raise Invalid(said("Expected an object as {where}, but got {value}.", where=where, value=f"{value!r:.80}"))
    if unknown := [name for name in value if names is not None and name not in names]:
        raise Invalid(
            said(
                "Expected {where} to have only {names}, but got {unknown}.",
                where=where,
                names=list(names or ()),
                unknown=f"{unknown[0]!r:.80}",
            )
        )
    return value


def text(table: Mapping[str, Any], name: str, where: str, default: str = "") -> str:
    """The text of that name. Raises `Invalid` where it is another value."""
    value = table.get(name, default)
    if not isinstance(value, str):
        raise Invalid(
            said("Expected a text as {where}.{name}, but got {value}.", where=where, name=name, value=f"{value!r:.80}")
        )
    return value


def texts(table: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    """The texts of that name. Raises `Invalid` where it isn't a list of texts."""
    value = table.get(name, [])
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise Invalid(
            said(
                "Expected a list of texts as {where}.{name}, but got {value}.",
                where=where,
                name=name,
                value=f"{value!r:.80}",
            )
        )
    return tuple(value)


def _text(interval: Interval) -> str:
    return "-".join("24:00" if shown == time.max else _shown(shown) for shown in interval)


def _shown(shown: time) -> str:
    return shown.isoformat("seconds" if shown.second else "minutes")


def _intervals(written: tuple[str, ...]) -> tuple[Interval, ...]:
    intervals = tuple(map(_interval, written))
    if not in_order(intervals):
        raise Invalid(said("Expected hours in order that end after they begin and don't overlap."))
    return intervals


def _interval(written: str) -> Interval:
    match = _INTERVAL.fullmatch(written)
    if match is None:
        raise Invalid(said("Expected opening hours like 08:30-17:30, but got {written}.", written=f"{written!r:.80}"))
    return time.fromisoformat(match[1]), time.max if match[2] == "24:00" else time.fromisoformat(match[2])


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Invalid(said("Expected a date like 2026-08-14, but got {written}.", written=f"{written!r:.80}")) from None
