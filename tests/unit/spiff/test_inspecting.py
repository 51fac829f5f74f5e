"""What a stored state says to those who look at it, and how operators' variables get into it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.domain.effects import VariablesChanged
from engine.domain.errors import Conflict, CorruptState
from engine.domain.events import Started, UserTaskCompleted, VariablesSet, from_json, to_json
from engine.spiff.advancing import advance
from engine.spiff.definitions import Definitions
from engine.spiff.expressions import Sandbox
from engine.spiff.inspecting import inspect
from engine.spiff.parsing.bpmn import read_diagram

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
DIAGRAM = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="urn:x">
  <bpmn:process id="outer" isExecutable="true">
    <bpmn:startEvent id="s"/>
    <bpmn:subProcess id="sub">
      <bpmn:startEvent id="ss"/><bpmn:scriptTask id="local"><bpmn:script>inner = 1</bpmn:script></bpmn:scriptTask>
      <bpmn:callActivity id="call" calledElement="called">
        <bpmn:extensionElements><camunda:in source="shared" target="handed"/></bpmn:extensionElements>
      </bpmn:callActivity>
      <bpmn:sequenceFlow id="a" sourceRef="ss" targetRef="local"/>
      <bpmn:sequenceFlow id="b" sourceRef="local" targetRef="call"/>
    </bpmn:subProcess>
    <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="sub"/>
  </bpmn:process>
  <bpmn:process id="called" isExecutable="true">
    <bpmn:startEvent id="cs"/><bpmn:userTask id="wait"/><bpmn:boundaryEvent id="late" attachedToRef="wait">
      <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="ce"/><bpmn:endEvent id="le"/>
    <bpmn:sequenceFlow id="g" sourceRef="cs" targetRef="wait"/>
    <bpmn:sequenceFlow id="h" sourceRef="wait" targetRef="ce"/>
    <bpmn:sequenceFlow id="i" sourceRef="late" targetRef="le"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture(scope="module")
def sandbox() -> Any:
    pool = Sandbox()
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return Definitions("hash", read_diagram("x.bpmn", DIAGRAM).processes)


@pytest.fixture(scope="module")
def state(definitions: Definitions, sandbox: Sandbox) -> bytes:
    event = Started("i", "outer", variables={"shared": 5})
    return advance(definitions, None, event, {"ticket": {}}, NOW, sandbox).state


def test_where_tokens_stand_and_what_they_see(definitions: Definitions, state: bytes) -> None:
    inspected = inspect(definitions, state)
    assert inspected
    (stand,) = inspected.standing()
    assert (stand.process, stand.element, stand.waits) == ("called", "wait", "user_task")
    assert inspected.seen_by(stand.token) == {"handed": 5}
    around = {place.element: place.token for place in inspected.places.values()}
    assert inspected.seen_by(around["call"]) == {"shared": 5, "inner": 1}
    assert inspected.seen_by(999) == {}


def test_scopes_name_a_token_that_sees_them(definitions: Definitions, state: bytes) -> None:
    inspected = inspect(definitions, state)
    assert inspected
    told = [(scope.process, scope.variables, scope.token in inspected.places) for scope in inspected.scopes()]
    assert told == [("outer", {"shared": 5, "inner": 1}, True), ("sub", {}, True), ("called", {"handed": 5}, True)]


def test_before_the_first_step_there_is_nothing(definitions: Definitions) -> None:
    assert inspect(definitions, None) is None
    with pytest.raises(CorruptState):
        inspect(definitions, b"[]")


def test_variables_are_written_where_the_token_sees_them_and_nothing_moves(
    definitions: Definitions, state: bytes, sandbox: Sandbox
) -> None:
    before = inspect(definitions, state)
    assert before
    (stand,) = before.standing()
    event = from_json(to_json(VariablesSet(stand.token, {"handed": 7, "fresh": [1]})))
    step = advance(definitions, state, event, {"ticket": {}}, NOW, sandbox)
    after = inspect(definitions, step.state)
    assert after
    assert (after.places, after.seen_by(stand.token)) == (before.places, {"handed": 7, "fresh": [1]})
    (effect,) = step.effects
    assert isinstance(effect, VariablesChanged)
    assert step == advance(definitions, state, event, {"ticket": {}}, NOW, sandbox)


def test_a_token_that_is_gone_sees_nothing_any_more(definitions: Definitions, state: bytes, sandbox: Sandbox) -> None:
    inspected = inspect(definitions, state)
    assert inspected
    (stand,) = inspected.standing()
    done = advance(definitions, state, UserTaskCompleted(stand.token), {"ticket": {}}, NOW, sandbox)
    assert done.ended
    with pytest.raises(Conflict):
        advance(definitions, state, VariablesSet(999, {"a": 1}), {"ticket": {}}, NOW, sandbox)
