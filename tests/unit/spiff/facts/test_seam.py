"""The seam: what of SpiffWorkflow is read, driven and stored by ourselves, because it would do it otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine.spiff
from engine.domain.errors import StepFailed
from engine.domain.events import JobCompleted, UserTaskCompleted
from engine.spiff.parsing.bpmn import read_diagram
from engine.spiff.running.tokens import RefusingScripts
from tests.unit.spiff.drawing import Play, node, path, process, xml
from tests.unit.spiff.facts.running import run

JOB = {"camunda__type": "external", "camunda__topic": "webhook"}


def test_a_subprocess_has_its_own_properties_and_not_those_of_what_is_inside() -> None:
    inner = node("startEvent", "i1", properties={"status": "inner"}) + node("endEvent", "i2") + path("i1", "i2")
    drawn = process(node("subProcess", "x", inner), path("s", "x", "e"))
    processes = read_diagram("p.bpmn", xml(drawn)).processes
    assert processes["p"].nodes["x"].properties == {}
    assert processes["x"].nodes["i1"].properties == {"status": "inner"}


@pytest.mark.parametrize("kind", ["serviceTask", "intermediateThrowEvent", "endEvent", "userTask"])
def test_properties_of_every_kind_of_element_are_read(kind: str) -> None:
    drawn = process(node(kind, "x", properties={"status": "open"}), path("s", "x"))
    assert read_diagram("p.bpmn", xml(drawn)).processes["p"].nodes["x"].properties == {"status": "open"}


def test_lanes_go_down_into_subprocesses_and_called_processes() -> None:
    lane = '<bpmn:lane id="l" name="office"><bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane>'
    lanes = f'<bpmn:laneSet id="ls">{lane}</bpmn:laneSet>'
    inner = node("startEvent", "i1") + node("callActivity", "c", calledElement="q") + path("i1", "c")
    called = process(node("userTask", "u"), path("q_s", "u", "q_e"), id_="q")
    play = Play(process(lanes, node("subProcess", "x", inner), path("s", "x", "e")), called)
    assert [task.lane for task in play.of("user_task_opened")] == ["office"]


def test_its_own_ways_to_run_code_are_shut() -> None:
    scripts = RefusingScripts()
    for way in (scripts.evaluate, scripts.execute):
        with pytest.raises(RuntimeError, match="in the sandbox only"):
            way(None, "1 + 1")


def test_no_module_of_the_seam_evaluates() -> None:
    code = [path.read_text() for path in Path(engine.spiff.__file__).parent.rglob("*.py")]
    assert not [line for text in code for line in text.splitlines() if line.strip().startswith(("eval(", "exec("))]
    assert not [text for text in code if " eval(" in text or "=eval(" in text or "(eval(" in text]


def test_a_service_task_waits_from_one_step_to_the_next_and_is_completed_later() -> None:
    play = run(process(node("serviceTask", "a", **JOB), node("userTask", "u"), path("s", "a", "u", "e")))
    token = play.token("job", "a")
    again = Play(process(node("serviceTask", "a", **JOB), node("userTask", "u"), path("s", "a", "u", "e")))
    again.state = play.state
    again.send(JobCompleted(token, {"a": 1}))
    assert ("user", "u") in again.waiting


def test_a_failing_script_leaves_no_token_behind() -> None:
    drawn = node("userTask", "a"), node("scriptTask", "x", "<bpmn:script>y = 1 / zero</bpmn:script>")
    play = run(process(*drawn, path("s", "a", "x", "e")), variables={"zero": 0})
    for _ in range(2):
        with pytest.raises(StepFailed):
            play.send(UserTaskCompleted(play.token("user", "a")))
    play.send(UserTaskCompleted(play.token("user", "a"), {"zero": 1}))
    assert play.ended


def test_neither_random_ids_nor_instants_are_stored() -> None:
    drawn = process(node("parallelGateway", "f"), node("userTask", "a"), node("userTask", "b"),
                    path("s", "f", "a", "e"), path("f", "b", "e"))  # fmt: skip
    plays = [run(drawn) for _ in range(2)]
    for play in plays:
        play.send(UserTaskCompleted(play.token("user", "b"), {"n": 1}))
    assert plays[0].state == plays[1].state
    assert not [word for word in (b"uuid", b"last_state_change", b"thread") if word in (plays[0].state or b"")]
