"""Events that were ignored, dead or seen too late; event subprocesses and instances that ran wrong."""

from __future__ import annotations

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import MessageReceived, SignalReceived
from tests.unit.spiff.drawing import MESSAGE, TIMER, node, path, process
from tests.unit.spiff.facts.running import SIGNAL, condition, done, refuse, run

ESCALATION = '<bpmn:escalationEventDefinition escalationRef="esc"/>'


def handler(event: str, interrupting: str = "true") -> str:
    inner = node("startEvent", "x1", event, isInterrupting=interrupting) + node("task", "x2") + path("x1", "x2")
    return node("subProcess", "x", inner, triggeredByEvent="true")


def several(inside: str, **attributes: str) -> str:
    written = "".join(f' {name.replace("__", ":")}="{value}"' for name, value in attributes.items())
    return f"<bpmn:multiInstanceLoopCharacteristics{written}>{inside}</bpmn:multiInstanceLoopCharacteristics>"


def times(number: str, **attributes: str) -> str:
    return several(f"<bpmn:loopCardinality>{number}</bpmn:loopCardinality>", **attributes)


def test_a_signal_is_thrown_at_the_end() -> None:
    play = run(process(node("endEvent", "x", SIGNAL), path("s", "x"), path("s", "e")))
    assert [thrown.signal for thrown in play.of("signal_thrown")] == ["alarm"]


def test_links_lead_on() -> None:
    link = '<bpmn:linkEventDefinition name="L"/>'
    ends = node("intermediateThrowEvent", "a", link) + node("intermediateCatchEvent", "b", link)
    assert run(process(ends, path("s", "a"), path("b", "e"))).path == ["s", "a", "b", "e"]


def test_a_change_of_data_in_another_branch_is_seen_by_a_condition() -> None:
    play = run(
        process(
            node("parallelGateway", "f"), node("intermediateCatchEvent", "c", condition("n > 1")),
            node("userTask", "u"), node("scriptTask", "x", "<bpmn:script>n = 2</bpmn:script>"),
            path("s", "f", "c", "e"), path("f", "u", "x", "e"),
        ),
        variables={"n": 1},
    )  # fmt: skip
    done(play, "u")
    assert play.ended and play.path.count("e") == 2


def test_an_event_subprocess_with_an_escalation_starts_when_it_is_thrown_and_not_before() -> None:
    drawn = node("userTask", "a"), node("intermediateThrowEvent", "t", ESCALATION), node("userTask", "b")
    play = run(process(*drawn, handler(ESCALATION), path("s", "a", "t", "b", "e")))
    assert "x" not in play.path
    done(play, "a")
    assert play.path == ["s", "a", "t", "x", "x1", "x2"]
    assert play.ended


def test_an_event_subprocess_with_a_signal_stops_the_main_flow() -> None:
    play = run(process(node("userTask", "a"), handler(SIGNAL), path("s", "a", "e")))
    play.send(SignalReceived(play.token("message", "x1")))
    assert play.path == ["s", "a", "x", "x1", "x2"]
    assert play.ended


@pytest.mark.parametrize("event", [TIMER.format("PT1H"), MESSAGE.format("m"), condition("False")])
@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_event_subprocess_that_never_starts_keeps_nothing_from_completing(event: str, interrupting: str) -> None:
    play = run(process(node("userTask", "a"), handler(event, interrupting), path("s", "a", "e")))
    done(play, "a")
    assert play.ended and play.open == set()


def test_a_negative_cardinality_fails_at_its_element() -> None:
    with pytest.raises(StepFailed) as failed:
        run(process(node("task", "x", times("n")), path("s", "x", "e")), variables={"n": -1})
    assert failed.value.element == "x"


def test_a_behaviour_of_instances_that_would_be_ignored_is_refused() -> None:
    refuse(
        "an event at the end of single instances",
        "x",
        node("task", "x", times("2", behavior="One")),
        path("s", "x", "e"),
    )


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_instances_are_counted(sequential: str) -> None:
    inner = (
        node("startEvent", "i1") + node("userTask", "i2")
        + node("scriptTask", "i3", "<bpmn:script>seen = [nrOfInstances, nrOfCompletedInstances]</bpmn:script>")
        + path("i1", "i2", "i3")
    )  # fmt: skip
    drawn = node("subProcess", "x", inner + times("2", isSequential=sequential))
    play = run(process(drawn, path("s", "x", "e")), variables={"seen": None})
    done(play, "i2")
    assert play.variables["seen"] == [2, 0]


def test_a_sequence_over_a_list_needs_no_output() -> None:
    drawn = node("userTask", "x", several("", isSequential="true", camunda__collection="items"))
    play = run(process(drawn, path("s", "x", "e")), variables={"items": ["a", "b", "c"]})
    for _ in range(3):
        done(play, "x")
    assert play.ended


def test_an_event_gateway_takes_one_event_only() -> None:
    drawn = process(
        node("eventBasedGateway", "g"), node("receiveTask", "m", messageRef="msg_m"),
        node("intermediateCatchEvent", "a", SIGNAL), node("intermediateCatchEvent", "t", TIMER.format("PT1H")),
        path("s", "g", "m", "e"), path("g", "a", "e"), path("g", "t", "e"),
    )  # fmt: skip
    play = run(drawn)
    play.send(MessageReceived(play.token("message", "m")))
    assert play.path == ["s", "g", "m", "e"]
    assert play.ended and play.open == set()
