"""What the Camunda Modeler and SpiffArena write beside BPMN: properties, forms, groups, jobs, mappings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.model import Mapped
from engine.spiff.parsing.xml import Element, line_of, local, namespace

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

#: attributes and elements of the dialects that would run as code, or change what runs, and that Iter doesn't do
_REFUSED = {
    "class": (said("a Java class"), said("Make it an external task with a topic, or a webhook job.")),
    "delegateExpression": (said("a Java delegate"), said("Make it an external task with a topic, or a webhook job.")),
    "expression": (said("a Java expression"), said("Make it a script task, or an external task with a topic.")),
    "executionListener": (said("an execution listener"), said("Draw what it does as an element of its own.")),
    "taskListener": (said("a task listener"), said("Draw what it does as an element of its own.")),
    "connector": (said("a connector"), said("Make it a webhook job (property job = webhook).")),
    "formData": (said("an embedded form"), said("Make it a form file (camunda:formRef).")),
    "field": (said("field injection"), said("Use input parameters.")),
    "candidateUsers": (said("candidate users"), said("Name groups, or an assignee.")),
    "dueDate": (said("a due date"), said("Name a goal (property goal) or draw a timer.")),
    "followUpDate": (said("a follow-up date"), said("Draw a timer.")),
    "caseRef": (said("a case"), said("Call a process instead.")),
    "outputParameter": (said("an output parameter"), said("Use the property resultVariable, or set.<field>.")),
    "processVariableCorrelation": (said("a correlation property"), said("Use the property correlationKey.")),
    "preScript": (said("a pre-script"), said("Draw it as a script task before.")),
    "postScript": (said("a post-script"), said("Draw it as a script task behind.")),
    "messagePayload": (said("a message payload expression"), said("Use the properties data.<name>.")),
    "messageVariable": (said("a message variable"), said("The payload's keys become variables as they are.")),
    "payloadExpression": (said("a payload expression"), said("Use the properties data.<name>.")),
    "variableName": (said("a payload variable"), said("The payload's keys become variables as they are.")),
    "type": (said("an implementation by the engine"), said("Make it an external task with a topic.")),
    "unitTests": (said("unit tests of SpiffArena"), said("Write a scenario (docs/reference/scenarios.md).")),
}
#: elements that are read
_READ = frozenset({"properties", "inputOutput", "in", "out", "calledDecisionId", "serviceTaskOperator"})
_REMEDY = said("Remove it; docs/reference/extension-properties.md lists what Iter reads.")
#: attributes and elements that say nothing of what runs: Iter's own order, versions and retries hold
_HARMLESS = frozenset(
    {
        "allowGuest", "asyncAfter", "asyncBefore", "calledElementTenantId", "category", "decisionRefTenantId",
        "exclusive", "failedJobRetryTimeCycle", "instructionsForEndUser", "jobPriority", "modelerTemplate",
        "modelerTemplateIcon", "modelerTemplateVersion", "priority", "taskPriority",
    }
)  # fmt: skip
#: attributes of event definitions, read with the events
_OF_EVENTS = {
    "errorEventDefinition": ("errorCodeVariable", "errorMessageVariable"),
    "escalationEventDefinition": ("escalationCodeVariable",),
}
#: attributes with the values that say what Iter does anyway
_ANYWAY = {
    "calledElementBinding": ("latest", "deployment"),
    "decisionRefBinding": ("latest", "deployment"),
    "formRefBinding": ("latest", "deployment"),
    "mapDecisionResult": ("singleEntry", "singleResult"),
    "type": ("external",),
}


@dataclass(slots=True)
class Extensions:
    """What an element's extensions say, in one form for both dialects."""

    properties: dict[str, str] = field(default_factory=dict)
    form: str = ""
    groups: tuple[str, ...] = ()
    assignee: str = ""
    job: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    decision: str = ""
    result_variable: str = ""
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()


def read_extensions(path: str, element: Element) -> tuple[Extensions, list[Problem]]:
    """The extensions of one element, and those that Iter refuses, by name."""
    found, problems = Extensions(), []
    for holder in element.findall(f"{{{BPMN}}}extensionElements"):
        for child in holder:
            problems.extend(_read_child(path, element, child, found))
    for name, value in element.attrib.items():
        text = str(name)
        if text.startswith(f"{{{CAMUNDA}}}"):
            problems.extend(_read_attribute(path, element, text.rsplit("}", 1)[-1], str(value), found))
    _apply_properties(found)
    return found, problems


def _read_child(path: str, element: Element, child: Element, found: Extensions) -> list[Problem]:
    space, name = namespace(child), local(child)
    if space == ZEEBE:
        return [
            _refused(
                path, element, said("an extension of Camunda 8"), said("Model it for Camunda 7 (Camunda Platform).")
            )
        ]
    if space not in (CAMUNDA, SPIFF):
        return []
    if refusal := _refusal(name, child):
        return [_refused(path, element, *refusal)]
    match name:
        case "properties":
            found.properties.update({item.get("name", ""): item.get("value", "") for item in child})
        case "inputOutput":
            return _read_parameters(path, element, child, found)
        case "in":
            found.inputs += (_mapped(child),)
        case "out":
            found.outputs += (_mapped(child),)
        case "calledDecisionId":
            found.decision = (child.text or "").strip()
        case "serviceTaskOperator":
            _read_operator(child, found)
    return []


def _refusal(name: str, child: Element) -> tuple[str, str] | None:
    """What is wrong with an extension element, and the remedy; None where it is read, or says nothing of the run."""
    if name in _REFUSED:
        return _REFUSED[name]
    if name in ("in", "out") and (child.get("businessKey") or child.get("local")):
        return (said("a business key or local variables in a mapping"), _REMEDY)
    return None if name in _READ or name in _HARMLESS else (said("the extension '{name}'", name=name), _REMEDY)


def _read_operator(child: Element, found: Extensions) -> None:
    found.job = child.get("id", "")
    found.result_variable = child.get("resultVariable", "")
    for item in child.iter(f"{{{SPIFF}}}parameter"):
        found.parameters[item.get("id", "")] = "=" + item.get("value", "")


def _read_parameters(path: str, element: Element, child: Element, found: Extensions) -> list[Problem]:
    problems = []
    for item in child:
        if local(item) in _REFUSED:
            problems.append(_refused(path, element, *_REFUSED[local(item)]))
        elif len(item):
            problems.append(
                _refused(
                    path,
                    element,
                    said("a list, map or script as input parameter"),
                    said("Use a text or ={expression}."),
                )
            )
        else:
            found.parameters[item.get("name", "")] = _expression_text((item.text or "").strip())
    return problems


def _read_attribute(path: str, element: Element, name: str, value: str, found: Extensions) -> list[Problem]:
    if value in _ANYWAY.get(name, ()):
        return []
    if name in _REFUSED:
        return [_refused(path, element, *_REFUSED[name])]
    match name:
        case "formRef" | "formKey":
            found.form = value
        case "assignee":
            found.assignee = _expression_text(value)
        case "candidateGroups":
            found.groups = _listed(value)
        case "topic":
            found.job = value
        case "decisionRef":
            found.decision = value
        case "resultVariable":
            found.result_variable = value
        case _ if name not in _HARMLESS and name not in _OF_EVENTS.get(local(element), ()):
            return [_refused(path, element, f"camunda:{name}", _REMEDY)]
    return []


def _apply_properties(found: Extensions) -> None:
    """Properties win over attributes: they are what element templates write in every modeler."""
    take = found.properties.pop
    found.form = take("form", "") or found.form
    found.form = found.form.removesuffix(".form").rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    found.groups = _listed(take("groups", "")) or found.groups
    found.assignee = take("assignee", "") or found.assignee
    found.job = take("job", "") or found.job
    found.decision = take("decision", "") or found.decision
    found.result_variable = take("resultVariable", "") or found.result_variable
    form = take("formJsonSchemaFilename", "")
    found.form = found.form or form.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _mapped(child: Element) -> Mapped:
    if child.get("variables") == "all":
        return Mapped(everything=True)
    expression = child.get("sourceExpression", "")
    return Mapped(
        source=_expression_text(expression).removeprefix("=") if expression else child.get("source", ""),
        target=child.get("target", ""),
        expression=bool(expression),
    )


def _expression_text(text: str) -> str:
    """`${x}` as Camunda writes it, as `=x`."""
    if text.startswith(("${", "#{")) and text.endswith("}") and text.count("{") == 1:
        return "=" + text[2:-1].strip()
    return text


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _refused(path: str, element: Any, what: str, remedy: str) -> Problem:
    return Problem(
        path,
        said("It uses {what}, which Iter doesn't run.", what=what),
        remedy,
        element=element.get("id", ""),
        label=element.get("name", ""),
        line=line_of(element),
    )
