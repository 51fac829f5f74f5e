"""The verdict on a ticket: on what runs on it, and on what it has itself."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from engine.spiff.migrating import Verdict, judge_ticket, shape_of
from tests.unit.domain.test_casework import case
from tests.unit.spiff.drawing import NOW, TIMER, Play, node, path, process
from tests.unit.spiff.migrating.moving import boundary, drawn, judge

MAILS: Any = SimpleNamespace(mails={"late": None})


def nagging(event: str, goal: str = "repair") -> str:
    """A user task with a goal, and a timer at its boundary."""
    return process(
        node("userTask", "a", properties={"goal": goal}), path("s", "a", "e"), boundary("t", "a", event),
        node("endEvent", "told"), path("t", "told"),
    )  # fmt: skip


def moved(event: str, goal: str = "repair") -> Verdict:
    play = Play(nagging(TIMER.format("P1D")))
    return judge(play, drawn(nagging(event, goal)), now=NOW + timedelta(hours=2))


def problems(verdict: Verdict, mails: tuple[str, ...] = (), **fields: Any) -> list[str]:
    return [finding.problem for finding in judge_ticket(case(**fields), (), {"i": verdict}, MAILS, mails).findings]


def test_working_time_counts_from_when_the_timer_was_set() -> None:
    found = judge_ticket(case(), (), {"i": moved(TIMER.format("working(&quot;PT1H&quot;)"))}, MAILS, ())
    (due,) = found.dues["i"].values()
    assert (found.kind, due) == ("safe", NOW + timedelta(hours=1))


def test_a_timer_that_can_not_be_reckoned_is_a_reason() -> None:
    (problem,) = problems(moved(TIMER.format("working(&quot;PT1H&quot;, &quot;moon&quot;)")))
    assert "moon" in problem


def test_goals_that_nobody_promises_and_mails_that_nobody_can_write_are_reasons() -> None:
    assert problems(moved(TIMER.format("deadline(&quot;reply&quot;)"), goal="answer")) == [
        "The service levels in force don't know the goal 'answer'.",
        "The service levels in force don't know the goal 'reply'.",
    ]
    assert problems(Verdict(), ("late", "gone")) == ["The mail 'gone' is on its way, which the new version lacks."]


def test_what_a_ticket_lacks_and_what_runs_on_it_are_told_together() -> None:
    play = Play(nagging(TIMER.format("P1D")))
    gone = judge(play, drawn(process(path("s", "e"))))
    found = judge_ticket(case(status="lost"), (), {"i": gone, "j": gone}, MAILS, ())
    assert (found.kind, len(found.findings)) == ("impossible", 2)


def test_instances_that_stand_alike_have_one_shape_whatever_they_have_been_through() -> None:
    first = Play(nagging(TIMER.format("P1D")))
    other = Play(nagging(TIMER.format("P1D")), variables={"x": 1})
    other.state = (
        (other.state or b"").replace(b'"00000002"', b'"00000092"').replace(b'"next":"00000004"', b'"next":"00000099"')
    )
    assert first.state != other.state
    assert shape_of(first.state or b"") == shape_of(other.state)
    beside = Play(process(node("userTask", "a"), path("s", "a", "e")))
    assert shape_of(beside.state or b"") != shape_of(first.state or b"")
