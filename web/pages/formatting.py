"""How instants and spans are written for the reader, as filters of templates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_datetime, format_skeleton
from flask import g
from jinja2 import Environment

from engine.domain.said import Said
from web import formats
from web.texts import locale_of, say

SOON = timedelta(hours=4)


def install(environment: Environment) -> None:
    """The filters `instant`, `day`, `clock_time`, `iso`, and the function `left`."""
    environment.filters.update(instant=instant, day=day, clock_time=clock_time, iso=iso, when=when, ago=ago, fact=fact)
    environment.globals.update(left=left)


def instant(at: datetime) -> str:
    """Day and time in the reader's zone and language."""
    return f"{day(at)}, {clock_time(at)}"


def when(at: datetime) -> str:
    """The instant as one would say it in a sentence: Thursday at 12:00."""
    visit = g.visit
    return formats.when(at, visit.now, visit.language, visit.zone)


def ago(at: datetime) -> str:
    """How long ago it was, or how far ahead it is: 3 hours ago."""
    visit = g.visit
    return formats.since(at, visit.now, visit.language)


def day(at: datetime) -> str:
    """The day, with its year where it isn't the present one."""
    visit = g.visit
    here = at.astimezone(visit.zone)
    skeleton = "MMMEd" if here.year == visit.now.astimezone(visit.zone).year else "yMMMEd"
    return str(format_skeleton(skeleton, here, locale=locale_of(visit.language)))


def clock_time(at: datetime) -> str:
    """The time of day in the reader's zone."""
    return str(format_datetime(at, "HH:mm", tzinfo=g.visit.zone, locale=locale_of(g.visit.language)))


def fact(value: Any) -> str:
    """A value of a ticket's field as people read it: a text, number, day or instant."""
    language = g.visit.language
    if isinstance(value, datetime):
        return formats.instant(value, language, g.visit.zone)
    if isinstance(value, date):
        return formats.day(value, language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return formats.number(value, language)
    return say(value, language) if isinstance(value, Said) else str(value)


def iso(at: datetime) -> str:
    """The instant for machines."""
    return at.isoformat()


def left(deadline: datetime | None, warning: datetime | None = None) -> dict[str, Any] | None:
    """How a deadline stands: its words, and `late`, `soon` or `fine`."""
    if deadline is None:
        return None
    visit = g.visit
    rest, words = deadline - visit.now, formats.time_left(deadline, visit.now, visit.language)
    if rest <= timedelta(0):
        return {"state": "late", "words": words}
    soon = rest <= SOON or (warning is not None and visit.now >= warning)
    return {"state": "soon" if soon else "fine", "words": words}
