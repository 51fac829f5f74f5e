"""Tokens arrive when all that set out with them are there; one that is taken away does nothing any more."""

from __future__ import annotations

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import UserTaskCompleted
from tests.unit.spiff.drawing import ANY_ERROR, TIMER, Play, flow, node, path, process

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
ITEMS = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="items"/>'
FAILING = '<camunda:inputOutput><camunda:outputParameter name="z">=1/0</camunda:outputParameter></camunda:inputOutput>'
HANDLER = node(
    "subProcess", "h", node("startEvent", "hs", ANY_ERROR) + node("userTask", "hu") + path("hs", "hu"),
    triggeredByEvent="true",
)  # fmt: skip


def extended(inside: str) -> str:
    """Extension elements."""
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def script(name: str, text: str) -> str:
    """A script beside an element, as SpiffArena writes it."""
    return extended(f'<s:{name} xmlns:s="{SPIFF}">{text}</s:{name}>')


def go_on(play: Play, *elements: str) -> None:
    """Completes user tasks, whose states must be readable for that."""
    for element in elements:
        play.send(UserTaskCompleted(play.token("user", element)))


def test_a_branch_that_ends_as_it_arrives_does_not_end_the_instance() -> None:
    drawn = process(
        node("parallelGateway", "g"), node("task", "a", ITEMS), node("userTask", "b"),
        path("s", "g", "a"), path("g", "b", "e"),
    )  # fmt: skip
    play = Play(drawn, variables={"items": []})
    assert not play.ended
    go_on(play, "b")
    assert play.ended


def test_a_branch_beside_one_that_fails_as_it_arrives_is_never_entered() -> None:
    drawn = process(
        node("parallelGateway", "g"), node("task", "a", script("preScript", "x = 1/0")), node("userTask", "b"),
        path("s", "g", "a", "e"), path("g", "b", "e"), HANDLER,
    )  # fmt: skip
    play = Play(drawn)
    assert "b" not in play.path
    go_on(play, "hu")
    assert play.ended


def test_of_several_instances_none_begins_after_one_has_failed() -> None:
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="items" camunda:elementVariable="item"'
        f' xmlns:s="{SPIFF}" s:scriptsOnInstances="true"/>'
    )
    drawn = process(
        node("userTask", "a", script("preScript", "y = 1 // item") + loop), node("userTask", "after"),
        node("boundaryEvent", "b", ANY_ERROR, attachedToRef="a"), path("s", "a", "e"), path("b", "after", "e"),
    )  # fmt: skip
    play = Play(drawn, variables={"items": [1, 0, 1]})
    go_on(play, "after")
    assert play.ended


@pytest.mark.parametrize("failing", [extended(FAILING), script("postScript", "z = 1/0")], ids=["result", "script"])
def test_what_was_attached_to_an_element_whose_end_failed_is_taken_away(failing: str) -> None:
    drawn = process(
        node("userTask", "a", failing), node("boundaryEvent", "t", TIMER.format("PT1H"), attachedToRef="a"),
        path("s", "a", "e"), flow("t", "e"), HANDLER,
    )  # fmt: skip
    play = Play(drawn)
    go_on(play, "a")
    assert [effect.element for effect in play.of("timer_cancelled")] == ["t"]
    assert [effect.outcome for effect in play.of("element_left") if effect.element == "a"] == ["cancelled"]
    go_on(play, "hu")
    assert play.ended


@pytest.mark.parametrize(
    "inside",
    [
        ITEMS,
        '<bpmn:standardLoopCharacteristics testBefore="true"><bpmn:loopCondition>False</bpmn:loopCondition>'
        "</bpmn:standardLoopCharacteristics>",
    ],
    ids=["no instance", "no turn"],
)
def test_four_hundred_activities_in_a_row_that_never_run(inside: str) -> None:
    ids = [f"a{number}" for number in range(400)]
    play = Play(process(*(node("task", key, inside) for key in ids), path("s", *ids, "e")), variables={"items": []})
    assert play.ended


def test_a_circle_of_activities_that_never_run_is_stopped() -> None:
    drawn = process(
        node("task", "a", ITEMS), node("task", "b", ITEMS), path("s", "a", "b", "a"), flow("b", "e", "False")
    )
    with pytest.raises(StepFailed, match="10,000 elements"):
        Play(drawn, variables={"items": []})


def test_a_script_that_fails_into_its_own_element_is_stopped() -> None:
    drawn = process(
        node("task", "a", script("preScript", "x = 1/0")), node("boundaryEvent", "b", ANY_ERROR, attachedToRef="a"),
        path("s", "a", "e"), path("b", "a"),
    )  # fmt: skip
    with pytest.raises(StepFailed, match=r"10,000 elements|altogether"):
        Play(drawn)


def test_a_script_behind_an_error_that_is_thrown_runs_before_it() -> None:
    error = '<bpmn:errorEventDefinition errorRef="err"/>'
    drawn = process(
        node("endEvent", "x", script("postScript", "told = 1") + error), path("s", "x"), HANDLER,
    )  # fmt: skip
    play = Play(drawn)
    assert play.variables == {"told": 1}
    go_on(play, "hu")


CONDITION = "<bpmn:conditionalEventDefinition><bpmn:condition>x == 1</bpmn:condition></bpmn:conditionalEventDefinition>"
SETS = node("scriptTask", "a", "<bpmn:script>x = 1</bpmn:script>")
ASKS = node(
    "subProcess", "h",
    node("startEvent", "hs", CONDITION, isInterrupting="false") + node("userTask", "hu") + path("hs", "hu"),
    triggeredByEvent="true",
)  # fmt: skip


@pytest.mark.parametrize("end", [[], ["e"]], ids=["no end drawn", "end drawn"])
def test_a_condition_that_the_last_element_makes_true_comes(end: list[str]) -> None:
    assert Play(process(SETS, ASKS, path("s", "a", *end)), variables={"x": 0}).open == {"user:hu"}
    play = Play(process(node("userTask", "a"), ASKS, path("s", "a", *end)), variables={"x": 0})
    play.send(UserTaskCompleted(play.token("user", "a"), {"x": 1}))
    assert play.open == {"user:hu"}


@pytest.mark.parametrize("end", ["", node("endEvent", "se") + path("a", "se")], ids=["no end drawn", "end drawn"])
def test_a_condition_at_the_boundary_that_the_last_element_inside_makes_true_comes(end: str) -> None:
    inner = node("startEvent", "ss") + SETS + path("ss", "a") + end
    drawn = process(
        node("subProcess", "sub", inner), node("boundaryEvent", "b", CONDITION, attachedToRef="sub"),
        node("userTask", "u"), path("s", "sub", "e"), path("b", "u", "e"),
    )  # fmt: skip
    assert Play(drawn, variables={"x": 0}).open == {"user:u"}
