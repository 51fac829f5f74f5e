"""What the Camunda Modeler and SpiffArena write beside BPMN: properties, forms, groups, jobs, mappings, scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from textwrap import dedent
from typing import cast, get_args

from engine.domain.errors import Problem, Severity
from engine.domain.said import said
from engine.spiff.expressions import ExpressionFailed, strip
from engine.spiff.model import DecisionResult, Mapped
from engine.spiff.parsing.dialects import (
    ANYWAY,
    BPMN,
    CAMUNDA,
    HARMLESS,
    REFUSED,
    REMEDY,
    SAME_KEY,
    SPIFF,
    UNSEEN,
    ZEEBE,
)
from engine.spiff.parsing.xml import Element, line_of, local, namespace

#: attributes that are read together with what they stand on: loops, the definitions of events
_READ_ELSEWHERE = frozenset(
    {
        "collection", "elementVariable", "errorCodeVariable", "errorMessageVariable", "escalationCodeVariable",
        "scriptsOnInstances", "variableName", "variableEvents",
    }
)  # fmt: skip
#: what may say something of a message, signal, error or escalation as it is declared
CARRIED = frozenset({"messagePayload", "messageVariable", "payloadExpression", "variableName"})


@dataclass(slots=True)
class Extensions:
    """What an element's extensions say, in one form for both dialects."""

    properties: dict[str, str] = field(default_factory=dict)
    form: str = ""
    groups: tuple[str, ...] = ()
    assignee: str = ""
    job: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    #: variables that get values when the work is done
    results: dict[str, str] = field(default_factory=dict)
    decision: str = ""
    decision_result: DecisionResult = ""
    result_variable: str = ""
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    #: scripts before and after
    before: str = ""
    after: str = ""
    payload: str = ""
    payload_variable: str = ""
    #: by correlation property: the expression for what it must be
    correlated: dict[str, str] = field(default_factory=dict)


def read_extensions(path: str, element: Element, parts: Iterable[Element] = ()) -> tuple[Extensions, list[Problem]]:
    """The extensions of an element and of `parts` of it, and those that Iter refuses, by name."""
    reader = _Reader(path, element)
    for each in (element, *parts):
        reader.read(each)
    _apply_properties(reader.found)
    return reader.found, reader.problems


def refuse_extensions(
    path: str, element: Element, holder: Element, read: frozenset[str] = frozenset()
) -> list[Problem]:
    """What Iter refuses of the extensions of what isn't a flow node; `read`: the names that are read there."""
    return [
        _problem(path, holder, *refusal)
        for space, name, value in _written(element)
        if name not in read | {"properties"} and (refusal := _refusal(space, name, value)) is not None
    ]


def _written(element: Element) -> Iterator[tuple[str, str, str | Element]]:
    """Everything of a dialect on an element: (namespace, name, the attribute's value or the extension element)."""
    for holder in element.findall(f"{{{BPMN}}}extensionElements"):
        yield from (
            (namespace(child), local(child), child) for child in holder if namespace(child) in (*REFUSED, ZEEBE)
        )
    for name, value in element.attrib.items():
        space, _, bare = str(name).removeprefix("{").rpartition("}")
        if space in REFUSED:
            yield space, bare, str(value)


def _refusal(space: str, name: str, value: str | Element) -> tuple[str, str] | None:
    """What is wrong with something of a dialect, and the remedy; None where it says nothing of the run."""
    if space == ZEEBE:
        return said("an extension of Camunda 8"), said("Model it for Camunda 7 (Camunda Platform).")
    if name in HARMLESS[space] or value in ANYWAY.get(name, ()):
        return None
    if name in REFUSED[space]:
        return REFUSED[space][name]
    prefix = "camunda" if space == CAMUNDA else "spiffworkflow"
    return (f"{prefix}:{name}" if isinstance(value, str) else said("the extension '{name}'", name=name)), REMEDY


class _Reader:
    """Reads what belongs to one flow node."""

    def __init__(self, path: str, element: Element) -> None:
        self.path, self.element = path, element
        self.found, self.problems = Extensions(), list[Problem]()

    def read(self, element: Element) -> None:
        """Reads the extensions of the node, or of a part of it."""
        for space, name, value in _written(element):
            if isinstance(value, str):
                known = name in _READ_ELSEWHERE or self._attribute(name, value)
            else:
                known = self._spiff(name, value) if space == SPIFF else self._camunda(name, value)
            if not known and name in UNSEEN:
                self.problems.append(_problem(self.path, self.element, *UNSEEN[name], severity="warning"))
            elif not known and (refusal := _refusal(space, name, value)):
                self._refuse(*refusal)

    def _attribute(self, name: str, value: str) -> bool:
        found = self.found
        match name:
            case "formRef" | "formKey":
                found.form = self._fixed(value)
            case "assignee":
                found.assignee = self._text(value)
            case "candidateGroups":
                found.groups = _listed(self._fixed(value))
            case "topic":
                found.job = self._fixed(value)
            case "decisionRef":
                found.decision = self._fixed(value)
            case "resultVariable":
                found.result_variable = value
            case "mapDecisionResult" if value in get_args(DecisionResult):
                found.decision_result = cast(DecisionResult, value)
            case _:
                return False
        return True

    def _camunda(self, name: str, child: Element) -> bool:
        match name:
            case "properties":
                self._properties(child)
            case "inputOutput":
                self._parameters(child)
            case "in" if child.get("businessKey") in SAME_KEY:
                pass
            case "in" | "out" if child.get("businessKey") or child.get("local"):
                self._refuse(said("a business key or local variables in a mapping"), REMEDY)
            case "in":
                self.found.inputs += (self._mapped(child),)
            case "out":
                self.found.outputs += (self._mapped(child),)
            case _:
                return False
        return True

    def _spiff(self, name: str, child: Element) -> bool:
        found, text = self.found, (child.text or "").strip()
        match name:
            case "properties":
                self._properties(child)
            case "preScript":
                found.before = script_of(child)
            case "postScript":
                found.after = script_of(child)
            case "calledDecisionId":
                found.decision = text
            case "serviceTaskOperator":
                self._operator(child)
            case "messagePayload" | "payloadExpression":
                found.payload = text
            case "messageVariable" | "variableName":
                found.payload_variable = text
            case "processVariableCorrelation":
                parts = [child.findtext(f"{{{SPIFF}}}{part}", "").strip() for part in ("propertyId", "expression")]
                found.correlated[parts[0]] = parts[1]
            case _:
                return False
        return True

    def _properties(self, child: Element) -> None:
        self.found.properties.update(
            {item.get("name", ""): item.get("value", "") for item in child if item.get("name")}
        )

    def _operator(self, child: Element) -> None:
        self.found.job, self.found.result_variable = child.get("id", ""), child.get("resultVariable", "")
        for item in child.iter(f"{{{SPIFF}}}parameter"):
            if value := item.get("value", "").strip():
                self.found.parameters[item.get("id", "")] = "=" + value

    def _parameters(self, child: Element) -> None:
        for item in child:
            if len(item):
                what = said("a list, map or script as parameter")
                self._refuse(what, said("Use a text or ={expression}."))
                continue
            into = self.found.results if local(item) == "outputParameter" else self.found.parameters
            into[item.get("name", "")] = self._text((item.text or "").strip())

    def _mapped(self, child: Element) -> Mapped:
        if child.get("variables") == "all":
            return Mapped(everything=True)
        expression = child.get("sourceExpression", "")
        return Mapped(
            source=self._text(expression).removeprefix("=") if expression else child.get("source", ""),
            target=child.get("target", ""),
            expression=bool(expression),
        )

    def _text(self, text: str) -> str:
        """`${x}` as Camunda writes it, as `=x`."""
        if text.startswith("=") or not ("${" in text or "#{" in text):
            return text
        if not (text.startswith(("${", "#{")) and text.endswith("}") and text.count("{") == 1):
            self._refuse(said("a text with ${…} inside it"), said('Write it as an expression: ="Ticket " + number.'))
            return ""
        try:
            return "=" + strip(text)
        except ExpressionFailed as failure:
            self._refuse(f"'{text[:80]}'", said("Correct the expression. {what}", what=str(failure)))
            return ""

    def _fixed(self, text: str) -> str:
        """A name that has to be known before anything runs."""
        if "${" in text or "#{" in text:
            self._refuse(
                said("the name '{name}', which is computed", name=text[:80]), said("Give it a name that is always so.")
            )
            return ""
        return text

    def _refuse(self, what: str, remedy: str) -> None:
        self.problems.append(_problem(self.path, self.element, what, remedy))


def script_of(element: Element) -> str:
    """The script in an element; modelers may have put it in as far as the XML around it."""
    return dedent(element.text or "").strip("\n")


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
    take("formUiSchemaFilename", "")  # how another program shows it


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _problem(path: str, element: Element, what: str, remedy: str, severity: Severity = "error") -> Problem:
    return Problem(
        path,
        said("It uses {what}, which Iter doesn't run.", what=what),
        remedy,
        element=element.get("id", ""),
        label=element.get("name", ""),
        line=line_of(element),
        severity=severity,
    )
