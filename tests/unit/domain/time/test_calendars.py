"""Working time by example; `test_working_time` compares it with a walk."""

from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from engine.domain.errors import Invalid
from engine.domain.time import calendar_json
from engine.domain.time.calendars import ALWAYS, Calendar, always
from engine.domain.time.durations import WorkingDuration, parse_instant

ROME = ZoneInfo("Europe/Rome")
DAY = (time(8, 30), time(17, 30))
OFFICE = Calendar("office", "Europe/Rome", dict.fromkeys(range(5), (DAY,)), "IT")
BREAKS = Calendar(
    "breaks", "Europe/Rome", {day: ((time(9), time(13)), (time(14), time(18))) for day in range(5)}, "IT"
)  # fmt: skip


def at(text: str) -> datetime:
    return parse_instant(text, ROME)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        # the examples of the semantics
        ("2026-03-27T16:00", "PT3H", "2026-03-30T10:00"),
        ("2026-12-24T17:29", "P5D", "2027-01-04T17:29"),
        ("2026-03-28T12:00", "P1D", "2026-03-31T08:30"),
        ("2026-03-27T08:30", "PT9H", "2026-03-27T17:30"),
        # around opening and closing
        ("2026-03-27T17:30", "PT1S", "2026-03-30T08:30:01"),
        ("2026-03-27T17:29:59", "PT1S", "2026-03-27T17:30"),
        ("2026-03-27T17:29:59", "PT2S", "2026-03-30T08:30:01"),
        ("2026-03-27T07:00", "PT1H", "2026-03-27T09:30"),
        ("2026-03-27T17:30", "P1D", "2026-03-31T08:30"),
        ("2026-03-27T07:00", "P1D", "2026-03-30T08:30"),
        ("2026-03-26T16:00", "P1DT2H", "2026-03-30T09:00"),
        # summer time ends in the night of 25 October
        ("2026-10-23T16:00", "PT3H", "2026-10-26T10:00"),
        ("2026-10-23T16:00", "P1D", "2026-10-26T16:00"),
        # Easter Monday, 25 April (a Saturday), 1 May, 2 June
        ("2026-04-03T17:00", "PT1H", "2026-04-07T09:00"),
        ("2026-04-30T12:00", "P1D", "2026-05-04T12:00"),
        ("2026-06-01T12:00", "P1D", "2026-06-03T12:00"),
        ("2026-03-02T12:00", "P20D", "2026-03-30T12:00"),
    ],
)
def test_working_time_in_office_hours(start: str, duration: str, end: str) -> None:
    due = OFFICE.add(at(start), WorkingDuration.parse(duration))
    assert due == at(end)
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-03-27T12:00", "PT2H", "2026-03-27T15:00"),
        ("2026-03-27T13:30", "PT1H", "2026-03-27T15:00"),
        ("2026-03-27T13:30", "P1D", "2026-03-30T14:00"),
        ("2026-03-27T12:00", "PT1H", "2026-03-27T13:00"),
        ("2026-03-27T12:00", "PT8H", "2026-03-30T12:00"),
    ],
)
def test_a_break_does_not_count(start: str, duration: str, end: str) -> None:
    assert BREAKS.add(at(start), WorkingDuration.parse(duration)) == at(end)


def test_days_end_at_latest_with_the_day() -> None:
    short_friday = Calendar("c", "Europe/Rome", {3: (DAY,), 4: ((time(8, 30), time(13)),)})
    assert short_friday.add(at("2026-03-26T16:00"), WorkingDuration.parse("P1D")) == at("2026-03-27T13:00")
    assert short_friday.add(at("2026-03-26T16:00"), WorkingDuration.parse("P1DT1H")) == at("2026-04-02T09:30")


def test_own_closures_are_closed() -> None:
    closed = Calendar("c", "Europe/Rome", OFFICE.hours, closures=frozenset({date(2026, 3, 30)}))
    assert closed.add(at("2026-03-27T16:00"), WorkingDuration.parse("PT3H")) == at("2026-03-31T10:00")
    assert not closed.is_working(date(2026, 3, 30))


def test_always_open_time_is_elapsed_time() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert ALWAYS.add(start, WorkingDuration.parse("PT48H")) == start + timedelta(hours=48)
    assert ALWAYS.add(start, WorkingDuration.parse("P1D")) == start + timedelta(days=1)
    # by the zone's own days the night of the change has 23 hours
    assert always("Europe/Rome").add(start, WorkingDuration.parse("P1D")) == start + timedelta(hours=23)
    assert ALWAYS.between(start, start + timedelta(days=400)) == timedelta(days=400)


def test_a_day_closes_once() -> None:
    assert OFFICE.closing(date(2026, 3, 27)) == at("2026-03-27T17:30")
    assert BREAKS.closing(date(2026, 3, 27)) == at("2026-03-27T18:00")
    assert OFFICE.closing(date(2026, 3, 28)) is None
    assert OFFICE.closing(date(2026, 12, 25)) is None
    assert always("Europe/Rome").closing(date(2026, 3, 27)) == at("2026-03-28T00:00")
    assert OFFICE.closing(date.max) is OFFICE.closing(date.min) is None


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        (date(2026, 3, 27), date(2026, 3, 27)),
        (date(2026, 3, 28), date(2026, 3, 27)),
        (date(2026, 3, 29), date(2026, 3, 30)),
        (date(2026, 6, 2), date(2026, 6, 3)),  # a Tuesday off: the later of two
    ],
)
def test_the_nearest_working_day(day: date, nearest: date) -> None:
    assert OFFICE.nearest_working_day(day) == nearest


@pytest.mark.parametrize(
    ("end", "duration", "start"),
    [
        ("2026-03-30T10:00", "PT3H", "2026-03-27T16:00"),
        ("2026-03-30T09:00", "PT30M", "2026-03-30T08:30"),
        ("2026-03-30T08:30", "PT1H", "2026-03-27T16:30"),
        ("2026-03-31T10:00", "P1D", "2026-03-30T10:00"),
        ("2026-03-30T10:00", "P1D", "2026-03-27T10:00"),
        ("2026-03-30T10:00", "P1DT2H", "2026-03-26T17:00"),
        ("2026-03-29T12:00", "P1D", "2026-03-26T17:30"),
    ],
)
def test_subtracting_mirrors_adding(end: str, duration: str, start: str) -> None:
    assert OFFICE.subtract(at(end), WorkingDuration.parse(duration)) == at(start)


@pytest.mark.parametrize("duration", ["PT1H", "P1D", "P3650D", "PT40000H"])
def test_a_calendar_that_never_opens_is_told(duration: str) -> None:
    mondays = (date(2010, 1, 4) + timedelta(weeks=week) for week in range(2000))
    never = Calendar("never", "Europe/Rome", {0: (DAY,)}, closures=frozenset(mondays))
    begun = process_time()
    for calculate in (never.add, never.subtract):
        with pytest.raises(Invalid, match="never isn't open"):
            calculate(at("2026-03-27T16:00"), WorkingDuration.parse(duration))
    assert process_time() - begun < 2
    assert never.between(at("2026-03-27T16:00"), at("2027-03-27T16:00")) == timedelta()


def test_a_calendar_that_exists_is_sound() -> None:
    overlapping = {0: ((time(8), time(12)), (time(11), time(13)))}
    backwards = {0: ((time(12), time(8)),)}
    for hours in ({}, {0: ()}, {7: (DAY,)}, overlapping, backwards):
        with pytest.raises(Invalid):
            Calendar("c", "Europe/Rome", hours)
    with pytest.raises(Invalid, match="time zone"):
        Calendar("c", "Europe/Atlantis", {0: (DAY,)})
    for country in ("XX", "Italy", "HolidayBase", "registry"):
        with pytest.raises(Invalid, match=country):
            Calendar("c", "Europe/Rome", {0: (DAY,)}, country)
    with pytest.raises(Invalid, match="IT-XX"):
        Calendar("c", "Europe/Rome", {0: (DAY,)}, "IT", "XX")


def test_the_patron_saint_of_a_province_is_a_holiday_there() -> None:
    milan = Calendar("milan", "Europe/Rome", OFFICE.hours, "IT", "MI")
    assert not milan.is_working(date(2026, 12, 7))
    assert OFFICE.is_working(date(2026, 12, 7))


def test_a_naive_time_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        OFFICE.add(datetime(2026, 3, 27), WorkingDuration.parse("PT1H"))  # noqa: DTZ001
    with pytest.raises(Invalid, match="years"):
        OFFICE.add(datetime.max.replace(tzinfo=UTC), WorkingDuration.parse("PT1H"))


def test_json_round_trip() -> None:
    calendar = Calendar("c", "Europe/Rome", {**BREAKS.hours, 6: ((time(20), time.max),)}, "IT", "MI",
                        frozenset({date(2026, 8, 14)}))  # fmt: skip
    stored = calendar_json.to_json(calendar)
    assert calendar_json.from_json("c", stored, "calendar") == calendar
    assert stored["hours"]["sun"] == ["20:00-24:00"]


@pytest.mark.parametrize(
    "change",
    [{"hours": ["mon"]}, {"hours": {"mon": "08:30-17:30"}}, {"hours": {"lun": []}}, {"hours": {"mon": ["8-17"]}},
     {"closures": ["14 August"]}, {"closures": [5]}, {"time_zone": None}, {"holidays": {"country": 1}}, {"colour": ""},
     {"hours": {}}],
)  # fmt: skip
def test_json_of_a_wrong_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        calendar_json.from_json("c", {**calendar_json.to_json(OFFICE), **change}, "calendar")


def test_json_that_is_no_object_is_refused() -> None:
    with pytest.raises(Invalid, match="object"):
        calendar_json.from_json("c", None, "calendars.c")
