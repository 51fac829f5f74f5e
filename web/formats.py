"""Dates, times, spans and numbers as a reader writes them: the names and orders come from Babel, never from here.

All instants are aware; they are shown in the zone that is handed in, which is the reader's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_datetime_format,
)
from babel.numbers import format_decimal

from engine.domain.said import said
from web.texts import locale_of, say

_HOUR, _MINUTE = 3_600, 60


def number(value: float, language: str) -> str:
    """A number with its digits grouped: 1,200; 1.200."""
    return str(format_decimal(value, locale=locale_of(language)))


def day(value: date | str, language: str) -> str:
    """A day: 27 Mar 2026; 27 mar 2026. Takes an ISO text too."""
    return format_date(_date(value), "medium", locale=locale_of(language))


def long_day(value: date | str, language: str) -> str:
    """A day with its weekday: Friday 27 March 2026; venerdì 27 marzo 2026."""
    return format_date(_date(value), "full", locale=locale_of(language)).replace(", ", " ", 1)


def clock_time(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """The time of day: 16:00."""
    return format_time(moment.astimezone(zone), "short", tzinfo=zone, locale=locale_of(language))


def instant(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """An instant: 27 Mar 2026, 16:00; 27 mar 2026, 16:00."""
    return _joined(day(moment.astimezone(zone).date(), language), clock_time(moment, language, zone), language)


def when(moment: datetime, now: datetime, language: str, zone: ZoneInfo) -> str:
    """An instant for a sentence, as one would say it: today at 12:00; Thursday at 12:00; 3 April at 12:00.

    In Italian it fits behind "entro" and alone: "giovedì alle ore 12:00", "il 3 aprile alle ore 12:00".
    """
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time, ahead = clock_time(local, language, zone), (local.date() - today).days
    if ahead in (-1, 0, 1):
        text = {-1: said("yesterday at {time}"), 0: said("today at {time}"), 1: said("tomorrow at {time}")}[ahead]
        return say(text, language, time=time)
    if 1 < ahead < 7:
        weekday = format_date(local.date(), "EEEE", locale=locale_of(language))
        return say("{weekday} at {time}", language, weekday=weekday, time=time)
    written = format_date(local.date(), "long", locale=locale_of(language))
    if local.year == today.year:
        written = format_skeleton("MMMMd", local, tzinfo=zone, locale=locale_of(language))
    return say("{day} at {time}", language, day=written, time=time)


def since(moment: datetime, now: datetime, language: str) -> str:
    """How long ago it was, or how far ahead it is: 3 hours ago; 3 ore fa."""
    span = moment - now
    if abs(span) < timedelta(minutes=1):
        return say("just now", language)
    return str(format_timedelta(span, add_direction=True, locale=locale_of(language)))


def span(length: timedelta, language: str) -> str:
    """A span in its two largest units: 2 h 15 m; 1 d; 2 g 3 h. Its sign isn't shown."""
    minutes = int(abs(length).total_seconds()) // _MINUTE
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, said("{n} d")), (hours, said("{n} h")), (0 if days else rest, said("{n} m")))
    given = [say(unit, language, n=number(count, language)) for count, unit in parts if count]
    return " ".join(given) if given else say("{n} m", language, n=0)


def time_left(deadline: datetime, now: datetime, language: str) -> str:
    """What a chip says: 2 h 15 m left; late by 1 d. It is elapsed time."""
    text = said("{span} left") if deadline > now else said("late by {span}")
    return say(text, language, span=span(deadline - now, language))


def _joined(written_day: str, written_time: str, language: str) -> str:
    """Day and time of day in the order and with the signs of the language."""
    pattern = str(get_datetime_format("medium", locale=locale_of(language))).replace("'", "")
    return pattern.replace("{0}", written_time).replace("{1}", written_day)


def _date(value: date | str) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value
