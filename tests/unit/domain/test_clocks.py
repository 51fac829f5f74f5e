"""Clocks by example, and against a walk that counts a ticket's open minutes one by one."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.domain.clocks import Clock, start
from engine.domain.errors import Invalid
from engine.domain.policies import PolicyRow
from engine.domain.time.calendars import Calendar, always
from engine.domain.time.durations import parse_instant

ROME = ZoneInfo("Europe/Rome")
#: the only holiday that the walk can reach
EASTER_MONDAY = date(2026, 4, 6)
OFFICE = Calendar("office", "Europe/Rome", {day: ((time(8, 30), time(17, 30)),) for day in range(5)}, "IT")
CALENDARS = {"office": OFFICE, "24x7": always("Europe/Rome")}
ROW = PolicyRow("g", {}, "PT3H", "office", pauses=("asking",), warning="PT1H", not_before="agreed")
DAYS = PolicyRow("g", {}, "P5D", "office", pauses=("asking",), not_before="agreed")


def at(text: str) -> datetime:
    return parse_instant(text, ROME)


def ticket(status: str = "open", **fields: Any) -> dict[str, Any]:
    return {"status": status, "opened_at": at("2026-03-23T09:00"), "status_since": at("2026-03-23T09:00"),
            "status_seconds": {}, **fields}  # fmt: skip


def begin(row: PolicyRow = ROW, when: str = "2026-03-27T16:00", **fields: Any) -> Clock:
    return start(row, 1, CALENDARS, ticket(**fields), at(when))


def follow(clock: Clock, status: str, when: str, **fields: Any) -> Clock:
    return clock.follow(CALENDARS, ticket(status, **fields), at(when))


def test_a_running_clock_is_due_and_warns_before() -> None:
    clock = begin()
    assert clock.deadline(CALENDARS, ticket()) == at("2026-03-30T10:00")
    assert clock.warning_at(CALENDARS, ticket()) == at("2026-03-30T09:00")


def test_a_warning_never_comes_before_the_start() -> None:
    row = PolicyRow("g", {}, "PT3H", "office", warning="P1D")
    assert begin(row).warning_at(CALENDARS, ticket()) == at("2026-03-27T16:00")
    assert begin(DAYS).warning_at(CALENDARS, ticket()) is None


def test_a_paused_clock_is_not_due() -> None:
    clock = follow(begin(), "asking", "2026-03-27T17:00")
    assert clock.paused_since == at("2026-03-27T17:00")
    assert clock.deadline(CALENDARS, ticket()) is None
    assert clock.warning_at(CALENDARS, ticket()) is None
    assert follow(clock, "asking", "2026-03-27T17:10") is clock


def test_a_pause_adds_the_open_time_that_it_lasted() -> None:
    clock = follow(follow(begin(), "asking", "2026-03-27T17:00"), "open", "2026-03-30T09:15")
    assert clock.paused == timedelta(minutes=75)
    assert clock.deadline(CALENDARS, ticket()) == at("2026-03-30T11:15")


def test_a_pause_while_closed_adds_nothing() -> None:
    clock = follow(follow(begin(), "asking", "2026-03-27T17:30"), "open", "2026-03-30T08:30")
    assert clock.deadline(CALENDARS, ticket()) == at("2026-03-30T10:00")


def test_a_pause_after_the_deadline_changes_nothing() -> None:
    clock = follow(begin(), "asking", "2026-03-30T10:00")
    assert clock == begin()
    assert follow(clock, "open", "2026-03-31T10:00").deadline(CALENDARS, ticket()) == at("2026-03-30T10:00")


def test_a_pause_of_a_goal_in_days_is_added_to_its_unpaused_deadline() -> None:
    clock = begin(DAYS, "2026-03-16T10:00")
    assert clock.deadline(CALENDARS, ticket()) == at("2026-03-23T10:00")
    clock = follow(follow(clock, "asking", "2026-03-17T10:00"), "open", "2026-03-18T11:00")
    assert clock.deadline(CALENDARS, ticket()) == at("2026-03-24T11:00")


def test_an_agreed_day_counts_only_where_it_is_later() -> None:
    clock = begin(DAYS, "2026-03-16T10:00")
    for agreed, due in [
        ("2026-03-31", "2026-03-31T17:30"),
        ("2026-03-23", "2026-03-23T17:30"),
        ("2026-03-20", "2026-03-23T10:00"),
        ("", "2026-03-23T10:00"),
        (None, "2026-03-23T10:00"),
        ("2026-06-02", "2026-06-03T17:30"),  # a holiday: the nearest working day
    ]:
        assert clock.deadline(CALENDARS, ticket(agreed=agreed)) == at(due)
    with pytest.raises(Invalid, match="date"):
        clock.deadline(CALENDARS, ticket(agreed="soon"))


def test_what_is_agreed_after_the_deadline_lets_the_clock_pause_again() -> None:
    late = follow(begin(), "asking", "2026-03-30T12:00")
    assert late.paused_since is None
    again = follow(late, "asking", "2026-03-30T13:00", agreed="2026-04-10")
    assert again.paused_since == at("2026-03-30T13:00")


def test_a_stopped_clock_keeps_the_deadline_that_it_was_judged_by() -> None:
    stopped = begin().stop(CALENDARS, ticket(), at("2026-03-30T09:00"), met=True)
    assert (stopped.met, stopped.judged_deadline) == (True, at("2026-03-30T10:00"))
    assert stopped.deadline(CALENDARS, ticket()) is None
    assert follow(stopped, "asking", "2026-03-30T09:30") is stopped
    assert stopped.stop(CALENDARS, ticket(), at("2026-03-31T09:00"), met=False) is stopped


def test_a_clock_that_is_stopped_while_paused_counts_that_pause() -> None:
    clock = follow(begin(), "asking", "2026-03-27T17:00")
    stopped = clock.stop(CALENDARS, ticket("asking"), at("2026-03-30T09:00"), met=False)
    assert (stopped.paused_since, stopped.paused) == (None, timedelta(hours=1))
    assert stopped.judged_deadline == at("2026-03-30T11:00")


def test_a_clock_that_starts_in_a_pausing_status_is_paused_at_once() -> None:
    clock = begin(status="asking")
    assert clock.paused_since == at("2026-03-27T16:00")
    assert follow(clock, "open", "2026-03-30T08:45").deadline(CALENDARS, ticket()) == at("2026-03-30T11:45")


def test_from_opening_counts_the_pauses_since_opening() -> None:
    row = PolicyRow("g", {}, "P20D", "office", "opening", ("asking", "parked"))
    spent = {"asking": {"office": 5400, "24x7": 99999}, "parked": {"office": 1800.0}, "open": {"office": 7}}
    clock = begin(row, "2026-04-01T10:00", status_seconds=spent)
    assert clock.started_at == at("2026-03-23T09:00")
    # twenty working days from 23 March, Easter Monday off; then two hours
    assert clock.deadline(CALENDARS, ticket()) == at("2026-04-21T11:00")


def test_from_opening_in_a_pausing_status_counts_that_status_from_its_beginning() -> None:
    row = PolicyRow("g", {}, "P20D", "office", "opening", ("asking",))
    since = at("2026-03-31T10:00")
    clock = begin(row, "2026-04-01T10:00", status="asking", status_since=since)
    assert clock.paused_since == since
    late = begin(row, "2026-05-11T10:00", status="asking", status_since=at("2026-05-08T10:00"))
    assert late.paused_since is None


def test_json_round_trip() -> None:
    paused = follow(begin(), "asking", "2026-03-27T17:00:30")
    stopped = paused.stop(CALENDARS, ticket(), at("2026-03-30T09:00:01.000250"), met=True)
    for clock in (begin(), paused, stopped):
        assert Clock.from_json(json.loads(json.dumps(clock.to_json()))) == clock


def test_an_unknown_calendar_is_told() -> None:
    with pytest.raises(Invalid, match="moon"):
        begin(PolicyRow("g", {}, "PT3H", "moon")).deadline(CALENDARS, ticket())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 20 * 60),
    st.lists(st.tuples(st.booleans(), st.integers(1, 2000)), min_size=1, max_size=8),
    st.sampled_from(["office", "24x7"]),
)
@example(211, [(False, 2230), *[(True, 2000)] * 4], "office")
def test_pauses_add_up_to_a_walk(minutes: int, turns: list[tuple[bool, int]], key: str) -> None:
    row = PolicyRow("g", {}, f"PT{minutes}M", key, pauses=("asking",))
    now = begun = datetime(2026, 3, 27, 13, 0, tzinfo=UTC)
    clock = start(row, 1, CALENDARS, ticket(), begun)
    statuses: list[str] = []
    for asking, lasted in [*turns, (False, 1)]:
        status = "asking" if asking else "open"
        clock = clock.follow(CALENDARS, ticket(status), now)
        statuses += [status] * lasted
        now += timedelta(minutes=lasted)
    due, left = begun, minutes
    minute = timedelta(minutes=1)
    while left:
        status = statuses[(due - begun) // minute] if due < now else "open"
        shown = due.astimezone(ROME)
        left -= status == "open" and (
            key == "24x7"
            or (shown.weekday() < 5 and shown.date() != EASTER_MONDAY and time(8, 30) <= shown.time() < time(17, 30))
        )
        due += minute
    assert clock.deadline(CALENDARS, ticket()) == due
