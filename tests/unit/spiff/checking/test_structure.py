"""What is drawn so that it can't run is told at its element."""

from __future__ import annotations

import pytest

from engine.spiff.checking.structure import check_structure
from engine.spiff.parsing.bpmn import read_diagram
from tests.unit.spiff.drawing import ERROR, MESSAGE, TIMER, flow, node, path, process, xml

TASK = node("userTask", "a")


@pytest.mark.parametrize(
    ("drawn", "element", "said"),
    [
        (process(node("startEvent", "s2"), path("s", "e"), path("s2", "e")), "p", "2 start events"),
        (process(path("s", "e"), flow("s", "gone")), "s->gone", "isn't an element of the same process"),
        (process(TASK, path("s", "a", "e", "a")), "e", "leaves an end event"),
        (process(TASK, path("s", "a", "s")), "s", "leads into a start event"),
        (process(TASK, path("s", "e")), "a", "No sequence flow leads to"),
        (process(TASK, node("task", "b"), path("s", "e"), path("a", "b", "a")), "a", "never be reached"),
        (process(node("exclusiveGateway", "g"), path("s", "g")), "g", "No sequence flow leaves"),
        (
            process(node("exclusiveGateway", "g"), TASK, path("s", "g", "e"), flow("g", "a", "x")),
            "g->e",
            "no condition",
        ),
        (process(node("exclusiveGateway", "g", default="x"), path("s", "g", "e")), "g", "default flow"),
        (process(node("parallelGateway", "g"), TASK, path("s", "g", "e"), flow("g", "a", "x")), "g->a", "never asked"),
        (process(node("boundaryEvent", "b", TIMER.format("PT1H")), path("s", "e"), path("b", "e")), "b", "attached"),
        (
            process(
                node("task", "t"),
                node("boundaryEvent", "b", MESSAGE.format("m"), attachedToRef="t"),
                path("s", "t", "e"),
                path("b", "e"),
            ),
            "b",
            "never happen",
        ),
        (
            process(
                TASK,
                node("boundaryEvent", "b", ERROR, attachedToRef="a", cancelActivity="false"),
                path("s", "a", "e"),
                path("b", "e"),
            ),
            "b",
            "always interrupts",
        ),
        (
            process(node("eventBasedGateway", "g"), TASK, path("s", "g", "a", "e"), path("g", "e")),
            "a",
            "waits for nothing",
        ),
    ],
)
def test_it_is_told_at_its_element(drawn: str, element: str, said: str) -> None:
    found = list(check_structure(read_diagram("p.bpmn", xml(drawn)).processes["p"]))
    assert any(p.element == element and said in p.problem and p.remedy for p in found), found


def test_a_sound_process_has_no_problems() -> None:
    drawn = process(
        TASK, node("exclusiveGateway", "g", default="g->e"), path("s", "a", "g", "e"), flow("g", "a", "again")
    )
    assert list(check_structure(read_diagram("p.bpmn", xml(drawn)).processes["p"])) == []
