"""However long a process runs, a step costs the same; what would never end is refused, or stopped with an incident."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import Event, MessageReceived, TimerDue, UserTaskCompleted
from engine.spiff import advancing
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import CYCLE, MESSAGE, TIMER, Play, flow, node, path, process, xml

HOLDS = "<bpmn:conditionalEventDefinition><bpmn:condition>{}</bpmn:condition></bpmn:conditionalEventDefinition>"
TIMES = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{}"><bpmn:loopCardinality>{}</bpmn:loopCardinality>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
CALLS = '<bpmn:extensionElements><camunda:in variables="all"/></bpmn:extensionElements>'

EVENTS: dict[str, Callable[[int], Event]] = {
    "user": UserTaskCompleted, "message": MessageReceived, "timer": TimerDue,
}  # fmt: skip


def beside(id_: str, on: str, event: str) -> str:
    drawn = node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="false")
    return drawn + node("task", f"{id_}_told") + path(id_, f"{id_}_told")


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called: what it costs, in a measure that no busy machine changes."""
    counted = 0

    def count(_frame: Any, what: str, _given: Any) -> None:
        nonlocal counted
        counted += what in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


class Loop:
    """One loop, turned by sending the same kinds of events again and again."""

    def __init__(self, play: Play, *turn: tuple[str, str]) -> None:
        self.play, self.turn = play, turn

    def go(self) -> None:
        self.play.effects.clear()
        for kind, element in self.turn:
            self.play.send(EVENTS[kind](self.play.token(kind, element)))

    def turned(self) -> tuple[int, int, int]:
        """One turn: functions called, bytes of the state, effects."""
        return calls_of(self.go), len(self.play.state or b""), len(self.play.effects)


def plain_loop() -> Loop:
    drawn = (node("userTask", "a"), node("exclusiveGateway", "g", default="g->a"), path("s", "a", "g", "a"))
    return Loop(Play(process(*drawn, flow("g", "e", "stop")), variables={"stop": False}), ("user", "a"))


def rich_loop() -> Loop:
    """A subprocess with branches, listeners and instances, called, and all of it again and again."""
    inner = (
        node("startEvent", "x_s") + node("endEvent", "x_e") + path("x_s", "f", "u", "j", "x_e") + path("f", "i", "j")
        + node("parallelGateway", "f") + node("parallelGateway", "j") + node("task", "i", TIMES.format("true", 2))
        + node("userTask", "u") + beside("t", "u", CYCLE.format("R/PT1H")) + beside("m", "u", MESSAGE.format("m"))
    )  # fmt: skip
    called = process(node("subProcess", "x", inner), path("q_s", "x", "q_e"), id_="q")
    drawn = process(node("callActivity", "c", CALLS, calledElement="q"), path("s", "c", "c"))
    return Loop(Play(drawn, called), ("message", "m"), ("timer", "t"), ("user", "u"))


@pytest.mark.parametrize(("drawn", "turns"), [(plain_loop, 10_000), (rich_loop, 1_000)], ids=["plain", "rich"])
def test_a_late_turn_of_a_loop_costs_what_the_tenth_did(drawn: Callable[[], Loop], turns: int) -> None:
    loop = drawn()
    costs = [loop.turned() for _ in range(10)]
    for _ in range(turns - 11):
        loop.go()
    calls, *rest = loop.turned()
    assert rest == list(costs[-1][1:])
    assert calls <= costs[-1][0] * 1.02  # the sandbox's workers now and then take a few calls more
    assert len(loop.play.waiting) == len(loop.turn)


def test_two_thousand_elements_in_a_row_run() -> None:
    ids = [f"t{n}" for n in range(2_000)]
    drawn = process(*(node("task", i) for i in ids), path("s", *ids, "e"))
    assert check_diagram("p.bpmn", xml(drawn)) == []
    play = Play(drawn)
    assert play.path == ["s", *ids, "e"]
    assert play.ended


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_twenty_blocks_in_series_cost_their_elements_and_no_more(kind: str) -> None:
    def drawn(blocks: int) -> str:
        parts = []
        for n in range(blocks):
            parts += [node(kind, f"f{n}"), node(kind, f"j{n}"), node("task", f"a{n}"), node("task", f"b{n}")]
            parts += [path(f"f{n}", f"a{n}", f"j{n}"), path(f"f{n}", f"b{n}", f"j{n}")]
        links = "".join(flow(f"j{n}", f"f{n + 1}") for n in range(blocks - 1))
        return process(*parts, links, path("s", "f0"), path(f"j{blocks - 1}", "e"))

    play = Play(drawn(20))
    assert play.ended
    assert len(play.path) == 2 + 20 * 5  # a join is entered by each of the two
    costs = [calls_of(lambda blocks=blocks: Play(drawn(blocks))) for blocks in (10, 20)]
    assert costs[1] < costs[0] * 4


ENDLESS = {
    "flows": (node("task", "a"), node("exclusiveGateway", "g", default="g->a"), path("s", "a", "g", "a"),
              flow("g", "e", "stop")),
    "loop": (node("task", "a", "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>not stop</bpmn:loopCondition>"
                  "</bpmn:standardLoopCharacteristics>"), path("s", "a", "e")),
    "links": (node("intermediateThrowEvent", "a", '<bpmn:linkEventDefinition name="L"/>'),
              node("intermediateCatchEvent", "b", '<bpmn:linkEventDefinition name="L"/>'), path("b", "g"),
              node("exclusiveGateway", "g", default="g->a"), path("s", "g", "a"), flow("g", "e", "stop")),
    "conditions": (node("userTask", "u"), path("s", "u", "e"), node("subProcess", "h", node(
        "startEvent", "h_s", HOLDS.format("n % 2 == 1"), isInterrupting="false")
        + node("scriptTask", "one", "<bpmn:script>n = n + 1</bpmn:script>")
        + node("scriptTask", "two", "<bpmn:script>n = n + 1</bpmn:script>") + path("h_s", "one", "two"),
        triggeredByEvent="true")),
    "instances": (node("subProcess", "a", node("startEvent", "a_s") + node("task", "b", TIMES.format("false", 1_000))
                       + path("a_s", "b") + TIMES.format("false", 1_000)), path("s", "a", "e")),
}  # fmt: skip


@pytest.mark.parametrize("drawn", ENDLESS.values(), ids=ENDLESS)
def test_what_goes_on_for_ever_by_itself_is_stopped_at_an_element(
    drawn: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.spiff.running.moving.MAX_ELEMENTS", 1_000)
    assert check_diagram("p.bpmn", xml(process(*drawn))) == []
    with pytest.raises(StepFailed, match="a loop without a wait") as failed:
        Play(process(*drawn), variables={"stop": False, "n": 1})
    assert failed.value.element
    assert len(failed.value.happened) < 5_000


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "step by step"])
@pytest.mark.parametrize("others", [(), ("q",), ("q", "r")], ids=["itself", "each other", "in a circle"])
def test_processes_that_call_themselves_are_stopped_twenty_deep(others: tuple[str, ...], waits: bool) -> None:
    names = ("p", *others)
    drawn = []
    for name, called in zip(names, (*others, "p"), strict=True):
        mark = "" if name == "p" else f"{name}_"
        before = node("userTask", f"{mark}u") if waits else node("task", f"{mark}u")
        drawn.append(process(
            before, node("callActivity", f"{mark}c", CALLS, calledElement=called),
            path(f"{mark}s", f"{mark}u", f"{mark}c", f"{mark}e"), id_=name,
        ))  # fmt: skip

    def run() -> None:
        play = Play(*drawn)
        for _ in range(40):
            ((kind, element),) = play.waiting
            play.send(UserTaskCompleted(play.token(kind, element)))

    with pytest.raises(StepFailed, match="nested more than 20"):
        run()


@pytest.mark.parametrize("text", ["R/PT0S", "R3/PT0S", "R/P0D", "R/PT0.0S", "R/P0Y", 'R/working("PT0S")', "R/-PT1M"])
@pytest.mark.parametrize("where", ["boundary", "event subprocess", "on the way"])
def test_cycles_without_length_are_refused_when_deploying(text: str, where: str) -> None:
    event = CYCLE.format(text)
    inner = node("startEvent", "t", event, isInterrupting="false") + node("task", "b") + path("t", "b")
    drawn = {
        "boundary": beside("t", "a", event),
        "event subprocess": node("subProcess", "h", inner, triggeredByEvent="true"),
        "on the way": node("intermediateCatchEvent", "t", event) + path("t", "a"),
    }  # fmt: skip
    problems = check_diagram("p.bpmn", xml(process(node("userTask", "a"), path("s", "a", "e"), drawn[where])))
    assert [p.element for p in problems if p.remedy] == ["t"] * len(problems) != []


@pytest.mark.parametrize("value", ["PT0S", "-PT1M", "R/PT0S"])
def test_a_time_without_length_that_an_expression_gives_is_an_incident(value: str) -> None:
    drawn = process(node("intermediateCatchEvent", "t", TIMER.format("${wait}")), path("s", "t", "t"))
    with pytest.raises(StepFailed) as failed:
        Play(drawn, variables={"wait": value})
    assert failed.value.element == "t"


@pytest.mark.parametrize("inside", ["condition", "join"])
def test_how_often_all_tokens_are_looked_at_does_not_grow_with_their_number(inside: str) -> None:
    """Conditions are found by what they read, and joins of different scopes are joined at once."""
    looks = {}
    for count in (20, 60):
        with patch.object(advancing, "_all_tokens", side_effect=advancing._all_tokens) as looking:
            Play(_many(inside, count), variables={"x": 1})
        looks[count] = looking.call_count
    assert looks[20] == looks[60] > 0


def _many(inside: str, count: int) -> str:
    """As many subprocesses at once, each with a conditional event or an inclusive split and join."""
    drawn = {
        "condition": node("intermediateCatchEvent", "c", HOLDS.format("x &gt; 5")) + path("i_s", "c"),
        "join": node("inclusiveGateway", "i") + node("task", "u") + node("task", "v") + node("inclusiveGateway", "j")
        + node("endEvent", "i_e") + path("i_s", "i", "u", "j", "i_e") + path("i", "v", "j"),
    }  # fmt: skip
    return process(
        node("subProcess", "x", node("startEvent", "i_s") + drawn[inside] + TIMES.format("false", count)),
        path("s", "x", "e"),
    )
