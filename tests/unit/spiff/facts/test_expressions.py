"""Expressions and scripts: a diagram is code, and never runs in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.domain.errors import CorruptState, StepFailed
from engine.domain.events import (
    UserTaskCompleted,
)
from engine.spiff.advancing import advance
from engine.spiff.stored import FORMAT
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import (
    NOW,
    SANDBOX,
    TIMER,
    Play,
    flow,
    node,
    path,
    process,
    xml,
)
from tests.unit.spiff.facts.running import DATE, SIGNAL, condition, done, run


def task(inner: str) -> str:
    return node("task", "x", inner)


def mapping(line: str) -> str:
    return node("callActivity", "x", f"<bpmn:extensionElements>{line}</bpmn:extensionElements>", calledElement="p")


def job(parameter: str) -> str:
    given = f'<camunda:inputParameter name="url">{parameter}</camunda:inputParameter>'
    inner = f"<bpmn:extensionElements><camunda:inputOutput>{given}</camunda:inputOutput></bpmn:extensionElements>"
    return node("serviceTask", "x", inner, camunda__topic="webhook")


SEVERAL = "<bpmn:multiInstanceLoopCharacteristics{}>{}</bpmn:multiInstanceLoopCharacteristics>"
LOOP = (
    "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>{}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)
COUNT = "<bpmn:loopCardinality>{}</bpmn:loopCardinality>"
ENOUGH = "<bpmn:loopCardinality>2</bpmn:loopCardinality><bpmn:completionCondition>{}</bpmn:completionCondition>"
#: where code may stand in a diagram; inputs and cells of tables are FEEL (`test_dmn`), pre- and post-scripts refused
PLACES: dict[str, Callable[[str], str]] = {
    "script": lambda code: node("scriptTask", "x", f"<bpmn:script>y = {code}</bpmn:script>"),
    "condition": lambda code: node("task", "x") + flow("x", "e", code),
    "date": lambda code: node("intermediateCatchEvent", "x", DATE.format(code)),
    "duration": lambda code: node("intermediateCatchEvent", "x", TIMER.format(code)),
    "working time": lambda code: node("intermediateCatchEvent", "x", TIMER.format(f"working({code})")),
    "conditional event": lambda code: node("intermediateCatchEvent", "x", condition(code)),
    "instances": lambda code: task(SEVERAL.format("", COUNT.format(code))),
    "items": lambda code: task(SEVERAL.format(f' camunda:collection="${{{code}}}"', "")),
    "enough instances": lambda code: task(SEVERAL.format("", ENOUGH.format(code))),
    "loop": lambda code: task(LOOP.format(code)),
    "assignee": lambda code: node("userTask", "x", camunda__assignee=f"${{{code}}}"),
    "message": lambda code: node("sendTask", "x", properties={"data.a": f"={code}"}, messageRef="msg_m"),
    "signal": lambda code: node("intermediateThrowEvent", "x", SIGNAL, properties={"data.a": f"={code}"}),
    "correlation": lambda code: node("receiveTask", "x", properties={"correlationKey": f"={code}"}, messageRef="msg_m"),
    "job": lambda code: job(f"${{{code}}}"),
    "in of a call": lambda code: mapping(f'<camunda:in sourceExpression="${{{code}}}" target="y"/>'),
    "out of a call": lambda code: mapping(f'<camunda:out sourceExpression="${{{code}}}" target="y"/>'),
    "ticket": lambda code: node("task", "x", properties={"set.subject": f"={code}"}),
    "mail": lambda code: node("task", "x", properties={"mail": "a", "mailTo": f"={code}"}),
    "note": lambda code: node("task", "x", properties={"note": f"={code}"}),
}


@pytest.mark.parametrize("code", ["().__class__", "eval('1')", "exec('1')", "open('/etc/passwd')", "__import__('os')"])
@pytest.mark.parametrize("where", PLACES.values(), ids=PLACES)
def test_code_that_reaches_out_is_refused_wherever_it_stands(code: str, where: Any) -> None:
    problems = check_diagram("p.bpmn", xml(process(where(code), path("s", "x"))))
    assert any(p.element in ("x", "x->e") and "can't" in p.problem for p in problems), problems


@pytest.mark.parametrize("name", ["preScript", "postScript"])
def test_code_that_reaches_out_is_refused_in_scripts_before_and_behind(name: str) -> None:
    spiff = f'<s:{name} xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">x = ().__class__</s:{name}>'
    drawn = process(node("task", "x", f"<bpmn:extensionElements>{spiff}</bpmn:extensionElements>"), path("s", "x", "e"))
    problems = check_diagram("p.bpmn", xml(drawn))
    assert any(p.element == "x" and "can't" in p.problem for p in problems), problems


@pytest.mark.parametrize("version", ["1.0", "1.1", 0, FORMAT + 1, None])
def test_unknown_versions_of_the_state_are_refused(version: Any) -> None:
    play = run(process(node("userTask", "a"), path("s", "a", "e")))
    stored = (play.state or b"").replace(f'"format":{FORMAT}'.encode(), f'"format":{json.dumps(version)}'.encode())
    with pytest.raises(CorruptState):
        advance(play.definitions, stored, UserTaskCompleted(2), {}, NOW, SANDBOX)


def test_a_failing_script_keeps_none_of_its_changes() -> None:
    play = run(
        process(
            node("userTask", "a"),
            node("scriptTask", "x", "<bpmn:script>n = 2\nm = 1 / n0</bpmn:script>"),
            path("s", "a", "x", "e"),
        ),
        variables={"n": 1, "n0": 0},
    )
    before = play.state
    with pytest.raises(StepFailed, match="divides by zero"):
        done(play, "a")
    assert play.state == before


@pytest.mark.parametrize("value", ["float('nan')", "chr(0)", "chr(0xd800)", "'a' + chr(0)", "[float('inf')]"])
def test_values_that_cannot_be_stored_are_refused(value: str) -> None:
    drawn = process(node("scriptTask", "x", f"<bpmn:script>y = {value}</bpmn:script>"), path("s", "x", "e"))
    with pytest.raises(StepFailed):
        Play(drawn)


def test_variables_do_not_hide_functions() -> None:
    drawn = process(node("scriptTask", "x", "<bpmn:script>y = len('abc')</bpmn:script>"), path("s", "x", "e"))
    play = run(drawn, variables={"len": 7, "str": 1})
    assert play.of("variables_changed")[-1].variables == {"y": 3}
