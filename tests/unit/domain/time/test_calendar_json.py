"""Calendars as somebody wrote them: read, or refused with everything that is wrong, each at its place."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import Invalid
from engine.domain.time.calendar_json import from_json, to_json

SOUND: dict[str, Any] = {
    "time_zone": "Europe/Rome", "hours": {"mon": ["08:30-12:30", "13:30-24:00"], "sun": ["09:00-10:00"]},
    "holidays": {"country": "IT", "subdivision": ""}, "closures": ["2026-08-14"],
}  # fmt: skip


def test_what_is_read_is_written_back_as_it_was() -> None:
    assert to_json(from_json("office", SOUND, "office")) == SOUND


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"hours": {"mon": ["8:30-17:30"]}}, "hours.mon"),
        ({"hours": {"tue": ["08:30-25:00"]}}, "hours.tue"),
        ({"hours": {"tue": ["17:30-08:30"]}}, "hours.tue"),
        ({"hours": {"wed": ["08:30-12:30", "12:00-17:00"]}}, "hours.wed"),
        ({"hours": {"wed": ["13:00-17:00", "08:00-12:00"]}}, "hours.wed"),
        ({"hours": {}}, "hours"),
        ({"hours": {"mon": []}}, "hours"),
        ({"holidays": {"country": "QQ"}}, "holidays.country"),
        ({"holidays": {"country": "IT", "subdivision": "Mars"}}, "holidays.subdivision"),
        ({"closures": ["14/08/2026"]}, "closures"),
        ({"closures": ["2026-02-30"]}, "closures"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as raised:
        from_json("office", {**SOUND, **change}, "calendars.office")
    assert list(raised.value.fields) == [f"calendars.office.{place}"]


def test_all_that_is_wrong_is_told_in_one_pass() -> None:
    broken = {
        "time_zone": "Rome", "hours": {"mon": ["8-17"], "tue": ["x"]}, "holidays": {"country": "QQ"},
        "closures": ["x", "2026-08-14", "y"],
    }  # fmt: skip
    with pytest.raises(Invalid) as raised:
        from_json("office", broken, "o")
    assert list(raised.value.fields) == [
        "o.hours.mon",
        "o.hours.tue",
        "o.time_zone",
        "o.holidays.country",
        "o.closures",
    ]
    assert len(raised.value.fields["o.closures"]) == 2
