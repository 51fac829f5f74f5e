"""Durations, instants and cycles as ISO 8601 writes them. What a working day is stands in `calendars`.

All parsers raise `Invalid` with a text that says what was expected.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.time.zones import instant_of, to_utc

#: longest working duration, so that no calendar is walked for ever
LONGEST_WORKING = timedelta(days=3650)
#: longest elapsed duration
LONGEST_ELAPSED = timedelta(days=36525)

_WORKING = re.compile(
    r"P(?:(?P<days>[0-9]{1,7})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,7})H)?(?:(?P<minutes>[0-9]{1,8})M)?(?:(?P<seconds>[0-9]{1,9})S)?)?"
)
_ELAPSED = re.compile(
    r"P(?:(?P<years>[0-9]{1,5})Y)?(?:(?P<months>[0-9]{1,5})M)?(?:(?P<weeks>[0-9]{1,5})W)?(?:(?P<days>[0-9]{1,7})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,7})H)?(?:(?P<minutes>[0-9]{1,8})M)?(?:(?P<seconds>[0-9]{1,9}(?:[.,][0-9]{1,6})?)S)?)?"
)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_CYCLE = re.compile(r"R(?P<repetitions>[0-9]{0,6})/(?P<interval>.+)")
_WORKING_INTERVAL = re.compile(
    r"""working\(\s*["']?(?P<duration>[A-Z0-9]+)["']?\s*(?:,\s*["'](?P<calendar>[a-z0-9_]+)["']\s*)?\)"""
)


@dataclass(frozen=True, slots=True)
class WorkingDuration:
    """Working time: `days` working days, then `time` of opening hours."""

    days: int
    time: timedelta

    @classmethod
    def parse(cls, text: str) -> WorkingDuration:
        """`P5D`, `PT3H`, `P1DT4H30M`: whole days, hours, minutes, seconds; neither zero nor above ten years."""
        match = _WORKING.fullmatch(text)
        if match is None or text.endswith(("P", "T")):
            raise Invalid(
                said(
                    "Expected working time in days, hours and minutes like P5D or PT3H, but got {text}.",
                    text=f"{text!r}",
                )
            )
        parts = _parts(match)
        days = int(parts.pop("days"))
        return cls(days, _checked(text, timedelta(**parts), timedelta(days=days), LONGEST_WORKING))


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time as it passes: `months` of the calendar, then `span` (a day is 24 hours, a week seven of them)."""

    months: int
    span: timedelta

    def after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """So long after the instant, in UTC. Months keep the wall-clock time in `zone`, and end with the month."""
        start = to_utc(instant)
        if self.months:
            start = instant_of(zone, _add_months(start.astimezone(zone).replace(tzinfo=None), self.months))
        return to_utc(start + self.span)

    def next_after(self, now: datetime, since: datetime, zone: ZoneInfo) -> datetime:
        """The first instant after `now` at whole multiples of this after `since`, in UTC: a cycle doesn't drift.

        A month that is too short ends one repetition early, not those behind it: 31 January, 28 February, 31 March.
        """
        longest = timedelta(days=32 * self.months) + self.span
        count = max(0, (now - since) // longest) + 1
        while (due := Elapsed(self.months * count, self.span * count).after(since, zone)) <= now:
            count += 1
        return due


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating timer: how many times (None: without end), and the text of its interval."""

    repetitions: int | None
    #: an ISO 8601 duration, or `working("PT9H")`, `working("PT9H", "calendar")`
    interval: str


def parse_elapsed(text: str) -> Elapsed:
    """The ISO 8601 duration of a BPMN timer (`PT15M`, `P1M`, `P2W`); neither zero nor negative."""
    match = _ELAPSED.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise Invalid(said("Expected an ISO 8601 duration like PT15M or P1D, but got {text}.", text=f"{text!r}"))
    parts = _parts(match)
    months = int(parts.pop("years") * 12 + parts.pop("months"))
    return Elapsed(months, _checked(text, timedelta(**parts), timedelta(days=31 * months), LONGEST_ELAPSED))


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of an ISO 8601 date-time; one without an offset is told in `zone`.

    A date alone is refused here: it means a day's closing, which only a calendar knows (`Calendar.closing`).
    """
    if _INSTANT.fullmatch(text) is None:
        raise Invalid(said("Expected a date and time like 2026-03-27T16:00, but got {text}.", text=f"{text!r}"))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(said("Expected a date and time that exist, but got {text}.", text=f"{text!r}")) from None
    return to_utc(instant) if instant.tzinfo else instant_of(zone, instant)


def parse_cycle(text: str) -> Cycle:
    """The repeating interval of a BPMN timer: `R3/PT1H`, `R/P1D`; `R3/working(PT9H)`, with or without quotes."""
    match = _CYCLE.fullmatch(text)
    if match is None:
        raise Invalid(said("Expected a repeated interval like R3/PT1H, but got {text}.", text=f"{text!r}"))
    repetitions, interval = match["repetitions"], match["interval"]
    if repetitions and int(repetitions) == 0:
        raise Invalid(said("Expected at least one repetition, but got {text}.", text=f"{text!r}"))
    if working := _WORKING_INTERVAL.fullmatch(interval):
        WorkingDuration.parse(working["duration"])
        texts = [text for text in working.groups() if text]
        interval = "working(" + ", ".join(f'"{text}"' for text in texts) + ")"
    else:
        parse_elapsed(interval)
    return Cycle(int(repetitions) if repetitions else None, interval)


def _parts(match: re.Match[str]) -> dict[str, float]:
    """The numbers of a duration by unit, those left out as 0."""
    return {unit: float((number or "0").replace(",", ".")) for unit, number in match.groupdict().items()}


def _checked(text: str, time: timedelta, rest: timedelta, longest: timedelta) -> timedelta:
    """`time`, unless it and the rest of the duration are nothing or too much together."""
    if not time and not rest:
        raise Invalid(said("Expected a duration longer than nothing, but got {text}.", text=f"{text!r}"))
    if time + rest > longest:
        raise Invalid(
            said(
                "Expected a duration of at most {value} years, but got {text}.",
                value=longest.days // 365,
                text=f"{text!r}",
            )
        )
    return time


def _add_months(local: datetime, months: int) -> datetime:
    """The same day of a later month, or that month's last."""
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
