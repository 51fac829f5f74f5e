"""Working time: when a calendar is open, and what so much open time makes of an instant. No clocks, no policies.

Opening is decided by what clocks in the calendar's zone show: hours that a change to summer time skips don't count,
hours that the change back repeats count twice. Rules: "Time" in the design's semantics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.time.durations import WorkingDuration
from engine.domain.time.zones import YEARS, Stretch, day_stretches, find_zone, instant_of, stretches, to_utc

#: days (ten years) after which looking for an opening is given up
LOOK_AHEAD = 3653
_DAY = timedelta(days=1)
#: opening and closing; `time.max` is the midnight that ends the day
Interval = tuple[time, time]
#: from an instant (UTC) until before another
Opening = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly opening hours in a time zone, without holidays and own closures. One that exists is sound.

    Raises `Invalid` for an unknown zone, country or subdivision, hours that overlap, or none at all.
    """

    key: str
    #: IANA name
    time_zone: str
    #: by day of the week, 0 is Monday; a day's intervals in order
    hours: Mapping[int, tuple[Interval, ...]]
    #: ISO 3166 code of the country whose holidays are closed; empty: none
    country: str = ""
    subdivision: str = ""
    closures: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        find_zone(self.time_zone)
        if not any(self.hours.values()) or not set(self.hours) <= set(range(7)):
            raise Invalid(said("Calendar {name} is never open: give it hours on a day of the week.", name=self.key))
        if not all(in_order(intervals) for intervals in self.hours.values()):
            raise Invalid(said("Calendar {name} needs the hours of each day in order, without overlap.", name=self.key))
        public_holidays(self.country, self.subdivision, 2026)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its hours are told."""
        return ZoneInfo(self.time_zone)

    def add(self, start: datetime, duration: WorkingDuration) -> datetime:
        """The instant (UTC) at which so much working time after `start` is used up: days first, then hours.

        Raises `Invalid` where the calendar isn't open so long within ten years.
        """
        instant = self.opening_after(start)
        if duration.days:
            local = instant.astimezone(self.zone)
            day = self._working_day(local.date(), duration.days, 1)
            instant = min(self._at(day, local.time()), self.openings(day)[-1][1])
        return self.add_time(instant, duration.time)

    def add_time(self, start: datetime, open_time: timedelta) -> datetime:
        """The earliest instant (UTC) at which `open_time` has passed since `start`; `start` itself for none."""
        start = to_utc(start)
        if not open_time:
            return start
        for opens, closes in self._ahead(start):
            if open_time <= closes - opens:
                return opens + open_time
            open_time -= closes - opens
        raise self._never(start)

    def subtract(self, end: datetime, duration: WorkingDuration) -> datetime:
        """The latest instant (UTC) at which so much working time is left until `end`: `add` in a mirror."""
        instant = to_utc(end)
        if duration.days:
            local = next((closes for _, closes in self._back(instant)), instant).astimezone(self.zone)
            day = self._working_day(local.date(), duration.days, -1)
            openings = self.openings(day)
            instant = min(max(self._at(day, local.time()), openings[0][0]), openings[-1][1])
        left = duration.time
        if not left:
            return instant
        for opens, closes in self._back(instant):
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
        raise self._never(end)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the calendar is open from `start` until `end`; nothing where `end` comes first."""
        start, end = to_utc(start), to_utc(end)
        return sum((closes - opens for opens, closes in self._open(start, end)), timedelta())

    def opening_after(self, start: datetime) -> datetime:
        """`start` (UTC) where the calendar is open then, else its next opening. Raises `Invalid` where none comes."""
        start = to_utc(start)
        for opens, _ in self._ahead(start):
            return opens
        raise self._never(start)

    def closing(self, day: date) -> datetime | None:
        """The instant (UTC) at which the calendar closes on a day; None where it doesn't open."""
        openings = self.openings(day)
        return openings[-1][1] if openings else None

    def is_working(self, day: date) -> bool:
        """Whether the calendar opens on a day."""
        return bool(self.openings(day))

    def nearest_working_day(self, day: date) -> date:
        """The day itself or the working day nearest to it, of two the later. Raises `Invalid` where none is near."""
        if day.year not in YEARS:
            raise Invalid(
                said(
                    "Expected a day in the years {years} to {value}, but got {day}.",
                    years=YEARS[0],
                    value=YEARS[-1],
                    day=day,
                )
            )
        for distance in range(LOOK_AHEAD):
            for candidate in (day + distance * _DAY, day - distance * _DAY):
                if self.is_working(candidate):
                    return candidate
        raise self._never(day)

    def openings(self, day: date) -> tuple[Opening, ...]:
        """When the calendar is open on a day of its zone, in order."""
        hours = self._hours(day)
        if not hours:
            return ()
        local = datetime.combine(day, time())
        return tuple(_clip(hours, day_stretches(self.zone, local)))

    def _hours(self, day: date) -> tuple[Opening, ...]:
        """What clocks in the zone show at the day's openings and closings, written as if they were UTC."""
        intervals = self.hours.get(day.weekday(), ())
        if not intervals or day.year not in YEARS or day in self.closures:
            return ()
        if day in public_holidays(self.country, self.subdivision, day.year):
            return ()
        return tuple((datetime.combine(day, opens, UTC), _closing(day, closes)) for opens, closes in intervals)

    def _open(self, start: datetime, end: datetime) -> Iterator[Opening]:
        """When the calendar is open from `start` until `end`, in order; never more than a day in one piece."""
        for stretch in stretches(self.zone, start, end):
            first, last = ((instant + stretch.offset).date() for instant in stretch[:2])
            for number in range((last - first).days + 1):
                yield from _clip(self._hours(first + number * _DAY), [stretch])

    def _ahead(self, start: datetime) -> Iterator[Opening]:
        for number in range(LOOK_AHEAD):
            yield from self._open(start + number * _DAY, start + (number + 1) * _DAY)

    def _back(self, end: datetime) -> Iterator[Opening]:
        for number in range(LOOK_AHEAD):
            yield from reversed(list(self._open(end - (number + 1) * _DAY, end - number * _DAY)))

    def _working_day(self, day: date, count: int, direction: int) -> date:
        """The `count`-th working day after `day`, or before it where `direction` is -1."""
        for distance in range(1, LOOK_AHEAD + 1):
            candidate = day + direction * distance * _DAY
            count -= self.is_working(candidate)
            if not count:
                return candidate
        raise self._never(day)

    def _at(self, day: date, wall_clock: time) -> datetime:
        return instant_of(self.zone, datetime.combine(day, wall_clock))

    def _never(self, start: date) -> Invalid:
        return Invalid(
            said(
                "Calendar {name} isn't open so long within ten years of {start}.",
                name=self.key,
                start=start.isoformat(),
            )
        )


@lru_cache(maxsize=64)
def always(time_zone: str) -> Calendar:
    """The calendar that never closes; its days are those of the zone."""
    return Calendar("24x7", time_zone, dict.fromkeys(range(7), ((time.min, time.max),)))


def find_calendar(calendars: Mapping[str, Calendar], key: str) -> Calendar:
    """The calendar of that key. Raises `Invalid` where there is none."""
    if key not in calendars:
        raise Invalid(
            said("Expected one of the calendars {names}, but got {name}.", names=list(calendars), name=f"{key!r:.80}")
        )
    return calendars[key]


def _clip(hours: Iterable[Opening], within: Iterable[Stretch]) -> Iterator[Opening]:
    """The instants within the stretches at which clocks show the hours."""
    for start, end, offset in within:
        for shown_opens, shown_closes in hours:
            opens, closes = max(shown_opens - offset, start), min(shown_closes - offset, end)
            if opens < closes:
                yield opens, closes


def in_order(intervals: Sequence[Interval]) -> bool:
    """Whether each interval ends after it begins, and before the next begins."""
    return all(opens < closes for opens, closes in intervals) and all(
        one[1] <= other[0] for one, other in pairwise(intervals)
    )


def _closing(day: date, shown: time) -> datetime:
    """What clocks show at a closing, written as if it were UTC."""
    return datetime.combine(day + _DAY, time.min, UTC) if shown == time.max else datetime.combine(day, shown, UTC)


@lru_cache(maxsize=512)
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """The public holidays of a year. Raises `Invalid` for a country or subdivision that isn't known."""
    if not country:
        return frozenset()
    try:
        if country not in holidays.list_supported_countries():
            raise NotImplementedError
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        where = f"{country}-{subdivision}" if subdivision else country
        raise Invalid(
            said("Expected a country (ISO 3166) with known holidays, but got {where}.", where=f"{where!r}")
        ) from None


#: the calendar that never closes, where no zone is known
ALWAYS = always("UTC")
