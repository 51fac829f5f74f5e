"""Expressions and scripts: a diagram is code, and never runs in this process."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import CorruptState, StepFailed
from engine.domain.events import (
    UserTaskCompleted,
)
from engine.spiff.advancing import advance
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
from tests.unit.spiff.facts.running import done, run


@pytest.mark.parametrize("code", ["().__class__", "eval('1')", "exec('1')", "open('/etc/passwd')", "__import__('os')"])
@pytest.mark.parametrize(
    "where",
    [
        lambda code: node("scriptTask", "x", f"<bpmn:script>y = {code}</bpmn:script>"),
        lambda code: node("task", "x") + flow("x", "e", code),
        lambda code: node("intermediateCatchEvent", "x", TIMER.format(code)),
        lambda code: node("userTask", "x", camunda__assignee=f"${{{code}}}"),
        lambda code: node("sendTask", "x", properties={"data.a": f"={code}"}, messageRef="msg_m"),
        lambda code: node("receiveTask", "x", properties={"correlationKey": f"={code}"}, messageRef="msg_m"),
    ],
    ids=["script", "condition", "timer", "assignee", "payload", "correlation"],
)
def test_code_that_reaches_out_is_refused_wherever_it_stands(code: str, where: Any) -> None:
    problems = check_diagram("p.bpmn", xml(process(where(code), path("s", "x"))))
    assert any(p.element in ("x", "x->e") and "can't" in p.problem for p in problems), problems


@pytest.mark.parametrize("version", ["1.0", "1.1", 0, 3, None])
def test_unknown_versions_of_the_state_are_refused(version: Any) -> None:
    play = run(process(node("userTask", "a"), path("s", "a", "e")))
    stored = (play.state or b"").replace(b'"format":2', f'"format":"{version}"'.encode())
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
