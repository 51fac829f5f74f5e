"""Input and output parameters of Camunda: variables that an activity alone sees, and what it leaves behind."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import JobCompleted, MessageReceived, UserTaskCompleted
from tests.unit.spiff.drawing import ANY_ERROR, MESSAGE, Play, node, path, process


def parameters(inner: str = "", results: dict[str, str] | None = None, **given: str) -> str:
    """Extension elements with input and output parameters."""
    parts = "".join(f'<camunda:inputParameter name="{k}">{v}</camunda:inputParameter>' for k, v in given.items())
    given_back = (results or {}).items()
    parts += "".join(f'<camunda:outputParameter name="{k}">{v}</camunda:outputParameter>' for k, v in given_back)
    return f"<bpmn:extensionElements><camunda:inputOutput>{parts}</camunda:inputOutput>{inner}</bpmn:extensionElements>"


def play(drawn: str, *more: str, **variables: Any) -> Play:
    return Play(process(drawn, path("s", "a", "e")), *more, variables=variables)


def test_a_user_task_sees_its_own_variables_and_nobody_else_does() -> None:
    own = parameters("", {"told": "${greeting + answer}"}, boss="${who}", greeting='${"Hi " + boss}')
    found = play(node("userTask", "a", own, camunda__assignee="${boss}"), who="7")
    assert found.of("user_task_opened")[0].assignee == "7"
    found.send(UserTaskCompleted(found.token("user", "a"), {"answer": "!"}))
    assert found.ended
    assert found.variables == {"who": "7", "answer": "!", "told": "Hi 7!"}
    assert found.path == ["s", "a", "e"]


def test_an_own_variable_hides_the_one_around_it() -> None:
    script = "<bpmn:script>seen = n\nn = 3</bpmn:script>"
    assert play(node("scriptTask", "a", parameters(n="${n + 1}") + script), n=1).variables == {"n": 1, "seen": 2}


def test_subprocesses_and_calls_have_variables_of_their_own_too() -> None:
    inside = node("startEvent", "i") + node("scriptTask", "t", "<bpmn:script>seen = n</bpmn:script>") + path("i", "t")
    assert play(node("subProcess", "a", parameters(n="x") + inside)).variables == {"seen": "x"}
    called = process(node("scriptTask", "t", "<bpmn:script>seen = m</bpmn:script>"), path("q_s", "t", "q_e"), id_="q")
    mapping = '<camunda:in source="n" target="m"/><camunda:out source="seen" target="seen"/>'
    drawn = node("callActivity", "a", parameters(mapping, n="x"), calledElement="q")
    assert play(drawn, called).variables == {"seen": "x"}


def test_boundary_events_sit_on_an_activity_with_variables_of_its_own() -> None:
    failing = node("scriptTask", "a", parameters(n="x") + "<bpmn:script>y = missing</bpmn:script>")
    caught = node("boundaryEvent", "b", ANY_ERROR, attachedToRef="a")
    found = Play(process(failing, caught, path("s", "a", "e"), path("b", "e")))
    assert (found.ended, found.path) == (True, ["s", "a", "b", "e"])
    waits = node("boundaryEvent", "b", MESSAGE.format("m"), attachedToRef="a")
    found = Play(process(node("userTask", "a", parameters(n="x")), waits, path("s", "a", "e"), path("b", "e")))
    found.send(MessageReceived(found.token("message", "b"), {}))
    assert (found.ended, found.variables) == (True, {})


def test_an_own_variable_that_cannot_be_made_is_an_incident_at_the_activity() -> None:
    with pytest.raises(StepFailed, match="missing") as failed:
        play(node("userTask", "a", parameters(n="${missing}")))
    assert failed.value.element == "a"


def test_results_are_there_for_the_flow_that_is_chosen_and_after_a_job() -> None:
    drawn = node("serviceTask", "a", parameters("", {"total": "${price * 2}"}, what="shoes"), camunda__topic="webhook")
    found = play(drawn)
    assert found.of("job_created")[0].parameters == {"what": "shoes"}
    found.send(JobCompleted(found.token("job", "a"), {"price": 4}))
    assert found.variables == {"price": 4, "total": 8}
