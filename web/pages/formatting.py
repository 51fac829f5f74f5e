"""How instants and spans are written for the reader, as filters of templates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_datetime, format_skeleton
from flask import g
from jinja2 import Environment

from web.texts import locale_of, say

SOON = timedelta(hours=4)


def install(environment: Environment) -> None:
    """The filters `instant`, `day`, `clock_time`, `iso`, and the function `left`."""
    environment.filters.update(instant=instant, day=day, clock_time=clock_time, iso=iso)
    environment.globals.update(left=left)


def instant(at: datetime) -> str:
    """Day and time in the reader's zone and language."""
    return f"{day(at)}, {clock_time(at)}"


def day(at: datetime) -> str:
    """The day, with its year where it isn't the present one."""
    visit = g.visit
    here = at.astimezone(visit.zone)
    skeleton = "MMMEd" if here.year == visit.now.astimezone(visit.zone).year else "yMMMEd"
    return str(format_skeleton(skeleton, here, locale=locale_of(visit.language)))


def clock_time(at: datetime) -> str:
    """The time of day in the reader's zone."""
    return str(format_datetime(at, "HH:mm", tzinfo=g.visit.zone, locale=locale_of(g.visit.language)))


def iso(at: datetime) -> str:
    """The instant for machines."""
    return at.isoformat()


def left(deadline: datetime | None, warning: datetime | None = None) -> dict[str, Any] | None:
    """How a deadline stands: its words, and `late`, `soon` or `fine`."""
    if deadline is None:
        return None
    visit = g.visit
    rest = deadline - visit.now
    if rest < timedelta(0):
        return {"state": "late", "words": say("late by {span}", visit.language, span=span(-rest, visit.language))}
    soon = rest <= SOON or (warning is not None and visit.now >= warning)
    words = say("{span} left", visit.language, span=span(rest, visit.language))
    return {"state": "soon" if soon else "fine", "words": words}


def span(length: timedelta, language: str) -> str:
    """A length of time in its two largest units: 2 h 15 m, 3 d 4 h."""
    minutes = int(length.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "{n} d"), (hours, "{n} h"), (rest, "{n} m")]
    first = next((index for index, (number, _) in enumerate(parts) if number), 2)
    return " ".join(say(unit, language, n=number) for number, unit in parts[first : first + 2] if number or first == 2)
