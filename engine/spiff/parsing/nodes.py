"""From one element of a BPMN file to a node of our model. How nodes are joined is not its business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from engine.domain.said import said
from engine.spiff.model import ACTIVITIES, THROWING, EventDefinition, Locals, Loop, Node, NodeType
from engine.spiff.parsing.correlations import Correlations
from engine.spiff.parsing.dialects import BPMN, SPIFF
from engine.spiff.parsing.events import PLACES, Events, definitions_of
from engine.spiff.parsing.extensions import Extensions, read_extensions, script_of
from engine.spiff.parsing.loops import read_loop
from engine.spiff.parsing.refused import REFUSED_PARTS
from engine.spiff.parsing.reporting import PYTHON, Findings
from engine.spiff.parsing.xml import Element, line_of, local, namespace

NODE_TYPES = frozenset(get_args(NodeType))
_HARMLESS = frozenset(
    {
        "incoming", "outgoing", "documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef",
        "property", "rendering", "dataInputAssociation", "dataOutputAssociation",
    }
)  # fmt: skip


class Nodes:
    """Reads the nodes of one file."""

    def __init__(self, root: Element, findings: Findings, variables: Mapping[str, str]) -> None:
        self.findings = findings
        #: the variables that data objects and inputs stand for, by their ids
        self.variables = variables
        self.events = Events(root, findings)
        self.correlations = Correlations(root, findings)
        self.of_spiffarena = SPIFF in root.nsmap.values()

    def is_acceptable(self, element: Element) -> bool:
        """Whether it can be read at all; tells what of it isn't run."""
        if not element.get("id"):
            self.findings.tell(
                element, said("An element ({local}) has no id.", local=local(element)), said("Give it one.")
            )
            return False
        for part, refused in _refused_parts(element):
            self.findings.refuse(part, *refused, holder=element)
        if element.get("isForCompensation") == "true":
            self.findings.refuse(element, said("compensation"), said("Draw the steps that undo the work."))
        for name in ("startQuantity", "completionQuantity"):
            if element.get(name, "1") != "1":
                self.findings.refuse(
                    element,
                    said("a {name} of {value}", name=name, value=element.get(name)),
                    said("Draw the activity as often as it runs."),
                )
        if element.get("instantiate") == "true" or element.get("eventGatewayType") == "Parallel":
            self.findings.refuse(
                element, said("a start by an event"), said("Start the process with a start event without a trigger.")
            )
        if element.get("parallelMultiple") == "true":
            self.findings.refuse(
                element, said("a parallel multiple event"), said("Wait for the events one behind the other.")
            )
        return True

    def read(self, element: Element, node_type: NodeType) -> Node:
        """The node that an element is, without its flows and its lane; tells what of it isn't run."""
        parts = definitions_of(element) if node_type in PLACES else []
        extensions, problems = read_extensions(self.findings.path, element, parts)
        self.findings.problems.extend(problems)
        reference = self.events.reference(element)
        carried, throws = self.events.carried.get(reference, Extensions()), node_type in THROWING
        loop = self._loop(element, node_type, extensions)
        told = "correlationKey" in extensions.properties
        return Node(
            id=element.get("id", ""),
            type=node_type,
            name=element.get("name", ""),
            line=line_of(element),
            properties=extensions.properties,
            default=element.get("default", ""),
            event=self._event(element, node_type),
            loop=loop,
            event_triggered=element.get("triggeredByEvent") == "true",
            attached_to=element.get("attachedToRef", ""),
            interrupting=element.get("cancelActivity", element.get("isInterrupting", "true")) != "false",
            script=self._script(element),
            before=extensions.before,
            after=extensions.after,
            form=extensions.form,
            groups=extensions.groups,
            assignee=extensions.assignee,
            job=extensions.job,
            parameters=extensions.parameters,
            results=extensions.results,
            decision=extensions.decision,
            decision_result=extensions.decision_result,
            result_variable=extensions.result_variable,
            message=self.events.message_name(element) if node_type in ("sendTask", "receiveTask") else "",
            payload=extensions.payload or (carried.payload if throws else ""),
            payload_variable=extensions.payload_variable or ("" if throws else carried.payload_variable),
            correlation=None if told else self.correlations.of(element, reference, extensions.correlated),
            called=self._called(element),
            inputs=extensions.inputs,
            outputs=extensions.outputs,
            hands_over=self.of_spiffarena and not (extensions.inputs or extensions.outputs),
        )

    def _script(self, element: Element) -> str:
        script = element.find(f"{{{BPMN}}}script")
        if script is None:
            return ""
        language = element.get("scriptFormat", "python")
        if language.rsplit("/", 1)[-1].lower() not in PYTHON:
            self.findings.refuse(element, said("a script in '{get}'", get=language), said("Write it in Python."))
        return script_of(script)

    def _called(self, element: Element) -> str:
        called = element.get("calledElement", "")
        if "${" in called or "#{" in called:
            self.findings.refuse(
                element,
                said("the name '{name}', which is computed", name=called),
                said("Give it a name that is always so."),
            )
        return called

    def _event(self, element: Element, node_type: str) -> EventDefinition | None:
        if node_type not in PLACES:
            return None
        around = element.getparent()
        handler = node_type == "startEvent" and around is not None and around.get("triggeredByEvent") == "true"
        return self.events.read(element, node_type, starts_handler=handler)

    def _loop(self, element: Element, node_type: str, extensions: Extensions) -> Loop | None:
        """How an activity runs. Input parameters of one that runs once and does no job are variables of its own."""
        if node_type not in ACTIVITIES:
            return None
        loop = read_loop(element, extensions.properties, self.variables, self.findings)
        fits = node_type not in ("receiveTask", "serviceTask") and element.get("triggeredByEvent") != "true"
        if loop is not None or extensions.job or not extensions.parameters or not fits:
            return loop
        own, extensions.parameters = extensions.parameters, {}
        return Locals(own)


def _refused_parts(element: Element) -> Iterator[tuple[Element, tuple[str, str]]]:
    for child in element:
        if namespace(child) == BPMN and (refused := _refused_part(local(element), local(child))):
            yield child, refused
        if local(child) in ("dataInputAssociation", "dataOutputAssociation"):
            yield from ((part, REFUSED_PARTS[local(part)]) for part in child if local(part) in REFUSED_PARTS)


def _refused_part(kind: str, part: str) -> tuple[str, str] | None:
    """What is wrong with a part of an element, and the remedy; None where it is read, or says nothing of the run."""
    if part in REFUSED_PARTS:
        return REFUSED_PARTS[part]
    fits = part in _HARMLESS or kind == "subProcess" or (kind, part) == ("scriptTask", "script")
    fits = fits or (kind in ACTIVITIES and part.endswith("LoopCharacteristics"))
    if fits or (part.endswith("EventDefinition") and kind in PLACES):
        return None
    return (
        said("the part '{part}' of a {kind}", part=part, kind=kind),
        said("Remove it, or say it with what Iter reads."),
    )
