"""Events run as BPMN 2.0 says: boundaries, event gateways, errors, timers, jobs, terminate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.effects import At, Day, Goal, Working
from engine.domain.errors import StepFailed
from engine.domain.events import JobCompleted, JobFailed, MessageReceived, TimerDue, UserTaskCompleted
from tests.unit.spiff.drawing import (
    ANY_ERROR,
    CYCLE,
    ERROR,
    MESSAGE,
    NOW,
    TERMINATE,
    TIMER,
    Play,
    node,
    path,
    process,
)


def done(play: Play, element: str, **data: object) -> None:
    play.send(UserTaskCompleted(play.token("user", element), data))


def test_an_interrupting_timer_boundary_takes_the_task_away() -> None:
    drawn = process(
        node("userTask", "a"),
        node("boundaryEvent", "t", TIMER.format("PT2H"), attachedToRef="a"),
        node("task", "late"),
        path("s", "a", "e"),
        path("t", "late"),
    )
    play = Play(drawn)
    assert play.of("timer_set")[0].due == At(NOW + timedelta(hours=2))
    play.send(TimerDue(play.token("timer", "t")))
    assert play.ended
    assert play.path == ["s", "a", "t", "late"]
    assert play.open == set()
    assert play.of("user_task_closed")[0].outcome == "cancelled"
    play = Play(drawn)
    done(play, "a")
    assert play.open == set()
    assert play.path == ["s", "a", "e"]


def test_a_non_interrupting_message_boundary_is_heard_again_and_again() -> None:
    play = Play(
        process(
            node("userTask", "a"),
            node("boundaryEvent", "b", MESSAGE.format("m"), attachedToRef="a", cancelActivity="false"),
            node("userTask", "c"),
            path("s", "a", "e"),
            path("b", "c"),
        )
    )
    for number in range(3):
        play.send(MessageReceived(play.token("message", "b"), {"n": number}))
    assert len(play.of("user_task_opened")) == 4
    assert "user:a" in play.open
    assert "message:b" in play.open


def test_a_cycle_fires_as_often_as_it_says() -> None:
    play = Play(
        process(
            node("userTask", "a"),
            node("boundaryEvent", "t", CYCLE.format("R2/PT1H"), attachedToRef="a", cancelActivity="false"),
            node("task", "remind"),
            path("s", "a", "e"),
            path("t", "remind"),
        )
    )
    play.send(TimerDue(play.token("timer", "t")))
    play.send(TimerDue(play.token("timer", "t")))
    assert play.path.count("remind") == 2
    assert play.open == {"user:a"}


def test_the_first_event_behind_an_event_gateway_decides() -> None:
    drawn = process(
        node("eventBasedGateway", "g"),
        node("intermediateCatchEvent", "m1", MESSAGE.format("m")),
        node("intermediateCatchEvent", "t1", TIMER.format("PT5S")),
        node("intermediateCatchEvent", "t2", TIMER.format("PT2S")),
        path("s", "g", "m1", "e"),
        path("g", "t1", "e"),
        path("g", "t2", "e"),
    )
    play = Play(drawn)
    assert play.open == {"message:m1", "timer:t1", "timer:t2"}
    assert {str(e.due.instant - NOW) for e in play.of("timer_set")} == {"0:00:05", "0:00:02"}
    play.send(MessageReceived(play.token("message", "m1"), {"x": 1}))
    assert play.ended
    assert play.path == ["s", "g", "m1", "e"]
    assert play.open == set()
    play = Play(drawn)
    play.send(TimerDue(play.token("timer", "t2")))
    assert play.path == ["s", "g", "t2", "e"]


def test_terminate_ends_everything_in_its_scope_before_it_runs() -> None:
    play = Play(
        process(
            node("parallelGateway", "f"),
            node("endEvent", "x", TERMINATE),
            node("task", "a"),
            node("task", "b"),
            node("task", "c"),
            path("s", "f", "x"),
            path("f", "a", "b", "c"),
        )
    )
    assert play.ended
    assert "c" not in play.path


def test_an_interrupting_event_on_a_subprocess_takes_all_that_is_inside() -> None:
    inner = (
        node("startEvent", "is")
        + node("userTask", "ia")
        + node("boundaryEvent", "it", TIMER.format("PT1H"), attachedToRef="ia")
        + node("endEvent", "ie")
        + path("is", "ia", "ie")
        + path("it", "ie")
    )
    play = Play(
        process(
            node("subProcess", "sub", inner),
            node("boundaryEvent", "b", MESSAGE.format("m"), attachedToRef="sub"),
            path("s", "sub", "e"),
            path("b", "e"),
        )
    )
    play.send(MessageReceived(play.token("message", "b")))
    assert play.ended
    assert play.open == set()
    left = {e.element: e.outcome for e in play.of("element_left")}
    assert left["ia"] == left["sub"] == "cancelled"


def test_an_error_reaches_the_innermost_boundary_that_catches_it_and_no_other() -> None:
    inner = node("startEvent", "is") + node("endEvent", "bad", ERROR) + path("is", "bad")
    play = Play(
        process(
            node("subProcess", "sub", inner),
            node("boundaryEvent", "c", ERROR, attachedToRef="sub"),
            node("subProcess", "other", node("startEvent", "os") + node("userTask", "oa") + path("os", "oa")),
            node("boundaryEvent", "oc", ERROR, attachedToRef="other"),
            node("parallelGateway", "f"),
            node("task", "caught"),
            path("s", "f", "other"),
            path("f", "sub"),
            path("c", "caught"),
            path("oc", "e"),
        )
    )
    assert "caught" in play.path
    assert "oc" not in play.path
    assert play.open == {"user:oa"}


def test_an_error_that_nobody_catches_fails_the_step() -> None:
    with pytest.raises(StepFailed, match="E1"):
        Play(process(node("endEvent", "bad", ERROR), path("s", "bad")))


def test_a_correlation_key_that_no_message_can_have_fails_the_step() -> None:
    waiting = node("receiveTask", "w", properties={"correlationKey": "='k' * 501"}, messageRef="msg_m")
    with pytest.raises(StepFailed, match="correlation key has 501"):
        Play(process(waiting, path("s", "w", "e")))


def test_a_job_is_waited_for_and_its_result_becomes_a_variable() -> None:
    drawn = process(
        node("serviceTask", "j", camunda__type="external", camunda__topic="webhook", camunda__resultVariable="r"),
        node("boundaryEvent", "b", ERROR, attachedToRef="j"),
        node("boundaryEvent", "any", ANY_ERROR, attachedToRef="j"),
        path("s", "j", "e"),
        path("b", "e"),
        path("any", "e"),
    )
    play = Play(drawn)
    token = play.token("job", "j")
    play.send(JobCompleted(token, {"a": 1}))
    assert play.ended
    assert {"r": {"a": 1}} in [e.variables for e in play.of("variables_changed")]
    play = Play(drawn)
    play.send(JobFailed(token, error="E1"))
    assert play.path == ["s", "j", "b", "e"]
    play = Play(drawn)
    play.send(JobFailed(token, "no answer"))
    assert play.path == ["s", "j", "any", "e"]


def test_variables_get_the_code_and_the_problem_of_what_was_caught() -> None:
    error = '<bpmn:errorEventDefinition camunda:errorCodeVariable="code" camunda:errorMessageVariable="why"/>'
    escalation = '<bpmn:escalationEventDefinition camunda:escalationCodeVariable="level"/>'
    thrown = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
    inside = node("startEvent", "i") + node("endEvent", "x", thrown) + path("i", "x")
    play = Play(
        process(
            node("subProcess", "u", inside),
            node("boundaryEvent", "v", escalation, attachedToRef="u"),
            node("serviceTask", "j", camunda__topic="webhook"),
            node("boundaryEvent", "b", error, attachedToRef="j"),
            path("s", "u", "j", "e"),
            path("v", "j"),
            path("b", "e"),
        )
    )
    play.send(JobFailed(play.token("job", "j"), "no answer", "E1"))
    assert play.variables == {"level": "X1", "code": "E1", "why": "no answer"}


def test_a_failing_script_reaches_an_error_boundary_and_keeps_none_of_its_changes() -> None:
    play = Play(
        process(
            node("scriptTask", "a", "<bpmn:script>x = 1\ny = 1 / 0</bpmn:script>"),
            node("userTask", "mend"),
            node("boundaryEvent", "b", ANY_ERROR, attachedToRef="a"),
            path("s", "a", "e"),
            path("b", "mend"),
        )
    )
    assert play.open == {"user:mend"}
    assert play.of("variables_changed") == []


def test_working_time_and_goals_are_left_to_the_command() -> None:
    play = Play(
        process(
            node("userTask", "a"),
            node("boundaryEvent", "t", TIMER.format('working("PT3H")'), attachedToRef="a"),
            node("boundaryEvent", "u", TIMER.format('deadline("quote")'), attachedToRef="a"),
            path("s", "a", "e"),
            path("t", "e"),
            path("u", "e"),
        )
    )
    assert [e.due for e in play.of("timer_set")] == [Working("PT3H"), Goal("quote")]


def test_a_date_alone_is_that_days_closing_time() -> None:
    dated = "<bpmn:timerEventDefinition><bpmn:timeDate>2026-04-01</bpmn:timeDate></bpmn:timerEventDefinition>"
    play = Play(process(node("intermediateCatchEvent", "t", dated), path("s", "t", "e")))
    assert play.of("timer_set")[0].due == Day("2026-04-01")
