"""What is listened for after a move: events that came, went and changed; timers go on with the time they have run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.domain.effects import At, Goal, TimerSet, Working
from engine.domain.events import MessageReceived, TimerDue, UserTaskCompleted, VariablesSet
from tests.unit.spiff.drawing import CYCLE, NOW, TIMER, Play, node, path, process
from tests.unit.spiff.migrating.moving import DAY, READ, boundary, drawn, judge, move

LATER = NOW + timedelta(hours=5)
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>late == 1</bpmn:condition></bpmn:conditionalEventDefinition>"
)


def task(*beside: str) -> str:
    """A user task `a` with what is drawn beside it."""
    return process(node("userTask", "a"), path("s", "a", "e"), *beside, node("endEvent", "told"))


def nagging(event: str, *, interrupting: bool = False) -> str:
    """A user task with an event `t` at its boundary."""
    return task(boundary("t", "a", event, interrupting=interrupting), path("t", "told"))


def handled(event: str, *, interrupting: bool = True) -> str:
    """A user task, and an event subprocess `h` for the event."""
    start = node("startEvent", "h_s", event, isInterrupting="true" if interrupting else "false")
    inside = start + node("userTask", "b") + node("endEvent", "h_e") + path("h_s", "b", "h_e")
    return task(node("subProcess", "h", inside, triggeredByEvent="true"))


def effects(play: Play, *processes: str, now: datetime = LATER) -> list[tuple[str, str]]:
    """What changes by the move."""
    moved = move(play, drawn(*processes), now=now).moved
    assert moved is not None
    play.now = now
    for effect in moved.effects:
        if effect.kind == "timer_set":
            play.waiting["timer", effect.element] = effect.token
    return [(effect.kind, effect.element) for effect in moved.effects]


def timer(play: Play, *processes: str, now: datetime = LATER) -> tuple[Any, datetime]:
    """What the one timer that the move sets waits for, and since when."""
    moved = move(play, drawn(*processes), now=now).moved
    assert moved is not None
    (effect,) = moved.effects
    assert isinstance(effect, TimerSet)
    return effect.due, moved.since[effect.token]


class TestTimers:
    def test_one_that_says_what_it_said_is_left_alone(self) -> None:
        assert effects(Play(nagging(DAY)), nagging(DAY)) == []

    def test_another_duration_counts_from_when_it_was_set(self) -> None:
        assert timer(Play(nagging(DAY)), nagging(TIMER.format("P2D"))) == (At(NOW + timedelta(days=2)), NOW)

    def test_one_that_ought_to_have_come_meanwhile_is_due_in_the_past(self) -> None:
        assert timer(Play(nagging(DAY)), nagging(TIMER.format("PT1H"))) == (At(NOW + timedelta(hours=1)), NOW)

    def test_working_time_counts_from_when_it_was_set(self) -> None:
        due, since = timer(Play(nagging(DAY)), nagging(TIMER.format("working(&quot;PT3H&quot;)")))
        assert (due, since) == (Working("PT3H"), NOW)

    def test_an_expression_sees_the_instant_at_which_it_was_set(self) -> None:
        due, _ = timer(Play(nagging(DAY)), nagging(TIMER.format("=now + timedelta(hours=2)")))
        assert due == At(NOW + timedelta(hours=2))

    def test_a_goal_s_timer_follows_its_clock(self) -> None:
        due, _ = timer(Play(nagging(DAY)), nagging(TIMER.format("deadline(&quot;reply&quot;)")))
        assert due == Goal("reply")

    def test_an_event_on_the_way_keeps_the_time_that_it_has_run(self) -> None:
        def waits(text: str) -> str:
            return process(node("intermediateCatchEvent", "w", TIMER.format(text)), path("s", "w", "e"))

        assert timer(Play(waits("P1D")), waits("P3D")) == (At(NOW + timedelta(days=3)), NOW)

    def test_one_that_was_chosen_instead_keeps_it_too(self) -> None:
        def waits(id_: str) -> str:
            return process(node("intermediateCatchEvent", id_, DAY), path("s", id_, "e"))

        moved = judge(Play(waits("w")), drawn(waits("v")), {("p", "w"): "v"}, LATER).moved
        assert moved is not None
        (effect,) = moved.effects
        assert isinstance(effect, TimerSet)
        assert (effect.element, effect.due) == ("v", At(NOW + timedelta(days=1)))

    def test_of_a_cycle_the_repetitions_that_have_been_count(self) -> None:
        play = Play(nagging(CYCLE.format("R3/PT1H")))
        play.now = NOW + timedelta(hours=1)
        play.send(TimerDue(play.token("timer", "t")))
        due, _ = timer(play, nagging(CYCLE.format("R2/PT2H")), now=LATER)
        assert due == At(NOW + timedelta(hours=6))
        play.now = NOW + timedelta(hours=6)
        play.send(TimerDue(play.token("timer", "t")))
        assert effects(play, nagging(CYCLE.format("R9/PT2H"))) == []  # it had come as often as it might

    def test_one_that_has_come_more_often_than_it_may_now_is_gone(self) -> None:
        play = Play(nagging(CYCLE.format("R3/PT1H")))
        for hours in (1, 2):
            play.now = NOW + timedelta(hours=hours)
            play.send(TimerDue(play.token("timer", "t")))
        assert effects(play, nagging(CYCLE.format("R2/PT1H"))) == [("timer_cancelled", "t")]

    def test_an_expression_that_fails_keeps_the_ticket_where_it_is(self) -> None:
        verdict = judge(Play(nagging(DAY)), drawn(nagging(TIMER.format("=nothing"))))
        assert (verdict.kind, verdict.findings[0].element) == ("impossible", "t")


class TestBoundaries:
    def test_one_that_is_added_listens_from_now_and_one_that_is_removed_does_not_any_more(self) -> None:
        play = Play(task())
        assert effects(play, nagging(DAY)) == [("timer_set", "t")]
        play.now = LATER + timedelta(days=1)
        play.send(TimerDue(play.token("timer", "t")))
        assert "t" in play.path
        again = Play(nagging(DAY))
        assert effects(again, task()) == [("timer_cancelled", "t")]

    def test_one_of_another_kind_takes_the_place_of_the_first(self) -> None:
        play = Play(nagging(DAY))
        assert effects(play, nagging(READ)) == [("timer_cancelled", "t"), ("subscription_opened", "t")]

    def test_one_that_moved_to_another_activity_is_gone(self) -> None:
        other = task(node("userTask", "b"), path("b", "told"), boundary("t", "b", DAY), path("t", "told"))
        assert effects(Play(nagging(DAY)), other) == [("timer_cancelled", "t")]

    def test_one_that_came_as_often_as_it_might_does_not_come_again(self) -> None:
        play = Play(nagging(DAY))
        play.send(TimerDue(play.token("timer", "t")))
        assert effects(play, nagging(TIMER.format("P9D"))) == []

    def test_a_condition_that_holds_already_comes_when_it_has_been_false(self) -> None:
        play = Play(task(), variables={"late": 1})
        effects(play, nagging(CONDITION))
        assert "t" not in play.path
        task_token = play.token("user", "a")
        for late in (1, 0, 1):
            play.send(VariablesSet(task_token, {"late": late}))
        assert play.path.count("t") == 1


class TestEventSubprocesses:
    def test_one_that_is_added_listens_and_one_that_is_removed_does_not(self) -> None:
        play = Play(task())
        assert effects(play, handled(READ)) == [("subscription_opened", "h_s")]
        assert effects(play, task()) == [("subscription_closed", "h_s")]

    def test_none_listens_while_another_runs_in_place_of_its_scope(self) -> None:
        play = Play(handled(READ))
        play.send(MessageReceived(play.token("message", "h_s"), {}))
        more = handled(READ).replace('id="h', 'id="k').replace('"h_s"', '"k_s"').replace('"h_e"', '"k_e"')
        assert play.open == {"user:b"}
        second = more[more.index("<bpmn:subProcess") : more.index("</bpmn:subProcess>")] + "</bpmn:subProcess>"
        second = second.replace('"b"', '"kb"').replace('Ref="h_', 'Ref="k_')
        assert effects(play, handled(READ).replace("</bpmn:process>", second + "</bpmn:process>")) == []
        play.send(UserTaskCompleted(play.token("user", "b")))
        assert play.ended


@pytest.mark.parametrize("new", [task(), nagging(DAY), nagging(TIMER.format("P2D")), handled(READ)])
def test_what_was_moved_goes_on_to_its_end(new: str) -> None:
    play = Play(nagging(DAY))
    effects(play, new)
    play.send(UserTaskCompleted(play.token("user", "a")))
    assert play.ended
