from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.domain.errors import Invalid
from engine.domain.time.durations import Cycle, WorkingDuration, parse_cycle, parse_elapsed, parse_instant

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("text", "days", "time"),
    [
        ("P5D", 5, timedelta()),
        ("PT3H", 0, timedelta(hours=3)),
        ("PT90M", 0, timedelta(minutes=90)),
        ("P1DT4H30M", 1, timedelta(hours=4, minutes=30)),
        ("PT45S", 0, timedelta(seconds=45)),
        ("P0DT1H", 0, timedelta(hours=1)),
    ],
)
def test_working_durations(text: str, days: int, time: timedelta) -> None:
    assert WorkingDuration.parse(text) == WorkingDuration(days, time)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "P1Y", "P1M", "P2W", "P0D", "PT0H", "PT0S", "-PT1H", "P-1D", "PT1.5H", "3H", "pt3h",
     " PT3H", "PT3H\n", "P9999999D", "PT9999999H", "P٣D", "PT3H30", "P1DT3650000H"],
)  # fmt: skip
def test_what_is_no_working_duration(text: str) -> None:
    with pytest.raises(Invalid):
        WorkingDuration.parse(text)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-01-31T12:00", "P1M", "2026-02-28T12:00"),
        ("2028-01-31T12:00", "P1M", "2028-02-29T12:00"),
        ("2028-02-29T12:00", "P1Y", "2029-02-28T12:00"),
        ("2026-11-30T12:00", "P3M", "2027-02-28T12:00"),
        ("2026-03-01T12:00", "P1M", "2026-04-01T12:00"),  # wall-clock time is kept by months
        ("2026-03-28T12:00", "P1D", "2026-03-29T13:00"),  # a day is 24 hours
        ("2026-03-28T12:00", "P1W", "2026-04-04T13:00"),
        ("2026-02-28T02:30", "P1M1D", "2026-03-29T03:30"),
        ("2026-02-28T02:30", "P1M", "2026-03-28T02:30"),
        ("2026-01-29T02:30", "P2M", "2026-03-29T03:00"),  # 02:30 is skipped that night
        ("2026-03-27T16:00", "PT0.5S", "2026-03-27T16:00:00.500"),
    ],
)
def test_elapsed_time(start: str, duration: str, end: str) -> None:
    due = parse_elapsed(duration).after(parse_instant(start, ROME), ROME)
    assert due == parse_instant(end, ROME)
    assert due.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "P", "PT", "PT0S", "P0M", "-P1D", "1 hour", "P101Y", "P1DT", "P1H", "R3/PT1H"])
def test_what_is_no_elapsed_time(text: str) -> None:
    with pytest.raises(Invalid):
        parse_elapsed(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-27T16:00+01:00", datetime(2026, 3, 27, 15, tzinfo=UTC)),
        ("2026-03-27T16:00:30+0100", datetime(2026, 3, 27, 15, 0, 30, tzinfo=UTC)),
        ("2026-03-27T16:00Z", datetime(2026, 3, 27, 16, tzinfo=UTC)),
        ("2026-03-27T16:00", datetime(2026, 3, 27, 15, tzinfo=UTC)),
        ("2026-03-30T16:00", datetime(2026, 3, 30, 14, tzinfo=UTC)),
        ("2026-03-29T02:30", datetime(2026, 3, 29, 1, tzinfo=UTC)),  # skipped: the moment of the change
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # shown twice: the first time
    ],
)
def test_instants(text: str, instant: datetime) -> None:
    assert parse_instant(text, ROME) == instant


@pytest.mark.parametrize(
    "text",
    ["", "2026-03-27", "2026-02-30T10:00", "2026-03-27T24:00", "2026-W13-5T10:00", "27/03/2026", "9999-12-31T23:59",
     "0001-01-01T00:00+14:00", "2026-03-27T16:00+99:00", "now"],
)  # fmt: skip
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(Invalid):
        parse_instant(text, ROME)


def test_cycles() -> None:
    assert parse_cycle("R3/PT1H") == Cycle(3, "PT1H")
    assert parse_cycle("R/P1D") == Cycle(None, "P1D")
    assert parse_cycle("R2/working(PT9H)") == Cycle(2, 'working("PT9H")')
    assert parse_cycle('R2/working("PT9H", "24x7")') == Cycle(2, 'working("PT9H", "24x7")')


@pytest.mark.parametrize(
    "text", ["", "R0/PT1H", "R3", "R3/", "R-1/PT1H", "3/PT1H", "R3/working(P1M)", "R3/PT0S", "R/2026-03-27T16:00/PT1H"]
)
def test_what_is_no_cycle(text: str) -> None:
    with pytest.raises(Invalid):
        parse_cycle(text)
