"""Escalations that interrupt their own branch: the event that threw has done its work, with all that is said of it."""

from __future__ import annotations

import pytest

from engine.domain.events import UserTaskCompleted
from tests.unit.spiff.drawing import ANY_ERROR, Play, node, path, process

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
BOUNDARY = node("boundaryEvent", "b", ESCALATION, attachedToRef="sub")
HANDLER = node(
    "subProcess", "h", node("startEvent", "hs", ESCALATION) + node("userTask", "u") + path("hs", "u"),
    triggeredByEvent="true",
)  # fmt: skip
AROUND = path("s", "sub", "e")


def throwing(kind: str, text: str = "told = 1") -> str:
    """An event that throws, with a script behind it, a field and a note."""
    extensions = (
        f'<bpmn:extensionElements><s:postScript xmlns:s="{SPIFF}">{text}</s:postScript><camunda:properties>'
        '<camunda:property name="set.subject" value="=told"/><camunda:property name="note" value="left"/>'
        "</camunda:properties></bpmn:extensionElements>"
    )
    return node(kind, "x", extensions + ESCALATION)


def sub(inner: str) -> str:
    """A subprocess that goes straight to `x`."""
    return node("subProcess", "sub", node("startEvent", "ss") + inner + path("ss", "x"))


@pytest.mark.parametrize("kind", ["endEvent", "intermediateThrowEvent"])
@pytest.mark.parametrize(
    ("inside", "around"),
    [("", BOUNDARY + node("userTask", "u") + path("b", "u")), ("", HANDLER), (HANDLER, "")],
    ids=["boundary", "handler around", "handler inside"],
)
def test_its_script_field_and_note_count(kind: str, inside: str, around: str) -> None:
    play = Play(process(sub(throwing(kind) + inside), around, AROUND), variables={"told": 0})
    assert play.open == {"user:u"}
    assert play.variables == {"told": 1}
    assert [effect.fields for effect in play.of("ticket_changed")] == [{"subject": 1}]
    assert [effect.text for effect in play.of("note_written")] == ["left"]
    assert [effect.outcome for effect in play.of("element_left") if effect.element == "x"] == ["completed"]
    play.send(UserTaskCompleted(play.token("user", "u")))
    assert play.ended


def test_a_script_that_fails_takes_the_place_of_the_escalation() -> None:
    error = node("boundaryEvent", "c", ANY_ERROR, attachedToRef="sub") + node("userTask", "v") + path("c", "v")
    inner = sub(throwing("endEvent", "z = 1/0"))
    play = Play(process(inner, BOUNDARY, node("userTask", "u"), path("b", "u"), error, AROUND), variables={"told": 0})
    assert play.open == {"user:v"}
    play.send(UserTaskCompleted(play.token("user", "v")))
    assert play.ended


@pytest.mark.parametrize("what", ["error", "escalation"])
def test_what_is_sent_along_is_of_before_the_script(what: str) -> None:
    def event(tag: str, name: str) -> str:
        told = f'<s:{tag} xmlns:s="{SPIFF}">{name}</s:{tag}>'
        return (
            f'<bpmn:{what}EventDefinition {what}Ref="{what[:3]}"><bpmn:extensionElements>{told}'
            f"</bpmn:extensionElements></bpmn:{what}EventDefinition>"
        )

    after = f'<bpmn:extensionElements><s:postScript xmlns:s="{SPIFF}">told = 1</s:postScript></bpmn:extensionElements>'
    drawn = process(
        sub(node("endEvent", "x", after + event("payloadExpression", "told"))),
        node("boundaryEvent", "b", event("variableName", "got"), attachedToRef="sub"), AROUND, path("b", "e"),
    )  # fmt: skip
    assert Play(drawn, variables={"told": 0}).variables == {"told": 1, "got": 0}
