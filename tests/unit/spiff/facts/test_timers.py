"""Timers: due when a modeler means it, whatever the machine's clock and zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.domain.effects import At, Day
from engine.domain.errors import StepFailed
from engine.domain.events import (
    TimerDue,
)
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import (
    CYCLE,
    NOW,
    TIMER,
    Play,
    node,
    path,
    process,
    xml,
)
from tests.unit.spiff.facts.running import DATE, boundary, refuse, run, timers


@pytest.mark.parametrize(
    ("event", "due"),
    [
        (TIMER.format("PT1S"), datetime(2026, 3, 27, 15, 0, 1, tzinfo=UTC)),
        (TIMER.format('"PT1S"'), datetime(2026, 3, 27, 15, 0, 1, tzinfo=UTC)),
        (TIMER.format("timedelta(minutes=5)"), datetime(2026, 3, 27, 15, 5, tzinfo=UTC)),
        (
            DATE.format("datetime.date(2026, 4, 1).strftime('%Y-%m-%dT10:00:00')"),
            datetime(2026, 4, 1, 8, tzinfo=UTC),
        ),
        (DATE.format("2027-01-01T00:00:00"), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
        # summer time began on 29 March in the package's zone, whatever the machine's
        (DATE.format("2026-03-30T09:00:00"), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
        (DATE.format('"2026-03-28T09:00:00"'), datetime(2026, 3, 28, 8, 0, tzinfo=UTC)),
    ],
)
def test_timers_as_modelers_write_them(event: str, due: datetime) -> None:
    play = run(process(node("intermediateCatchEvent", "t", event), path("s", "t", "e")))
    assert play.of("timer_set")[0].due == At(due)


def test_a_date_alone_is_a_time_as_well() -> None:
    drawn = process(node("intermediateCatchEvent", "t", DATE.format("2027-01-01")), path("s", "t", "e"))
    assert run(drawn).of("timer_set")[0].due == Day("2027-01-01")


def test_a_month_after_the_31st_is_the_last_day_of_the_next() -> None:
    assert monthly()[0] == datetime(2026, 2, 28, 9, 0, tzinfo=UTC)


def test_a_monthly_cycle_does_not_drift() -> None:
    dues = monthly()
    # at ten o'clock in Rome, where summer time begins on 29 March
    assert dues == [datetime(2026, m, d, h, 0, tzinfo=UTC) for m, d, h in ((2, 28, 9), (3, 31, 8), (4, 30, 8))]


def test_a_cycle_does_not_drift_by_firing_late() -> None:
    play = cycling(CYCLE.format("R/PT1H"))
    for hour in range(1, 5):
        play.now = NOW + timedelta(hours=hour, seconds=20)
        play.send(TimerDue(play.token("timer", "t")))
    assert timers(play) == [timedelta(hours=hour) for hour in range(1, 6)]


def test_after_a_day_of_downtime_a_cycle_fires_once_and_goes_on() -> None:
    play = cycling(CYCLE.format("R/PT1M"))
    play.now = NOW + timedelta(days=1, seconds=30)
    play.send(TimerDue(play.token("timer", "t")))
    assert play.path.count("remind") == 1
    assert timers(play)[-1] == timedelta(days=1, minutes=1)


@pytest.mark.parametrize("text", ["-PT5S", "P", "PT", "PT0S", "31 January", "0 0 * * *", "2026-02-30"])
def test_texts_that_are_no_time_are_refused(text: str) -> None:
    refuse("", "t", node("intermediateCatchEvent", "t", TIMER.format(text)), path("s", "t", "e"))


def test_an_empty_timer_is_refused() -> None:
    refuse("names no time", "t", node("intermediateCatchEvent", "t", TIMER.format("")), path("s", "t", "e"))


@pytest.mark.parametrize("text", ["R0/PT1H", "R0", "R-1/PT1H", "R/2026-01-01/PT1H", "0 0 9 * * ?", "PT1H"])
def test_cycles_that_are_none_are_refused(text: str) -> None:
    drawn = boundary("t", "a", CYCLE.format(text), interrupting=False)
    refuse("", "t", node("userTask", "a"), drawn, path("s", "a", "e"), path("t", "e"))


def test_no_clock_is_read_below_the_seam() -> None:
    drawn = process(node("intermediateCatchEvent", "t", TIMER.format("PT1H")), path("s", "t", "e"))
    assert timers(run(drawn)) == [timedelta(hours=1)]


def cycling(event: str, now: datetime = NOW) -> Play:
    drawn = boundary("t", "a", event, interrupting=False)
    whole = process(node("userTask", "a"), drawn, node("task", "remind"), path("s", "a", "e"), path("t", "remind"))
    assert check_diagram("p.bpmn", xml(whole)) == []
    return Play(whole, now=now)


def monthly() -> list[datetime]:
    """When a cycle that begins on 31 January at 10:00 in Rome is due, fired as it comes."""
    play = cycling(CYCLE.format("R3/P1M"), datetime(2026, 1, 31, 9, 0, tzinfo=UTC))
    for _ in range(2):
        play.now = play.of("timer_set")[-1].due.instant
        play.send(TimerDue(play.token("timer", "t")))
    return [effect.due.instant for effect in play.of("timer_set")]


@pytest.mark.parametrize("value", ["x", None, 5, "PT0S"])
def test_working_time_that_is_none_is_an_incident_at_its_element(value: Any) -> None:
    drawn = process(node("intermediateCatchEvent", "t", TIMER.format("working(v)")), path("s", "t", "e"))
    with pytest.raises(StepFailed) as failed:
        run(drawn, variables={"v": value})
    assert failed.value.element == "t"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_beyond_what_zones_know_are_refused(day: str) -> None:
    refuse("calendar", "t", node("intermediateCatchEvent", "t", DATE.format(day)), path("s", "t", "e"))
