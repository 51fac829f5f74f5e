"""Reads the calendars of `package.toml`. How time is counted in them stands in `engine.domain.time.calendars`."""

from __future__ import annotations

import re
from datetime import date, time
from zoneinfo import ZoneInfo

import holidays

from engine.domain.package_files.tables import KEY, Table
from engine.domain.said import said
from engine.domain.time.calendars import Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "24x7"

Intervals = tuple[tuple[time, time], ...]


def read_time_zone(table: Table, key: str, default: str | None = None) -> str:
    """The name of a zone that exists."""
    name = table.text(key, default)
    try:
        if name:
            ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        table.report(
            key,
            said("`{name}` isn't a time zone.", name=name[:80]),
            said("Write a name of the tz database: Europe/Rome."),
        )
        return default or ""
    return name


def read_calendars(root: Table, zone: str) -> dict[str, Calendar]:
    """The package's calendars by key. `24x7` need not and may not be declared."""
    tables = root.table("calendars", required=False)
    found: dict[str, Calendar] = {}
    for key in tables.values if tables else ():
        table = tables.table(key) if tables else None
        if table is None:
            continue
        if key == ALWAYS or not KEY.fullmatch(key):
            table.report(
                None, said("A calendar can't be called `{name}`.", name=key[:80]), said("Use a lower-case identifier.")
            )
        calendar = _calendar(key, table, zone)
        table.close()
        if calendar is not None:
            found[key] = calendar
    return found


def _calendar(key: str, table: Table, zone: str) -> Calendar | None:
    before = len(table.source.problems)
    zone = read_time_zone(table, "time_zone", zone)
    hours = _hours(table)
    country, subdivision = _holidays(table)
    closures = _closures(table)
    if len(table.source.problems) > before or not zone:
        return None
    return Calendar(key=key, time_zone=zone, hours=hours, country=country, subdivision=subdivision, closures=closures)


def _hours(calendar: Table) -> dict[int, Intervals]:
    table = calendar.table("hours")
    if table is None:
        return {}
    hours = {number: _intervals(table, day) for number, day in enumerate(DAYS)}
    table.close()
    if not any(hours.values()):
        calendar.report("hours", said("The calendar is never open."), said('Add hours: { mon = ["08:30-17:30"] }.'))
    return {day: intervals for day, intervals in hours.items() if intervals}


def _intervals(table: Table, day: str) -> Intervals:
    found: list[tuple[time, time]] = []
    for text in table.texts(day, ()):
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", text)
        if not match:
            table.report(day, said("`{text}` isn't an interval of hours.", text=text[:80]), said("Write 08:30-17:30."))
            continue
        start = time(int(match[1]), int(match[2]))
        # `time` can't say 24:00; its greatest value stands for the end of the day
        end = time(int(match[3]), int(match[4])) if match[3] else time.max
        if start >= end or (found and start < found[-1][1]):
            table.report(
                day,
                said("`{text}` is empty, or begins before the one before it ends.", text=text),
                said("Put them in order."),
            )
        found.append((start, end))
    return tuple(found)


def _holidays(calendar: Table) -> tuple[str, str]:
    table = calendar.table("holidays", required=False)
    if table is None or not table.values:
        return "", ""
    country, subdivision = table.text("country"), table.text("subdivision", "")
    table.close()
    try:
        holidays.country_holidays(country, subdiv=subdivision or None, years=2026)
    except (NotImplementedError, AttributeError, ValueError):
        place = f"{country[:20]} {subdivision[:20]}".strip()
        table.report(
            "country", said("No holidays are known for `{place}`.", place=place), said("Use codes of ISO 3166.")
        )
    return country, subdivision


def _closures(calendar: Table) -> frozenset[date]:
    days: set[date] = set()
    for text in calendar.texts("closures", ()):
        try:
            days.add(date.fromisoformat(text))
        except ValueError:
            calendar.report("closures", said("`{text}` isn't a date.", text=text[:80]), said("Write 2026-08-14."))
    return frozenset(days)
