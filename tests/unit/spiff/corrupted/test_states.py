"""Loaded state is data: whatever stands in it, a step gives a sound state or is refused, and nothing of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from engine.domain.errors import Conflict, CorruptState, StepFailed
from engine.domain.events import (
    Cancelled,
    Event,
    FactsChanged,
    JobCompleted,
    JobFailed,
    MessageReceived,
    SignalReceived,
    TimerDue,
    UserTaskCompleted,
    VariablesSet,
)
from engine.spiff.advancing import Step, advance
from engine.spiff.ahead import look_ahead
from engine.spiff.expressions import Sandbox
from engine.spiff.inspecting import inspect
from engine.spiff.stored import read_state
from tests.support.nightly import EXAMPLES
from tests.unit.spiff.corrupted.mutations import corrupted
from tests.unit.spiff.drawing import CYCLE, MESSAGE, SANDBOX, TIMER, Play, flow, node, path, process

MUTATIONS = EXAMPLES or 5_000
SHARDS = 5
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
CALLS = '<bpmn:extensionElements><camunda:in variables="all"/><camunda:out variables="all"/></bpmn:extensionElements>'
HOLDS = "<bpmn:conditionalEventDefinition><bpmn:condition>{}</bpmn:condition></bpmn:conditionalEventDefinition>"
SEVERAL = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{}" camunda:collection="items"'
    ' camunda:elementVariable="item"><bpmn:loopDataOutputRef>found</bpmn:loopDataOutputRef>'
    '<bpmn:outputDataItem name="result"/></bpmn:multiInstanceLoopCharacteristics>'
)
AGAIN = (
    "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>n &lt; 9</bpmn:loopCondition>"
    "</bpmn:standardLoopCharacteristics>"
)


def beside(id_: str, on: str, event: str, *, interrupting: bool = False) -> str:
    attributes = {"attachedToRef": on, "cancelActivity": "true" if interrupting else "false"}
    return node("boundaryEvent", id_, event, **attributes) + node("endEvent", f"{id_}_e") + path(id_, f"{id_}_e")


def sub(id_: str, *inner: str, marker: str = "") -> str:
    ends = node("startEvent", f"{id_}_s") + node("userTask", f"{id_}_u") + node("endEvent", f"{id_}_e")
    return node("subProcess", id_, ends + path(f"{id_}_s", f"{id_}_u", f"{id_}_e") + "".join(inner) + marker)


def handler(id_: str, event: str, *, interrupting: bool = False) -> str:
    start = node("startEvent", f"{id_}_s", event, isInterrupting="true" if interrupting else "false")
    inner = start + node("userTask", f"{id_}_u") + path(f"{id_}_s", f"{id_}_u")
    return node("subProcess", id_, inner, triggeredByEvent="true")


BRANCHES = {
    "a": node("userTask", "a", camunda__assignee="${n}") + beside("a_t", "a", CYCLE.format("R3/PT1H"))
    + beside("a_c", "a", HOLDS.format("n &gt; 5")),
    "x": sub("x", handler("x_h", SIGNAL)) + beside("x_m", "x", MESSAGE.format("m"), interrupting=True),
    "c": node("callActivity", "c", CALLS, calledElement="q")
    + beside("c_t", "c", TIMER.format("PT2H"), interrupting=True),
    "row": node("userTask", "row", SEVERAL.format("true")),
    "crowd": sub("crowd", marker=SEVERAL.format("false")) + beside("crowd_m", "crowd", MESSAGE.format("n")),
    "again": sub("again", marker=AGAIN),
    "g": node("eventBasedGateway", "g") + node("intermediateCatchEvent", "g_t", TIMER.format("PT3H"))
    + node("receiveTask", "g_m", properties={"correlationKey": "=text"}, messageRef="msg_n")
    + path("g", "g_t", "j") + path("g", "g_m", "j"),
    "job": node("serviceTask", "job", camunda__topic="webhook"),
    "until": node("intermediateCatchEvent", "until", HOLDS.format("n > 6")),
    "script": node("userTask", "before") + path("before", "script")
    + node("scriptTask", "script", "<bpmn:script>n = n + 1</bpmn:script>"),
    "auto": node("task", "auto"),
}  # fmt: skip
DRAWN = (
    process(
        node("parallelGateway", "f"), node("parallelGateway", "j"), handler("h", MESSAGE.format("m")),
        handler("over", TIMER.format("P9D"), interrupting=True), path("s", "f"), path("j", "e"), *BRANCHES.values(),
        *(flow("f", "before" if id_ == "script" else id_) for id_ in BRANCHES),
        *(flow(id_, "j") for id_ in BRANCHES if id_ != "g"),
    ),
    process(node("userTask", "q1"), path("q_s", "q1", "q_e"), id_="q"),
)  # fmt: skip


class Spy:
    """A sandbox that keeps what it is asked to run."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox, self.ran = sandbox, set[str]()

    def evaluate(self, text: str, names: Mapping[str, Any], now: datetime) -> Any:
        self.ran.add(text)
        return self._sandbox.evaluate(text, names, now)

    def evaluate_all(self, texts: Sequence[str], names: Mapping[str, Any], now: datetime) -> list[Any]:
        self.ran.update(texts)
        return self._sandbox.evaluate_all(texts, names, now)

    def stopwatch(self) -> float:
        return 0.0

    def execute(self, text: str, names: Mapping[str, Any], now: datetime) -> Any:
        self.ran.add(text)
        return self._sandbox.execute(text, names, now)


@cache
def plays() -> list[Play]:
    """One instance as it began, and others after a few steps."""
    found = []
    for steps in range(0, 24, 4):
        play = Play(*DRAWN, variables={"n": 1, "text": 'à\\ud800 "quoted"', "items": [1, {"two": [2]}, None]})
        for _ in range(steps):
            event = next(events(play.state or b"", Random(steps), sound=True))
            play.send(event)
        assert not play.ended
        found.append(play)
    return found


def events(state: bytes, chance: Random, sound: bool = False) -> Iterator[Event]:
    """What may come for a token of the state, and what may not."""
    tokens = [token for scope in read_state(state).scopes for _, token in scope.tokens]
    fitting = {"user_task": UserTaskCompleted, "timer": TimerDue, "message": MessageReceived, "signal": SignalReceived,
               "job": JobCompleted}  # fmt: skip
    while True:
        token = chance.choice(tokens)
        if token.waits in fitting and (sound or chance.random() < 0.8):
            yield fitting[token.waits](token.number)
        elif not sound:
            kinds = (VariablesSet(token.number, {"n": 7}), JobFailed(token.number, "no answer"), FactsChanged())
            yield chance.choice((*kinds, Cancelled("enough"), TimerDue(token.number)))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_corrupted_state_is_refused_or_goes_on_and_nothing_in_it_is_run(shard: int) -> None:
    chance = Random(shard)
    spy = Spy(SANDBOX)
    outcomes = {"went on": 0, "refused": 0}
    for _ in range(MUTATIONS // SHARDS):
        play = chance.choice(plays())
        event = next(events(play.state or b"", chance))
        state = corrupted(play.state or b"", chance)
        for look in (inspect, lambda *given: look_ahead(*given, "")):
            try:
                look(play.definitions, state)
            except CorruptState:
                pass
        try:
            step = advance(play.definitions, state, event, play.facts, play.now + timedelta(hours=1), spy)  # type: ignore[arg-type]
        except CorruptState:
            outcomes["refused"] += 1
        except (StepFailed, Conflict):
            pass
        else:
            outcomes["went on"] += 1
            assert_sound(play, step)
    assert min(outcomes.values()) > MUTATIONS // 100, outcomes
    assert spy.ran <= {"n", "n > 5", "n > 6", "n < 9", "items", "text", "n = n + 1"}


def assert_sound(play: Play, step: Step) -> None:
    """What a step gives can be read again, and is written as it was read."""
    assert read_state(step.state).ended == step.ended
    if not step.ended:
        again = advance(play.definitions, step.state, FactsChanged(), play.facts, play.now, SANDBOX)
        assert again.state == step.state
