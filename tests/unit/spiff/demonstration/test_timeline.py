"""When the steps of a story come: counted in working time back from now, never before the step before."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.time.calendars import Calendar
from engine.spiff.demonstration import Step, Story, instants_of

ZONE = "Europe/Rome"
OFFICE = Calendar("office", ZONE, dict.fromkeys(range(5), ((time(8, 30), time(17, 30)),)), country="IT")


def times(now: str, ago: str, *steps: tuple[str, str], at: str = "") -> list[str]:
    """The opening and the steps (after, at) in local time."""
    told = tuple(Step("note", "x", "ada", {}, after, wall_clock) for after, wall_clock in steps)
    story = Story("It squeaks", "", "ada", "ada", {}, ago, at, told)
    here = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(ZONE))
    return [f"{i.astimezone(here.tzinfo):%a %d %H:%M}" for i in instants_of(story, OFFICE, ZONE, here)]


def test_a_story_is_told_in_working_time() -> None:
    """Friday morning back to Tuesday, and on from there; the night between doesn't count."""
    assert times("2026-03-27T10:00", "P2DT4H", ("PT1H", ""), ("PT4H30M", ""), ("P1D", "")) == [
        "Tue 24 15:00", "Tue 24 16:00", "Wed 25 11:30", "Thu 26 11:30",
    ]  # fmt: skip


@pytest.mark.parametrize("now", ["2026-03-28T03:00", "2026-03-29T23:00"])
def test_on_a_weekend_it_ends_on_friday(now: str) -> None:
    assert times(now, "PT2H", ("PT1H", "")) == ["Fri 27 15:30", "Fri 27 16:30"]


def test_a_wall_clock_takes_the_place_of_the_hour_but_time_never_goes_back() -> None:
    assert times("2026-03-27T10:00", "P3D", ("PT1H", "21:40"), ("PT1H", ""), ("", "07:00"), at="22:05") == [
        "Tue 24 22:05", "Wed 25 21:40", "Thu 26 09:30", "Thu 26 09:30",
    ]  # fmt: skip


@given(
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31")),
    st.lists(st.sampled_from(["PT20M", "PT3H", "P1D", "P2DT5H"]), max_size=6),
)
def test_no_step_comes_before_the_one_before(now: datetime, steps: list[str]) -> None:
    story = Story("x", "", "a", "a", {}, "P20D", "", tuple(Step("note", "x", "a", {}, after) for after in steps))
    found = instants_of(story, OFFICE, ZONE, now.replace(tzinfo=ZoneInfo(ZONE)))
    assert found == sorted(found)
    assert len(found) == len(steps) + 1
