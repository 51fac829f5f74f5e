"""What came and went within a step leaves nothing in the tables, and everything in the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.commands.stepping.rows import journal_data, sort_out
from engine.domain import effects

AT = effects.At(datetime(2026, 3, 27, 8, tzinfo=UTC))


def timer(token: int, ordinal: int = 0) -> effects.TimerSet:
    return effects.TimerSet(id=f"i-{token}-timer-{ordinal}", token=token, element="e", due=AT)


def gone(token: int) -> effects.TimerCancelled:
    return effects.TimerCancelled(id=f"i-{token}-gone", token=token, element="e")


def test_a_timer_of_before_is_removed_and_a_new_one_written() -> None:
    left = sort_out([gone(1), timer(2)]).timers
    assert list(left.closed) == [1]
    assert list(left.opened) == [2]


def test_a_timer_that_came_and_went_leaves_nothing() -> None:
    left = sort_out([timer(1), gone(1)]).timers
    assert not left.opened
    assert not left.closed


def test_a_token_that_sets_its_timer_again_has_the_new_one() -> None:
    left = sort_out([gone(1), timer(1, 1)]).timers
    assert left.opened[1].id == "i-1-timer-1"


def test_a_user_task_is_closed_with_its_outcome() -> None:
    closed = effects.UserTaskClosed(id="x", token=3, element="e", outcome="cancelled")
    assert sort_out([closed]).user_tasks.closed == {3: closed}


def test_the_journal_keeps_json_without_what_is_empty() -> None:
    assert journal_data(timer(1)) == {"token": 1, "due": {"kind": "at", "instant": "2026-03-27T08:00:00+00:00"}}
    thrown = effects.MessageThrown(
        id="m", token=1, element="e", message="hi", data={"a": (1, 2)}, time_to_live=timedelta(hours=1)
    )
    assert journal_data(thrown) == {"token": 1, "message": "hi", "data": {"a": [1, 2]}, "time_to_live": 3600.0}
