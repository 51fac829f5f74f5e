"""Diagrams are compared element by element; how they are written says nothing."""

from __future__ import annotations

import pytest

from tests.unit.spiff.comparing.telling import file_difference, told
from tests.unit.spiff.drawing import MESSAGE, TIMER, flow, node, process, xml

TASK = node("userTask", "a")
DRAWING = 'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'


def drawn(*parts: str) -> bytes:
    return xml(process(*parts))


def shape(of: str, x: str, colour: str = "red") -> str:
    return (
        f'<bpmndi:BPMNDiagram {DRAWING} id="D"><bpmndi:BPMNPlane bpmnElement="p">'
        f'<bpmndi:BPMNShape bpmnElement="{of}" fill="{colour}"><dc:Bounds x="{x}" y="2"/></bpmndi:BPMNShape>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", TASK, ["added userTask a"]),
        (TASK, "", ["removed userTask a"]),
        (TASK, node("manualTask", "a"), ["changed manualTask a: type: ‘userTask’ → ‘manualTask’"]),
        (TASK, TASK.replace('name="a"', 'name="Do&#10;it"'), ["changed userTask a: name: ‘a’ → ‘Do⏎it’"]),
        (TASK, node("userTask", "a", camunda__formRef="check"), ["changed userTask a: form: none → ‘check’"]),
        (
            node("userTask", "a", properties={"form": "one", "goal": "x"}),
            node("userTask", "a", properties={"goal": "x", "form": "two", "step": "three"}),
            ["changed userTask a: form: ‘one’ → ‘two’; step: none → ‘three’"],
        ),
        (flow("s", "e", "x > 1"), flow("s", "e", "x > 2"), ["changed sequenceFlow: condition: ‘x > 1’ → ‘x > 2’"]),
        (
            TASK + '<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a"/>',
            TASK + '<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e"/>',
            ["changed sequenceFlow f: goes to: ‘a’ → ‘e’"],
        ),
        (
            node("intermediateCatchEvent", "t", TIMER.format("PT1H")),
            node("intermediateCatchEvent", "t", TIMER.format("PT2H")),
            ["changed intermediateCatchEvent t: duration: ‘PT1H’ → ‘PT2H’"],
        ),
        (
            node("receiveTask", "r"),
            node("receiveTask", "r", MESSAGE.format("m")),
            ["changed receiveTask r: message: none → ‘m’"],
        ),
        (
            node("task", "t", "<!-- old -->"),
            node("task", "t", "<!-- new -->"),
            ["changed task t: comment: ‘old’ → ‘new’"],
        ),
        (
            node("task", "t", '<x:of xmlns:x="urn:x" much="1"/>'),
            node("task", "t", '<x:of xmlns:x="urn:y" much="1"/>'),
            ["changed task t: of / much: none → ‘1’; of / much: ‘1’ → none"],
        ),
        (
            node("subProcess", "sub") + TASK,
            node("subProcess", "sub", TASK),
            ["changed userTask a: stands in: ‘p’ → ‘sub’"],
        ),
        (
            node("endEvent", "x", "<bpmn:terminateEventDefinition/>"),
            node("endEvent", "x"),
            ["changed endEvent x: terminateEventDefinition: removed"],
        ),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_element(before: str, after: str, said: list[str]) -> None:
    assert told("p.bpmn", drawn(before), drawn(after)) == said


def test_a_flow_that_comes_is_told_once_and_not_of_both_its_ends() -> None:
    after = drawn(
        node("userTask", "a", "<bpmn:incoming>f</bpmn:incoming>"),
        '<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a"/>',
    )
    assert told("p.bpmn", drawn(TASK), after) == ["added sequenceFlow f"]
    assert told("p.bpmn", after, after.replace(b">f<", b">g<")) == ["changed userTask a: incoming g: none → ‘g’"]


def test_a_lane_is_told_of_the_element_that_it_is_of() -> None:
    def in_lane(a: str, b: str) -> bytes:
        lanes = "".join(
            f'<bpmn:lane id="{key}" name="Lane {key}">{"<bpmn:flowNodeRef>a</bpmn:flowNodeRef>" if key == a else ""}'
            f"<bpmn:flowNodeRef>{b}</bpmn:flowNodeRef></bpmn:lane>" for key in "xy"
        )  # fmt: skip
        return drawn(f"<bpmn:laneSet>{lanes}</bpmn:laneSet>", TASK)

    assert told("p.bpmn", in_lane("x", "s"), in_lane("y", "s")) == ["changed userTask a: lane: ‘Lane x’ → ‘Lane y’"]


def test_the_order_in_which_flows_are_asked_counts_and_that_of_elements_does_not() -> None:
    flows = [
        '<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a"/>',
        '<bpmn:sequenceFlow id="g" sourceRef="s" targetRef="e"/>',
    ]
    before = drawn(TASK, node("task", "b"), *flows)
    assert told("p.bpmn", before, drawn(node("task", "b"), TASK, *flows)) == []
    assert told("p.bpmn", before, drawn(TASK, node("task", "b"), *reversed(flows))) == [
        "changed startEvent s: order of its flows: ‘s → a, s → e’ → ‘s → e, s → a’"
    ]


def test_a_shape_that_stands_elsewhere_is_moved_and_what_else_is_drawn_is_changed() -> None:
    before = drawn(TASK).replace(b"</bpmn:def", shape("a", "1").encode() + b"</bpmn:def")
    assert told("p.bpmn", before, before.replace(b'x="1"', b'x="1.0"')) == []
    assert told("p.bpmn", before, before.replace(b'x="1"', b'x="3"')) == ["moved userTask a"]
    assert told("p.bpmn", before, before.replace(b"red", b"blue")) == [
        "changed userTask a: BPMNShape a / fill: ‘red’ → ‘blue’"
    ]
    assert told("p.bpmn", before, drawn(TASK))[-1] == "changed userTask a: shape: removed"
    both = before.replace(b'x="1"', b'x="3"').replace(b'name="a"', b'name="b"')
    assert told("p.bpmn", before, both) == ["changed userTask a: name: ‘a’ → ‘b’; stands elsewhere"]


def test_elements_with_one_id_are_told_apart() -> None:
    again = node("task", "a") + node("task", "a (2)")
    assert told("p.bpmn", drawn(TASK, again), drawn(TASK, again, node("task", "a"))) == ["added task a"]


def test_prefixes_spaces_and_the_order_of_attributes_say_nothing() -> None:
    before = drawn(node("userTask", "a", properties={"form": "x"}))
    after = before.replace(b"bpmn:", b"q:").replace(b":bpmn=", b":q=").replace(b"><", b">\n  <")
    assert file_difference("p.bpmn", before, after.replace(b'id="a" name="a"', b'name="a"  id="a"')).changes == ()


def test_a_long_value_is_shown_where_it_is_not_the_same() -> None:
    before, after = (node("task", "a", f"<bpmn:documentation>{'x' * 500}{end}</bpmn:documentation>") for end in "yz")
    (word,) = file_difference("p.bpmn", drawn(before), drawn(after)).changes[0].words
    assert word == f"documentation: ‘…{'x' * 30}y’ → ‘…{'x' * 30}z’"


def test_labels_are_the_names_that_people_see() -> None:
    change = file_difference(
        "p.bpmn", drawn(), drawn(node("task", "a").replace('name="a"', 'name=" Ask &#10; them "'))
    ).changes[0]
    assert (change.id, change.label) == ("a", "Ask them")
    assert file_difference("p.bpmn", drawn(), drawn(flow("s", "e"))).changes[0].label == "s → e"
