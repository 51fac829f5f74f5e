"""What the attributes and elements of diagrams and decision tables are called when a change is told."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.said import said
from engine.spiff.comparing.elements import ORDER, Fact, Step
from engine.spiff.comparing.wording import shown

_CONDITION, _FORM, _GROUPS, _JOB = said("condition"), said("form"), said("groups"), said("job")
_INTERRUPTS = said("interrupts")
#: by the local name of an attribute, of an element with a text, or of a property
_NAMES: Mapping[str, str] = {
    "aggregation": said("aggregation"), "assignee": said("assignee"), "attachedToRef": said("sits on"),
    "calledElement": said("called process"), "calledDecisionId": said("decision"), "cancelActivity": _INTERRUPTS,
    "candidateGroups": _GROUPS, "comment": said("comment"), "condition": _CONDITION,
    "conditionExpression": _CONDITION, "decisionRef": said("decision"), "default": said("default flow"),
    "description": said("description"), "documentation": said("documentation"), "errorRef": said("error"),
    "escalationRef": said("escalation"), "expression": said("expression"), "form": _FORM, "formKey": _FORM,
    "formRef": _FORM, "goal": said("goal"), "groups": _GROUPS, "hitPolicy": said("hit policy"),
    "isExecutable": said("executable"), "isInterrupting": _INTERRUPTS, "job": _JOB, "label": said("label"),
    "mail": said("mail"), "messageRef": said("message"), "name": said("name"), "script": said("script"),
    "signalRef": said("signal"), "sourceRef": said("comes from"), "status": said("status"),
    "targetRef": said("goes to"), "text": said("text"), "timeCycle": said("cycle"), "timeDate": said("date"),
    "timeDuration": said("duration"), "topic": _JOB, "type": said("type"), "typeRef": said("type"),
}  # fmt: skip
#: attributes that name another part
_REFERENCES = frozenset(
    {
        "sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "signalRef", "errorRef", "escalationRef",
        "processRef", "dataObjectRef", "href",
    }
)  # fmt: skip
#: elements whose text is a formula
_FORMULAS = frozenset({"inputExpression", "literalExpression"})
#: elements that only hold others
_HOLDERS = frozenset({"extensionElements", "properties"})
#: elements whose attributes are told as those of what they stand in
_SEEN_THROUGH = _HOLDERS | {"decisionTable", "inputExpression", "variable"}


def refers(fact: Fact) -> bool:
    """Whether the value is the id of another part."""
    return fact.attribute in _REFERENCES


def what(fact: Fact) -> str:
    """What has another value, in words where it has a common name; else by the names that the file has for it."""
    if fact.steps and fact.steps[-1].name == "property" and fact.attribute in ("value", ""):
        return _NAMES.get(fact.steps[-1].key) or shown(fact.steps[-1].key)
    if not fact.attribute and len(fact.steps) > 1 and fact.steps[-2].name in _FORMULAS:
        return _NAMES["expression"]
    name = fact.attribute or (fact.steps[-1].name if fact.steps else "text")
    around = fact.steps if fact.attribute else fact.steps[:-1]
    plain = all(step.name in _SEEN_THROUGH or step.name.endswith("EventDefinition") for step in around)
    if plain and name in _NAMES:
        return _NAMES[name]
    told = [_named(step) for step in fact.steps if step.name not in _HOLDERS]
    if fact.attribute == ORDER:
        return said("order of {name}", name=" / ".join(told))
    return " / ".join([*told, *filter(None, [fact.attribute])]) or name


def _named(step: Step) -> str:
    return f"{step.name} {shown(step.key)}".strip()
