"""Names that mean something inside of Iter: refused with what to do, or as harmless as any other."""

from __future__ import annotations

import keyword
from typing import Any

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import JobCompleted, MessageReceived, UserTaskCompleted
from engine.domain.forms import read_form
from engine.spiff.inspecting import RESERVED
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import Play, node, path, process, xml

#: what the sandbox, SpiffWorkflow, the stored state or Python call their own
INTERNAL = [
    "__class__", "__builtins__", "__import__", "__name__", "_iter_json", "_iter_any", "_iter_plain", "_iter_0",
    "locals", "globals", "eval", "open", "print", "dict", "list", "str", "isinstance", "json", "datetime", "k", "v",
    "class", "None", "True", "lambda", "self", "task", "data", "workflow", "task_spec", "last_task", "", " ", "a b",
    "constructor", "__proto__", "variables", "tokens", "format", "x" * 1_000, "\u202e", "\u00e9",
]  # fmt: skip
IDS = [
    "Start", "End", "p.EndJoin", "p", "root", "Root", "__class__", "None", "self", "data", "start", "end", "task",
    "BpmnStartTask", "p.BoundaryEventSplit", "x.instances", "x.item", "constructor", "__proto__", "toString",
]  # fmt: skip


def script(text: str) -> str:
    return node("scriptTask", "after", f"<bpmn:script>{text}</bpmn:script>")


@pytest.mark.parametrize("element", [one for one in IDS if one != "p"])
def test_elements_may_be_called_as_anything_inside_is(element: str) -> None:
    drawn = process(node("userTask", element), script("y = x + 1"), path("s", element, "after", "e"))
    assert check_diagram("p.bpmn", xml(drawn)) == []
    play = Play(drawn, variables={"x": 1})
    play.send(UserTaskCompleted(play.token("user", element), {}))
    assert play.path == ["s", element, "after", "e"]
    assert play.variables == {"x": 1, "y": 2}


@pytest.mark.parametrize("element", IDS)
def test_processes_may_be_called_as_anything_inside_is(element: str) -> None:
    called = process(node("task", "t"), path(f"{element}_s", "t", f"{element}_e"), id_=element)
    if element == "p":
        assert "stands twice" in check_diagram("p.bpmn", xml(process(path("s", "e")), called))[0].problem
        return
    caller = process(node("callActivity", "c", calledElement=element), path("s", "c", "e"))
    assert check_diagram("p.bpmn", xml(caller, called)) == []
    assert Play(caller, called).path == ["s", "c", f"{element}_s", "t", f"{element}_e", "e"]


@pytest.mark.parametrize("element", ["/root", "a/item", "a/instances", "/"])
def test_ids_of_what_is_not_drawn_cannot_be_taken(element: str) -> None:
    problems = check_diagram("p.bpmn", xml(process(node("task", element), path("s", element, "e"))))
    assert [problem.element for problem in problems] == [element]
    assert "has a '/' in it" in problems[0].problem


def test_a_name_behind_a_loop_is_not_that_of_its_instances() -> None:
    several = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1, 2]"/>'
    drawn = process(node("userTask", "a", several), node("userTask", "a.item"), path("s", "a", "a.item", "e"))
    assert check_diagram("p.bpmn", xml(drawn)) == []
    assert Play(drawn).open == {"user:a"}


@pytest.mark.parametrize("name", INTERNAL)
def test_what_comes_from_outside_may_be_called_as_anything_and_changes_nothing_else(name: str) -> None:
    drawn = process(
        node("receiveTask", "told", messageRef="msg_m"),
        node("serviceTask", "job", camunda__topic="webhook"),
        script("import json\nfrom datetime import date\ny = json.loads(str(len(dict(a=1)))) + x\nd = date(2026, 1, 1)"),
        path("s", "told", "job", "after", "e"),
    )
    play = Play(drawn, variables={"x": 1})
    play.send(MessageReceived(play.token("message", "told"), {name: "told"}))
    play.send(JobCompleted(play.token("job", "job"), {name: ["done"]}))
    assert play.ended
    assert play.variables == {name: ["done"], "x": 1, "y": 2, "d": "2026-01-01"}


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_nothing_from_outside_takes_a_name_of_iters_own(name: str) -> None:
    play = Play(process(node("receiveTask", "told", messageRef="msg_m"), path("s", "told", "e")))
    before = play.state
    with pytest.raises(StepFailed, match="is Iter's own name") as failed:
        play.send(MessageReceived(play.token("message", "told"), {name: 1}))
    assert (failed.value.element, play.state) == ("told", before)


@pytest.mark.parametrize("name", [*sorted(RESERVED), *keyword.kwlist, "__class__.x", "a b", "a-b", "1a", "", "x" * 64])
def test_a_form_asks_for_nothing_that_cannot_be_a_variable(name: str) -> None:
    field = f'{{"type": "textfield", "key": "{name}", "label": "A"}}'
    form, problems = read_form("forms/f.form", f'{{"type": "default", "components": [{field}]}}'.encode())
    assert form is None
    assert problems[0].remedy


@pytest.mark.parametrize("name", ["sum", "list", "type", "id", "print", "_x", "e", "locals", "eval"])
def test_a_key_of_a_form_may_be_called_like_a_function(name: str) -> None:
    field = f'{{"type": "textfield", "key": "{name}", "label": "A"}}'
    form, problems = read_form("forms/f.form", f'{{"type": "default", "components": [{field}]}}'.encode())
    assert problems == []
    assert form and list(form.keys) == [name]
    drawn = process(node("userTask", "a"), script("n = len(str(sum([1, 2])))"), path("s", "a", "after", "e"))
    play = Play(drawn)
    play.send(UserTaskCompleted(play.token("user", "a"), {name: "x"}))
    assert play.variables == {name: "x", "n": 1}


@pytest.mark.parametrize("name", ["__class__", "_iter_json", "eval", "locals", "ticket", "now", "deadline"])
def test_a_script_takes_no_name_of_the_sandbox(name: str) -> None:
    drawn = process(script(f"{name} = 1"), path("s", "after", "e"))
    (problem,) = check_diagram("p.bpmn", xml(drawn))[:1]
    assert problem.element == "after"
    assert f"'{name}'" in problem.problem
    with pytest.raises(StepFailed) as failed:
        Play(drawn)
    assert failed.value.element == "after"


@pytest.mark.parametrize(
    "text",
    [
        "float('nan')", "float('inf')", "-float('inf')", "[1, {'a': float('nan')}]", "1e999", "chr(0)", "'a' + chr(0)",
        "{chr(0): 1}", "'\\x00'", "'\\ud800'", "chr(0xd800)", "{'a': [chr(0xdfff)]}", "10 ** 18 * 10",
        "-(10 ** 30)", "{1, 2}", "b'a'", "1j", "len", "int", "range(3)", "...", "(lambda: 1)", "'x' * 300_000",
    ],
)  # fmt: skip
def test_what_no_database_can_keep_is_an_incident_and_changes_nothing(text: str) -> None:
    play = Play(process(node("userTask", "a"), script(f"x = {text}"), path("s", "a", "after", "e")), variables={"x": 1})
    before: Any = play.state
    with pytest.raises(StepFailed) as failed:
        play.send(UserTaskCompleted(play.token("user", "a"), {}))
    assert failed.value.element == "after"
    assert (play.state, play.variables) == (before, {"x": 1})
