from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.domain.errors import Invalid
from engine.domain.time.zones import find_zone, instant_of, stretches, to_utc


def test_a_day_of_change_has_two_offsets() -> None:
    start, change = datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)
    pieces = list(stretches(ZoneInfo("Europe/Rome"), start, start + timedelta(days=1)))
    assert pieces == [
        (start, change, timedelta(hours=1)),
        (change, start + timedelta(days=1), timedelta(hours=2)),
    ]


@pytest.mark.parametrize(
    ("zone", "shown", "instant"),
    [
        ("Europe/Rome", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # noqa: DTZ001
        ("Europe/Rome", datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # noqa: DTZ001
        ("Asia/Kathmandu", datetime(2026, 4, 16), datetime(2026, 4, 15, 18, 15, tzinfo=UTC)),  # noqa: DTZ001
        ("Pacific/Apia", datetime(2011, 12, 30, 12), datetime(2011, 12, 30, 10, tzinfo=UTC)),  # noqa: DTZ001
        ("Pacific/Kiritimati", datetime(2026, 1, 1, 23, 59), datetime(2026, 1, 1, 9, 59, tzinfo=UTC)),  # noqa: DTZ001
    ],
)
def test_what_clocks_show_is_one_instant(zone: str, shown: datetime, instant: datetime) -> None:
    assert instant_of(ZoneInfo(zone), shown) == instant


@pytest.mark.parametrize("key", ["", "Europe/Atlantis", "../etc/passwd", "/etc/passwd", "Europe", "x" * 300, "a\0b"])
def test_what_is_no_zone(key: str) -> None:
    with pytest.raises(Invalid, match="time zone"):
        find_zone(key)


def test_times_out_of_reach_are_told() -> None:
    with pytest.raises(Invalid, match="1900"):
        to_utc(datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Kathmandu")))
    with pytest.raises(Invalid, match="2200"):
        instant_of(ZoneInfo("Europe/Rome"), datetime(2201, 1, 1))  # noqa: DTZ001
