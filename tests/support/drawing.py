"""Draws BPMN that has no drawing: each process in a row, so that a viewer can show it."""

from __future__ import annotations

from itertools import count
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
LINE = "{http://www.omg.org/spec/DD/20100524/DI}"
_STEP, _HEIGHT = 160, 220


def drawn(content: bytes) -> bytes:
    """The same file with a drawing."""
    root = ElementTree.fromstring(content)
    processes = root.findall(f"{BPMN}process")
    plane = SubElement(SubElement(root, f"{DI}BPMNDiagram", id="d"), f"{DI}BPMNPlane", id="plane")
    plane.set("bpmnElement", processes[0].get("id", ""))
    places: dict[str, tuple[int, int, int]] = {}
    for row, process in enumerate(processes):
        _draw(process, plane, places, row)
    return ElementTree.tostring(root)


def _draw(process: Element, plane: Element, places: dict[str, tuple[int, int, int]], row: int) -> None:
    columns = count()
    for node in process:
        name = node.get("id", "")
        if node.tag == f"{BPMN}sequenceFlow" or not name or "laneSet" in node.tag:
            continue
        wide = 36 if "Event" in node.tag else 50 if "Gateway" in node.tag else 100
        high = 80 if wide == 100 else wide
        if host := places.get(node.get("attachedToRef", "")):
            x, y = host[0] + 20, host[1] + 40
        else:
            x, y = 100 + next(columns) * _STEP, 120 + row * _HEIGHT
        places[name] = (x, y, wide)
        shape = SubElement(plane, f"{DI}BPMNShape", id=f"{name}_di", bpmnElement=name)
        SubElement(shape, f"{DC}Bounds", x=str(x - wide // 2), y=str(y - high // 2), width=str(wide), height=str(high))
    for flow in process.iter(f"{BPMN}sequenceFlow"):
        edge = SubElement(plane, f"{DI}BPMNEdge", id=f"{flow.get('id')}_di", bpmnElement=flow.get("id", ""))
        for end, side in (("sourceRef", 1), ("targetRef", -1)):
            x, y, wide = places[flow.get(end, "")]
            SubElement(edge, f"{LINE}waypoint", x=str(x + side * wide // 2), y=str(y))
