"""Two BPMN diagrams compared: what was drawn, taken away, changed, and what only stands elsewhere.

The order of the flows out of an element counts, that of other elements in the file doesn't. What flows and lanes say of
an element is told once: at the flow, and at the element whose lane it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.comparing.model import Change
from engine.spiff.comparing.parts import Part, Parts, changes
from engine.spiff.parsing.dialects import BPMN
from engine.spiff.parsing.xml import Element, local, namespace

#: elements that others stand in
_AROUND = frozenset(
    {"definitions", "process", "subProcess", "adHocSubProcess", "transaction", "collaboration", "laneSet",
     "childLaneSet"}
)  # fmt: skip
#: what stands there and says something of what it stands in
_OF_THEIRS = frozenset(
    {
        "childLaneSet", "correlationSubscription", "dataInputAssociation", "dataOutputAssociation", "documentation",
        "extension", "extensionElements", "import", "incoming", "ioSpecification", "laneSet", "outgoing", "property",
    }
)  # fmt: skip


def changed_elements(before: Element, after: Element) -> Iterator[Change]:
    """What isn't the same in two diagrams, by their roots, element by element."""
    return changes(_parts(before), _parts(after))


def _parts(root: Element) -> Parts:
    parts = Parts(root, _is_part)
    flows = [part for part in parts.by_key.values() if local(part.element) == "sequenceFlow"]
    for flow in flows:
        if source := parts.by_key.get(flow.element.get("sourceRef") or ""):
            source.flows.append(flow.key)
    _told_by_flows(parts, flows)
    _told_by_lanes(parts)
    return parts


def _is_part(element: Element) -> bool:
    around = element.getparent()
    if namespace(element) != BPMN or around is None or local(around) not in _AROUND:
        return False
    return local(element) not in _OF_THEIRS and not local(element).endswith("LoopCharacteristics")


def _told_by_flows(parts: Parts, flows: list[Part]) -> None:
    """What an element says of its flows and they say as well isn't told of it."""
    ways = {(kind, flow.element.get(side), flow.key) for flow in flows
            for kind, side in (("incoming", "targetRef"), ("outgoing", "sourceRef"))}  # fmt: skip
    for part in parts.by_key.values():
        for element in part.element.iterchildren(f"{{{BPMN}}}incoming", f"{{{BPMN}}}outgoing"):
            if (local(element), part.key, (element.text or "").strip()) in ways:
                parts.apart.add(element)


def _told_by_lanes(parts: Parts) -> None:
    """Whose lane it is is told of an element, not of the lane."""
    for lane in [part for part in parts.by_key.values() if local(part.element) == "lane"]:
        for element in lane.element.iterchildren(f"{{{BPMN}}}flowNodeRef"):
            if named := parts.by_key.get((element.text or "").strip()):
                named.lanes.append(lane.key)
                parts.apart.add(element)
