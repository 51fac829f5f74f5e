"""How often an activity runs: loop markers, several instances at once or one behind the other (BPMN 2.0, 10.3.8)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.said import said
from engine.spiff.expressions import ExpressionFailed, strip
from engine.spiff.model import Loop, MultiInstance, StandardLoop
from engine.spiff.parsing.dialects import BPMN, CAMUNDA, SPIFF
from engine.spiff.parsing.extensions import refuse_extensions
from engine.spiff.parsing.reporting import Findings
from engine.spiff.parsing.xml import Element, local, namespace

_EXTENSIONS = frozenset({"collection", "elementVariable", "scriptsOnInstances"})
_READ = frozenset(
    {
        "loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem",
        "completionCondition", "extensionElements", "documentation", "loopCondition",
    }
)  # fmt: skip


def read_loop(
    element: Element, properties: Mapping[str, str], names: Mapping[str, str], findings: Findings
) -> Loop | None:
    """The loop of an activity, None where it runs once.

    `names`: the variables that ids of data objects and inputs of the file stand for.
    """
    several = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    again = element.find(f"{{{BPMN}}}standardLoopCharacteristics")
    for marker in (several, again):
        if marker is not None:
            findings.problems.extend(refuse_extensions(findings.path, marker, element, _EXTENSIONS))
    if several is not None:
        return _several(element, several, properties, names, findings)
    return None if again is None else _again(element, again, findings)


def _again(element: Element, marker: Element, findings: Findings) -> StandardLoop:
    condition, maximum = _text(marker, "loopCondition"), marker.get("loopMaximum", "")
    if maximum and not (maximum.isascii() and maximum.isdigit() and 0 < int(maximum) <= 1_000):
        findings.tell(
            element,
            said("The loop's maximum '{maximum}' isn't a number from 1 to 1,000.", maximum=maximum[:20]),
            said("Give it such a number, or none."),
        )
        maximum = ""
    if not condition and not maximum:
        findings.tell(
            element,
            said("The loop never ends: it has no condition and no maximum."),
            said("Write the condition under which the activity runs again."),
        )
    return StandardLoop(condition, marker.get("testBefore") == "true", int(maximum or 0), _scripts_inside(marker))


def _several(
    element: Element, marker: Element, properties: Mapping[str, str], names: Mapping[str, str], findings: Findings
) -> MultiInstance:
    if marker.get("behavior", "All") != "All":
        findings.refuse(
            element,
            said("an event at the end of single instances"),
            said("Draw the event inside a subprocess that has several instances."),
        )
    for child in marker:
        if namespace(child) == BPMN and local(child) not in _READ:
            findings.refuse(element, said("<{name}> in a loop", name=local(child)), said("Remove it."))
    cardinality, collection = _text(marker, "loopCardinality"), _collection(marker, names)
    if bool(cardinality) == bool(collection):
        findings.tell(
            element,
            said("It doesn't say how many instances there are.")
            if not cardinality
            else said("It says twice how many instances there are."),
            said("Give it a list (collection) or a number (loop cardinality)."),
        )
    return MultiInstance(
        sequential=marker.get("isSequential") == "true",
        cardinality=cardinality,
        collection=collection,
        item=marker.get(f"{{{CAMUNDA}}}elementVariable", "") or _item(marker, "inputDataItem"),
        result=properties.get("outputElement", "") or _item(marker, "outputDataItem"),
        results=properties.get("outputCollection", "") or _reference(marker, "loopDataOutputRef", names),
        completion=_text(marker, "completionCondition"),
        scripts_inside=_scripts_inside(marker),
    )


def _scripts_inside(marker: Element) -> bool:
    return marker.get(f"{{{SPIFF}}}scriptsOnInstances") == "true"


def _collection(marker: Element, names: Mapping[str, str]) -> str:
    written = marker.get(f"{{{CAMUNDA}}}collection", "").strip().removeprefix("=").strip()
    return written or _reference(marker, "loopDataInputRef", names)


def _reference(marker: Element, part: str, names: Mapping[str, str]) -> str:
    """The variable that a loop's data refers to: by the id of a data object or input, or by its name itself."""
    written = _text(marker, part)
    return names.get(written, written)


def _item(marker: Element, part: str) -> str:
    """The variable of an item: its name where that can be one, else its id."""
    found = marker.find(f"{{{BPMN}}}{part}")
    if found is None:
        return ""
    name = found.get("name", "")
    return name if name.isidentifier() else found.get("id", "")


def _text(marker: Element, part: str) -> str:
    found = marker.find(f"{{{BPMN}}}{part}")
    text = "" if found is None else (found.text or "").strip().removeprefix("=").strip()
    try:
        return strip(text)
    except ExpressionFailed:
        return text  # the check of the expression tells
