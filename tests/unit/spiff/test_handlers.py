"""Event subprocesses, escalations, signals, conditional events, links: what BPMN 2.0 says they do."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import FactsChanged, MessageReceived, SignalReceived, TimerDue, UserTaskCompleted
from engine.spiff.state import places
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import CYCLE, ERROR, MESSAGE, TIMER, Play, flow, node, path, process, xml

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
ANY_ESCALATION = "<bpmn:escalationEventDefinition/>"
LINK = '<bpmn:linkEventDefinition name="{}"/>'


def condition(text: str) -> str:
    return f"<bpmn:conditionalEventDefinition><bpmn:condition>{text}</bpmn:condition></bpmn:conditionalEventDefinition>"


def run(*drawn: str, **more: Any) -> Play:
    """Started, after the check found nothing."""
    assert check_diagram("p.bpmn", xml(process(*drawn))) == []
    return Play(process(*drawn), **more)


def handler(event: str, *parts: str, interrupting: bool = True, id_: str = "h") -> str:
    """An event subprocess `h` from `h_s` over the parts to `h_e`."""
    start = node("startEvent", f"{id_}_s", event, isInterrupting="true" if interrupting else "false")
    return node("subProcess", id_, start + node("endEvent", f"{id_}_e") + "".join(parts), triggeredByEvent="true")


def boundary(id_: str, on: str, event: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="true" if interrupting else "false")


def done(play: Play, element: str, **data: object) -> None:
    play.send(UserTaskCompleted(play.token("user", element), data))


class TestEventSubprocess:
    def test_an_interrupting_one_runs_in_place_of_its_scope(self) -> None:
        play = run(
            node("userTask", "a"), path("s", "a", "e"),
            handler(MESSAGE.format("m"), node("userTask", "b"), path("h_s", "b", "h_e")),
        )  # fmt: skip
        assert play.open == {"user:a", "message:h_s"}
        play.send(MessageReceived(play.token("message", "h_s"), {"why": "because"}))
        assert play.open == {"user:b"}
        assert [(e.element, e.outcome) for e in play.of("element_left")][-2:] == [
            ("a", "cancelled"),
            ("h_s", "completed"),
        ]
        assert play.variables["why"] == "because"
        done(play, "b")
        assert play.ended and play.path == ["s", "a", "h", "h_s", "b", "h_e"]

    def test_one_that_does_not_interrupt_runs_beside_as_often_as_its_event_comes(self) -> None:
        play = run(
            node("userTask", "a"), path("s", "a", "e"),
            handler(MESSAGE.format("m"), node("userTask", "b"), path("h_s", "b", "h_e"), interrupting=False),
        )  # fmt: skip
        for _ in range(2):
            play.send(MessageReceived(play.token("message", "h_s"), {}))
        done(play, "a")
        assert not play.ended
        for opened in [e for e in play.of("user_task_opened") if e.element == "b"]:
            assert not play.ended
            play.send(UserTaskCompleted(opened.token, {}))
        assert play.ended and play.open == set()

    def test_a_timer_is_armed_with_the_scope_and_taken_away_with_it(self) -> None:
        play = run(
            node("userTask", "a"), path("s", "a", "e"),
            handler(TIMER.format("PT1H"), node("task", "b"), path("h_s", "b", "h_e")),
        )  # fmt: skip
        assert play.open == {"user:a", "timer:h_s"}
        done(play, "a")
        assert play.ended and play.open == set()

    def test_a_repeating_timer_fires_as_often_as_it_says(self) -> None:
        play = run(
            node("userTask", "a"), path("s", "a", "e"),
            handler(CYCLE.format("R2/PT1H"), node("task", "b"), path("h_s", "b", "h_e"), interrupting=False),
        )  # fmt: skip
        for _ in range(2):
            play.send(TimerDue(play.token("timer", "h_s")))
        assert play.open == {"user:a"} and play.path.count("b") == 2

    def test_an_error_starts_it_before_the_boundary_of_the_scope(self) -> None:
        inner = (
            node("startEvent", "i_s") + node("endEvent", "i_e", ERROR) + path("i_s", "i_e")
            + handler(ERROR, node("task", "b"), path("h_s", "b", "h_e"))
        )  # fmt: skip
        play = run(
            node("subProcess", "x", inner), boundary("c", "x", ERROR), path("s", "x", "e"), flow("c", "e"),
        )  # fmt: skip
        assert play.ended and play.path == ["s", "x", "i_s", "i_e", "h", "h_s", "b", "h_e", "e"]

    def test_an_error_inside_it_goes_outwards(self) -> None:
        inner = (
            node("startEvent", "i_s") + node("endEvent", "i_e", ERROR) + path("i_s", "i_e")
            + node("subProcess", "h", node("startEvent", "h_s", ERROR) + node("endEvent", "h_e", ERROR)
                   + path("h_s", "h_e"), triggeredByEvent="true")
        )  # fmt: skip
        play = run(
            node("subProcess", "x", inner), boundary("c", "x", ERROR), path("s", "x", "e"), flow("c", "e"),
        )  # fmt: skip
        assert play.ended and play.path[-2:] == ["c", "e"]

    def test_nested_ones_listen_while_the_one_around_runs(self) -> None:
        inner = handler(MESSAGE.format("n"), node("task", "c"), path("k_s", "c", "k_e"), id_="k")
        play = run(
            node("userTask", "a"), path("s", "a", "e"),
            handler(MESSAGE.format("m"), node("userTask", "b"), path("h_s", "b", "h_e"), inner),
        )  # fmt: skip
        play.send(MessageReceived(play.token("message", "h_s"), {}))
        assert play.open == {"user:b", "message:k_s"}
        play.send(MessageReceived(play.token("message", "k_s"), {}))
        assert play.ended and play.path[-4:] == ["k", "k_s", "c", "k_e"]

    @pytest.mark.parametrize(
        ("drawn", "said"),
        [
            (handler("", path("h_s", "h_e")), "without a trigger"),
            (handler(ERROR, path("h_s", "h_e"), interrupting=False), "An error always interrupts."),
            (handler(SIGNAL, path("h_s", "h_e")) + path("s", "h"), "leads to an event subprocess"),
            (handler(SIGNAL, path("h_s", "h_e")) + boundary("b", "h", ERROR) + flow("b", "e"), "sits on an event"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_one_is_refused(self, drawn: str, said: str) -> None:
        problems = check_diagram("p.bpmn", xml(process(path("s", "e"), drawn)))
        assert any(said in problem.problem and problem.remedy for problem in problems), problems


class TestEscalation:
    def drawn(self, boundary_: str, *more: str) -> tuple[str, ...]:
        inner = (
            node("startEvent", "i_s") + node("intermediateThrowEvent", "t", ESCALATION) + node("userTask", "i")
            + node("endEvent", "i_e") + path("i_s", "t", "i", "i_e")
        )  # fmt: skip
        return (node("subProcess", "x", inner), boundary_, path("s", "x", "e"), *more)

    def test_it_goes_on_beside_who_catches_it(self) -> None:
        caught = boundary("c", "x", ESCALATION, interrupting=False)
        play = run(*self.drawn(caught, node("userTask", "b"), path("c", "b", "e")))
        assert play.open == {"user:i", "user:b"}

    def test_it_may_interrupt(self) -> None:
        play = run(*self.drawn(boundary("c", "x", ANY_ESCALATION), node("userTask", "b"), path("c", "b", "e")))
        assert play.open == {"user:b"}

    def test_nobody_has_to_catch_it(self) -> None:
        play = run(*self.drawn(""))
        assert play.open == {"user:i"}

    def test_it_leaves_a_called_process(self) -> None:
        called = process(node("endEvent", "t", ESCALATION), path("q_s", "t"), id_="q").replace(
            node("endEvent", "q_e"), ""
        )
        drawn = (
            node("callActivity", "x", calledElement="q"), boundary("c", "x", ESCALATION, interrupting=False),
            node("task", "b"), path("s", "x", "e"), path("c", "b", "e"),
        )  # fmt: skip
        assert "b" in Play(process(*drawn), called).path

    def test_an_event_subprocess_catches_it_first(self) -> None:
        inner = (
            node("startEvent", "i_s") + node("endEvent", "t", ESCALATION) + path("i_s", "t")
            + handler(ESCALATION, node("task", "b"), path("h_s", "b", "h_e"), interrupting=False)
        )  # fmt: skip
        play = run(
            node("subProcess", "x", inner), boundary("c", "x", ESCALATION), path("s", "x", "e"), flow("c", "e"),
        )  # fmt: skip
        assert play.path == ["s", "x", "i_s", "t", "h", "h_s", "b", "h_e", "e"]


class TestSignals:
    def test_whoever_waits_gets_it(self) -> None:
        play = run(
            node("userTask", "a"), node("intermediateCatchEvent", "w", SIGNAL),
            node("parallelGateway", "g"), path("s", "g", "a", "e"), path("g", "w", "e"),
            boundary("b", "a", SIGNAL), node("task", "t"), path("b", "t", "e"),
        )  # fmt: skip
        assert [(e.element, e.message, e.signal) for e in play.of("subscription_opened")] == [
            ("b", "alarm", True), ("w", "alarm", True),
        ]  # fmt: skip
        play.send(SignalReceived(play.token("message", "w"), {"x": 1}))
        assert play.open == {"user:a", "message:b"}
        play.send(SignalReceived(play.token("message", "b"), {}))
        assert play.ended and "t" in play.path

    def test_it_is_thrown_on_the_way_and_at_the_end(self) -> None:
        play = run(
            node("intermediateThrowEvent", "t", SIGNAL, {"data.x": "=1 + 1"}), node("endEvent", "f", SIGNAL),
            path("s", "t", "f"), flow("s", "e"),
        )  # fmt: skip
        assert [(e.element, e.signal, dict(e.data)) for e in play.of("signal_thrown")] == [
            ("t", "alarm", {"x": 2}), ("f", "alarm", {}),
        ]  # fmt: skip


class TestConditions:
    def test_it_comes_when_a_variable_makes_it_true(self) -> None:
        play = run(
            node("userTask", "a"), node("intermediateCatchEvent", "w", condition("amount &gt; 100")),
            node("parallelGateway", "g"), path("s", "g", "w", "e"), path("g", "a"),
            node("exclusiveGateway", "x", default="x-&gt;a").replace("x-&gt;a", "x->a"),
            flow("a", "x"), flow("x", "a"), flow("x", "e", "amount > 1000".replace(">", "&gt;")),
        )  # fmt: skip
        done(play, "a", amount=50)
        assert "e" not in play.path
        done(play, "a", amount=150)
        assert play.path.count("e") == 1

    def test_one_that_holds_already_comes_at_once(self) -> None:
        play = run(node("intermediateCatchEvent", "w", condition("${x == 1}")), path("s", "w", "e"), variables={"x": 1})
        assert play.ended

    def test_it_comes_again_only_after_it_was_false(self) -> None:
        play = run(
            node("userTask", "a"), node("exclusiveGateway", "x", default="x->a"), path("s", "a", "x", "a"),
            flow("x", "e", "stop"),
            handler(condition("n &gt; 1"), node("task", "b"), path("h_s", "b", "h_e"), interrupting=False),
            variables={"stop": False, "n": 0},
        )  # fmt: skip
        for number in (2, 3, 1, 2):
            done(play, "a", n=number)
        assert play.path.count("b") == 2

    def test_it_interrupts_before_anything_else_moves(self) -> None:
        inner = (
            node("startEvent", "i_s") + node("scriptTask", "i", "<bpmn:script>x = 1</bpmn:script>") + node("task", "z")
            + node("endEvent", "i_e") + path("i_s", "i", "z", "i_e")
        )  # fmt: skip
        play = run(
            node("subProcess", "u", inner), boundary("b", "u", condition("x == 1")), path("s", "u", "e"),
            flow("b", "e"), variables={"x": 0},
        )  # fmt: skip
        assert play.path == ["s", "u", "i_s", "i", "b", "e"]

    def test_a_change_of_the_ticket_from_outside_is_seen(self) -> None:
        play = run(
            node("intermediateCatchEvent", "w", condition('ticket.category == "crm"')), path("s", "w", "e"),
            ticket={"category": ""},
        )  # fmt: skip
        play.facts["ticket"]["category"] = "crm"
        play.send(FactsChanged())
        assert play.ended

    def test_one_that_fails_tells_its_element(self) -> None:
        with pytest.raises(StepFailed) as failed:
            run(node("intermediateCatchEvent", "w", condition("1 / x")), path("s", "w", "e"), variables={"x": 0})
        assert failed.value.element == "w"


class TestLinks:
    def test_what_is_thrown_goes_on_at_the_other_end(self) -> None:
        play = run(
            node("intermediateThrowEvent", "t", LINK.format("A")),
            node("intermediateCatchEvent", "c", LINK.format("A")),
            node("task", "a"), path("s", "t"), path("c", "a", "e"),
        )  # fmt: skip
        assert play.ended and play.path == ["s", "t", "c", "a", "e"]

    def test_ends_without_a_partner_are_refused(self) -> None:
        problems = check_diagram(
            "p.bpmn",
            xml(
                process(
                    node("intermediateThrowEvent", "t", LINK.format("A")),
                    node("intermediateCatchEvent", "c", LINK.format("B")), path("s", "t"), path("c", "e"),
                )
            ),
        )  # fmt: skip
        assert {problem.element for problem in problems} >= {"t", "c"}

    def test_at_the_boundary_of_several_instances_it_sees_how_many_are_done(self) -> None:
        several = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="items"/>'
        play = run(
            node("userTask", "a", several),
            boundary("b", "a", condition("nrOfCompletedInstances == 2"), interrupting=False), node("userTask", "told"),
            path("s", "a", "e"), path("b", "told"), variables={"items": [1, 2, 3]},
        )  # fmt: skip
        for expected in (0, 1, 1):
            play.send(UserTaskCompleted(min(open_tasks(play, "a"))))
            assert play.path.count("told") == expected


def open_tasks(play: Play, element: str) -> set[int]:
    """Tokens of the open user tasks at an element."""
    return {
        place.token for place in places(play.state or b"") if (place.element, place.waits) == (element, "user_task")
    }
