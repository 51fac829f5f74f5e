"""Working time against a walk, minute by minute, that asks nothing but what clocks in the zone show."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.time.calendars import Calendar
from engine.domain.time.durations import WorkingDuration

MINUTE = timedelta(minutes=1)
#: zones with a night (or noon, or day) on which their clocks do something odd
ODD_NIGHTS = [
    ("Europe/Rome", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Rome", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Pacific/Chatham", datetime(2026, 4, 4, 14, tzinfo=UTC)),  # 12:45 and 13:45
    ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),  # from 00:01 back to yesterday
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # a day without midnight
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ("Antarctica/Troll", datetime(2026, 3, 29, 1, tzinfo=UTC)),  # two hours
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day that never was
    ("Africa/Casablanca", datetime(2026, 2, 15, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 4, 15, 18, 15, tzinfo=UTC)),
    ("Asia/Tehran", datetime(2021, 9, 21, 19, 30, tzinfo=UTC)),
]
WALKED = settings(max_examples=40, deadline=None)


@cache
def day_off(country: str, day: date) -> bool:
    return bool(country) and day in holidays.country_holidays(country, years=day.year)


def is_open(calendar: Calendar, instant: datetime) -> bool:
    shown = instant.astimezone(ZoneInfo(calendar.time_zone))
    if shown.date() in calendar.closures or day_off(calendar.country, shown.date()):
        return False
    return any(
        opens <= shown.time() and (closes == time.max or shown.time() < closes)
        for opens, closes in calendar.hours.get(shown.weekday(), ())
    )


def walk(start: datetime, step: timedelta = MINUTE) -> Iterator[datetime]:
    for number in range(40 * 24 * 60):
        yield start + number * step


def walked_add(calendar: Calendar, start: datetime, length: timedelta, step: timedelta = MINUTE) -> datetime:
    left = length
    for instant in walk(start, step):
        if is_open(calendar, instant):
            left -= step
            if not left:
                return instant + step
    raise AssertionError("the walk is too short for this calendar")


def walked_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    zone = ZoneInfo(calendar.time_zone)
    moved = next(instant for instant in walk(start) if is_open(calendar, instant)).astimezone(zone)
    seen: list[date] = []
    for instant in walk(moved.astimezone(UTC)):
        day = instant.astimezone(zone).date()
        if day > moved.date() and day not in seen and is_open(calendar, instant):
            seen.append(day)
        if len(seen) == days:
            break
    around = datetime.combine(seen[-1] - timedelta(days=1), time(), UTC)
    day_long = [instant for instant in islice(walk(around), 3 * 1440) if instant.astimezone(zone).date() == seen[-1]]
    closing = max(instant for instant in day_long if is_open(calendar, instant)) + MINUTE
    same_time = [instant for instant in day_long if instant.astimezone(zone).time() >= moved.time()]
    return min(same_time[0], closing) if same_time else closing


@st.composite
def intervals(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """Hours of a day with up to two breaks, by the quarter of an hour (or the minute after); to midnight at times."""
    marks = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    minute = draw(st.sampled_from([0, 1]))
    times = [time.max if mark == 96 else time(mark // 4, mark % 4 * 15 + minute) for mark in marks]
    return tuple(zip(times[::2], times[1::2], strict=False))


@st.composite
def odd_moments(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar, and a moment near the odd night of its zone."""
    zone, night = draw(st.sampled_from(ODD_NIGHTS))
    # never so rarely open that a walk takes long
    hours = {**draw(st.dictionaries(st.integers(0, 6), intervals(), min_size=2)), 2: ((time(9), time(17)),)}
    closures = draw(
        st.frozensets(st.integers(-5, 5).map(lambda days: (night + timedelta(days=days)).date()), max_size=3)
    )
    country = draw(st.sampled_from(["", "IT", "BR"]))
    start = night + draw(st.integers(-3 * 1440, 3 * 1440)) * MINUTE
    return Calendar("walked", zone, hours, country, "", closures), start


@WALKED
@given(odd_moments(), st.integers(1, 1000))
def test_adding_hours_is_a_walk(moment: tuple[Calendar, datetime], minutes: int) -> None:
    calendar, start = moment
    length = minutes * MINUTE
    end = calendar.add(start, WorkingDuration(0, length))
    assert end == walked_add(calendar, start, length)
    assert calendar.between(start, end) == length


@WALKED
@given(odd_moments(), st.integers(1, 4))
def test_adding_days_is_a_walk(moment: tuple[Calendar, datetime], days: int) -> None:
    calendar, start = moment
    assert calendar.add(start, WorkingDuration(days, timedelta())) == walked_days(calendar, start, days)


@WALKED
@given(odd_moments(), st.integers(0, 6000))
def test_between_is_a_walk(moment: tuple[Calendar, datetime], minutes: int) -> None:
    calendar, start = moment
    end = start + minutes * MINUTE
    walked = sum(is_open(calendar, start + number * MINUTE) for number in range(minutes))
    assert calendar.between(start, end) == walked * MINUTE


@pytest.mark.parametrize(("zone", "night"), ODD_NIGHTS)
def test_a_walk_by_seconds_agrees(zone: str, night: datetime) -> None:
    calendar = Calendar(
        "walked", zone, {day: ((time(0, 10), time(1, 50)), (time(2, 15), time.max)) for day in range(7)}
    )
    start = night - timedelta(minutes=31, seconds=17)
    length = timedelta(minutes=58, seconds=43)
    assert calendar.add(start, WorkingDuration(0, length)) == walked_add(calendar, start, length, timedelta(seconds=1))


@settings(max_examples=200, deadline=None)
@given(odd_moments(), st.integers(1, 10**5), st.integers(0, 10**5), st.integers(0, 10**5))
def test_laws(moment: tuple[Calendar, datetime], first: int, second: int, later: int) -> None:
    calendar, start = moment
    one, other = timedelta(seconds=first), timedelta(seconds=second)
    end = calendar.add_time(start, one)
    # what is added adds up, in any pieces
    assert calendar.add_time(end, other) == calendar.add_time(start, one + other)
    assert calendar.between(start, end) == one
    # a later start never ends earlier
    assert calendar.add_time(start + timedelta(seconds=later), one) >= end
    # subtracting comes back to an instant from which exactly as much is left
    back = calendar.subtract(end, WorkingDuration(0, one))
    assert start <= back
    assert calendar.between(back, end) == one
    # time is never both open and counted twice
    middle = start + (end - start) / 2
    assert calendar.between(start, middle) + calendar.between(middle, end) == one


@settings(max_examples=100, deadline=None)
@given(odd_moments(), st.integers(1, 15), st.integers(1, 15))
def test_more_days_end_later(moment: tuple[Calendar, datetime], days: int, more: int) -> None:
    calendar, start = moment
    end = calendar.add(start, WorkingDuration(days, timedelta()))
    assert end >= start
    assert calendar.add(start, WorkingDuration(days + more, timedelta())) > end
