"""What Iter doesn't run right is refused by name, with what to do; the rest is read whole."""

from __future__ import annotations

import time

import pytest

from engine.spiff.model import Mapped, Message, Timer
from engine.spiff.parsing.bpmn import read_diagram
from tests.unit.spiff.drawing import MESSAGE, TIMER, flow, node, path, process, xml

MULTI = "<bpmn:multiInstanceLoopCharacteristics/>"
SIGNAL = "<bpmn:signalEventDefinition/>"


@pytest.mark.parametrize(
    ("drawn", "named", "element"),
    [
        (node("complexGateway", "x"), "complex gateway", "x"),
        (node("transaction", "x"), "transaction", "x"),
        (node("adHocSubProcess", "x"), "ad-hoc subprocess", "x"),
        (node("dataStoreReference", "x"), "data store", "x"),
        (node("userTask", "x", MULTI), "doesn't say how many", "x"),
        (node("userTask", "x", "<bpmn:standardLoopCharacteristics/>"), "never ends", "x"),
        (node("userTask", "x", isForCompensation="true"), "compensation", "x"),
        (node("userTask", "x", completionQuantity="2"), "completionQuantity", "x"),
        (node("intermediateCatchEvent", "x", SIGNAL), "names no signal", "x"),
        (node("endEvent", "x", "<bpmn:escalationEventDefinition/>"), "no escalation code", "x"),
        (node("intermediateCatchEvent", "x", "<bpmn:conditionalEventDefinition/>"), "no condition", "x"),
        (node("intermediateThrowEvent", "x", "<bpmn:linkEventDefinition/>"), "link has no name", "x"),
        (node("intermediateThrowEvent", "x", "<bpmn:compensateEventDefinition/>"), "compensation", "x"),
        (node("endEvent", "x", "<bpmn:cancelEventDefinition/>"), "cancel event", "x"),
        (node("startEvent", "x", TIMER.format("PT1H")), "startEvent with a timerEventDefinition", "x"),
        (node("endEvent", "x", TIMER.format("PT1H")), "endEvent with a timerEventDefinition", "x"),
        (node("intermediateCatchEvent", "x"), "without a trigger", "x"),
        (node("intermediateCatchEvent", "x", TIMER.format("")), "names no time", "x"),
        (node("intermediateCatchEvent", "x", "<bpmn:messageEventDefinition/>"), "names no message", "x"),
        (node("intermediateCatchEvent", "x", MESSAGE.format("gone")), "doesn't exist", "x"),
        (node("intermediateCatchEvent", "x", TIMER.format("PT1H") + MESSAGE.format("m")), "several event", "x"),
        (node("intermediateCatchEvent", "x", "<bpmn:eventDefinitionRef>t</bpmn:eventDefinitionRef>"), "shared", "x"),
        (node("scriptTask", "x", "<bpmn:script>x</bpmn:script>", scriptFormat="groovy"), "groovy", "x"),
        (node("serviceTask", "x", camunda__class="com.example.Do"), "Java class", "x"),
        (node("serviceTask", "x", camunda__delegateExpression="${x}"), "Java delegate", "x"),
        (node("userTask", "x", camunda__dueDate="2026-01-01"), "due date", "x"),
        (node("choreographyTask", "x"), "choreographyTask", "x"),
        (node("userTask", "s"), "stands twice", "s"),
    ],
)
def test_it_is_refused_by_name(drawn: str, named: str, element: str) -> None:
    problems = read_diagram("p.bpmn", xml(process(drawn))).problems
    assert any(named in p.problem and p.element == element and p.remedy and p.line for p in problems), problems


def test_all_problems_come_in_one_pass() -> None:
    problems = read_diagram("p.bpmn", xml(process(node("complexGateway", "x"), node("transaction", "y")))).problems
    assert [p.element for p in problems] == ["x", "y"]


def test_flows_without_ids_are_kept_apart() -> None:
    drawn = process(node("task", "a"), path("s", "a", "e"), flow("a", "e", "x"))
    assert list(read_diagram("p.bpmn", xml(drawn)).processes["p"].flows) == ["s->a", "a->e", "a->e-2"]


def test_thousands_of_flows_without_ids_are_read_within_a_second() -> None:
    drawn = xml(process(*(flow("s", "e") for _ in range(5_900))))
    began = time.process_time()
    assert len(read_diagram("p.bpmn", drawn).processes["p"].flows) == 5_900
    assert time.process_time() - began < 1


def test_both_dialects_say_the_same() -> None:
    spiff = (
        '<bpmn:process id="p"><bpmn:userTask id="a"><bpmn:extensionElements>'
        '<s:properties xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">'
        '<s:property name="formJsonSchemaFilename" value="check.json"/><s:property name="status" value="open"/>'
        "</s:properties></bpmn:extensionElements></bpmn:userTask></bpmn:process>"
    )
    camunda = process(node("userTask", "a", properties={"status": "open"}, camunda__formRef="check"))
    for drawn in (spiff, camunda):
        found = read_diagram("p.bpmn", xml(drawn)).processes["p"].nodes["a"]
        assert (found.form, found.properties) == ("check", {"status": "open"})


def test_events_mappings_and_groups_are_read() -> None:
    mapping = (
        '<bpmn:extensionElements><camunda:in source="a" target="b"/><camunda:in variables="all"/>'
        '<camunda:out sourceExpression="${x + 1}" target="y"/></bpmn:extensionElements>'
    )
    drawn = process(
        node("callActivity", "c", mapping, calledElement="q"),
        node("boundaryEvent", "b", MESSAGE.format("m"), attachedToRef="c", cancelActivity="false"),
        node("intermediateCatchEvent", "t", TIMER.format("PT1H")),
        node("userTask", "u", camunda__candidateGroups="pm, agent@department", camunda__assignee="${who}"),
    )
    nodes = read_diagram("p.bpmn", xml(drawn)).processes["p"].nodes
    assert nodes["c"].inputs == (Mapped("a", "b"), Mapped(everything=True))
    assert nodes["c"].outputs == (Mapped("x + 1", "y", expression=True),)
    assert (nodes["b"].event, nodes["b"].attached_to, nodes["b"].interrupting) == (Message("m"), "c", False)
    assert nodes["t"].event == Timer("duration", "PT1H")
    assert (nodes["u"].groups, nodes["u"].assignee) == (("pm", "agent@department"), "=who")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "isn't well-formed"),
        (b"not xml", "isn't well-formed"),
        (b"<a><b></a>", "isn't well-formed"),
        (b"<html/>", "isn't a BPMN 2.0 diagram"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>', "document type"),
        (b"\xff\xfe<\x00a\x00", "isn't well-formed"),
        (b"<a>" * 5000 + b"</a>" * 5000, "nested|well-formed"),
        (xml(process(node("task", "x" * 30_000))), "longer than"),
        (b"<a>" + b"x" * 10_000_000 + b"</a>", "at most"),
        (xml(), "no process"),
        (xml(process(node("task", "a", **{f"a{n}": "" for n in range(60_000)}))), "attributes"),
        (xml(process(*(flow("s", "e") for _ in range(20_000)))), "at most"),
        (xml(process(*(node("task", f"t{n}") for n in range(20_000)))), "at most"),
    ],
)
def test_hostile_files_are_refused_within_a_second(content: bytes, said: str) -> None:
    began = time.process_time()
    problems = read_diagram("p.bpmn", content).problems
    assert time.process_time() - began < 1
    assert any(word in problems[0].problem for word in said.split("|")), problems


def test_two_thousand_elements_as_modelers_write_them_are_read() -> None:
    both = "<bpmn:incoming>i</bpmn:incoming><bpmn:outgoing>o</bpmn:outgoing>"
    ids = [f"t{n}" for n in range(2000)]
    drawn = process(*(node("task", task, both) for task in ids), path("s", *ids, "e"))
    assert read_diagram("p.bpmn", xml(drawn)).problems == []
