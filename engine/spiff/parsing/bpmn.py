"""From a BPMN file to our model. Whatever Iter doesn't run right is refused here, by name and with what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, cast, get_args

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.model import Error, EventDefinition, Flow, Message, Node, NodeType, Process, Terminate, Timer
from engine.spiff.parsing.extensions import BPMN, read_extensions
from engine.spiff.parsing.refused import REFUSED_EVENTS, REFUSED_NODES, REFUSED_PARTS
from engine.spiff.parsing.xml import Element, line_of, local, namespace, parse_xml

#: XML elements of all diagrams of a package, without their drawings: some three thousand tasks in a row
MAX_ELEMENTS = 12_000

_NODE_TYPES = frozenset(get_args(NodeType))
#: elements of a process that carry no token
_DRAWN_ONLY = frozenset(
    {
        "laneSet",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "supportedInterfaceRef",
        "property",
        "auditing",
        "monitoring",
    }
)
_HARMLESS_PARTS = frozenset(
    {
        "incoming", "outgoing", "documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef",
        "property", "rendering",
    }
)  # fmt: skip
#: which event definitions may stand where
_PLACES: dict[str, tuple[type[Any] | None, ...]] = {
    "startEvent": (None,),
    "endEvent": (None, Message, Error, Terminate),
    "intermediateCatchEvent": (Message, Timer),
    "intermediateThrowEvent": (None, Message),
    "boundaryEvent": (Message, Timer, Error),
}


@dataclass(slots=True)
class Diagram:
    """What one file holds."""

    path: str
    #: how many XML elements it has, without its drawing
    size: int = 0
    processes: dict[str, Process] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_diagram(path: str, content: bytes, most: int = MAX_ELEMENTS) -> Diagram:
    """All processes of a BPMN file (subprocesses as processes of their own), with everything that is wrong.

    One of more than `most` elements isn't read: how long it takes to check a package depends on them.
    """
    diagram = Diagram(path)
    root, problems = parse_xml(path, content)
    diagram.problems.extend(problems)
    if root is None:
        return diagram
    if namespace(root) != BPMN or local(root) != "definitions":
        diagram.problems.append(
            Problem(
                path,
                said("This isn't a BPMN 2.0 diagram."),
                said("Save it as BPMN 2.0 XML (a .bpmn file) in the modeler."),
            )
        )
        return diagram
    diagram.size = sum(1 for part in root if local(part) != "BPMNDiagram" for _ in part.iter())
    if diagram.size > most:
        told = said(
            "The diagrams of a package have at most {max_elements:,} elements; with this one they have more.",
            max_elements=MAX_ELEMENTS,
        )
        diagram.problems.append(Problem(path, told, said("Divide the package, or remove what isn't needed.")))
        return diagram
    _Reader(path, root, diagram).read()
    return diagram


class _Reader:
    """Walks one file; keeps what is declared at its root."""

    def __init__(self, path: str, root: Element, diagram: Diagram) -> None:
        self.path, self.root, self.diagram = path, root, diagram
        self.ids: set[str] = set()
        #: how many flows without an id join the same two nodes
        self.unnamed: Counter[str] = Counter()
        self.messages = {e.get("id"): e.get("name", "") for e in root.findall(f"{{{BPMN}}}message")}
        self.errors = {e.get("id"): e.get("errorCode", "") for e in root.findall(f"{{{BPMN}}}error")}

    def read(self) -> None:
        for element in self.root.iter():
            self._note_id(element)
            if namespace(element) == BPMN and local(element) in ("correlationProperty", "correlationKey"):
                self._refuse(element, said("correlation keys of its own"), said("Use the property correlationKey."))
        found = self.root.findall(f"{{{BPMN}}}process")
        for element in found:
            self._process(element, parent="")
        if not found:
            self._problem(
                self.root, said("The file holds no process."), said("Draw a process with a start and an end event.")
            )

    def _note_id(self, element: Element) -> None:
        if namespace(element) != BPMN or not (found := element.get("id")):
            return
        if found in self.ids:
            self._problem(
                element,
                said("The id '{found}' stands twice in this file.", found=found),
                said("Give one of the two another id."),
            )
        self.ids.add(found)

    def _process(self, element: Element, parent: str) -> None:
        process_id = element.get("id", "")
        if not process_id:
            self._problem(element, said("A process has no id."), said("Give it one."))
            return
        nodes, flows = self._content(element, process_id)
        lanes = self._lanes(element)
        nodes = {key: replace(node, lane=lanes.get(key, "")) if key in lanes else node for key, node in nodes.items()}
        self.diagram.processes[process_id] = Process(
            id=process_id,
            file=self.path,
            name=element.get("name", ""),
            executable=element.get("isExecutable", "true") == "true",
            parent=parent,
            line=line_of(element),
            nodes=_connected(nodes, flows),
            flows=flows,
        )

    def _content(self, element: Element, scope: str) -> tuple[dict[str, Node], dict[str, Flow]]:
        nodes: dict[str, Node] = {}
        flows: dict[str, Flow] = {}
        for child in element:
            name = local(child)
            if namespace(child) != BPMN or name in _DRAWN_ONLY:
                continue
            if name == "sequenceFlow":
                flow = self._flow(child, flows)
                flows[flow.id] = flow
            elif name in _NODE_TYPES and self._acceptable(child):
                node = self._node(child, cast(NodeType, name))
                nodes[node.id] = node
                if name == "subProcess":
                    self._process(child, parent=scope)
            elif name in REFUSED_NODES:
                self._refuse(child, *REFUSED_NODES[name])
            elif name in REFUSED_PARTS:
                self._refuse(child, *REFUSED_PARTS[name])
            elif name not in _NODE_TYPES:
                self._refuse(
                    child, said("the element '{name}'", name=name), said("Remove it, or draw it with another element.")
                )
        return nodes, flows

    def _acceptable(self, element: Element) -> bool:
        if not element.get("id"):
            self._problem(element, said("An element ({local}) has no id.", local=local(element)), said("Give it one."))
            return False
        if element.get("triggeredByEvent") == "true":
            self._refuse(
                element, said("an event subprocess"), said("Use boundary events on a subprocess around the steps.")
            )
            return False
        for child in element:
            if namespace(child) == BPMN and (refused := _refused_part(local(element), local(child))):
                self._refuse(child, *refused, holder=element)
        if element.get("isForCompensation") == "true":
            self._refuse(element, said("compensation"), said("Draw the steps that undo the work."))
        for name in ("startQuantity", "completionQuantity"):
            if element.get(name, "1") != "1":
                self._refuse(
                    element,
                    said("a {name} of {value}", name=name, value=element.get(name)),
                    said("Draw the activity as often as it runs."),
                )
        if element.get("instantiate") == "true" or element.get("eventGatewayType") == "Parallel":
            self._refuse(
                element, said("a start by an event"), said("Start the process with a start event without a trigger.")
            )
        if element.get("parallelMultiple") == "true":
            self._refuse(element, said("a parallel multiple event"), said("Wait for the events one behind the other."))
        return True

    def _flow(self, element: Element, known: dict[str, Flow]) -> Flow:
        source, target = element.get("sourceRef", ""), element.get("targetRef", "")
        condition = element.find(f"{{{BPMN}}}conditionExpression")
        flow_id = element.get("id") or self._free(f"{source}->{target}", known)
        if condition is not None and condition.get("language", "python").rsplit("/", 1)[-1].lower() not in _PYTHON:
            self._refuse(
                element,
                said("a condition in '{get}'", get=condition.get("language")),
                said("Write it as a Python expression."),
            )
        return Flow(
            id=flow_id,
            source=source,
            target=target,
            name=element.get("name", ""),
            condition="" if condition is None else (condition.text or "").strip(),
            line=line_of(element),
        )

    def _free(self, wanted: str, known: dict[str, Flow]) -> str:
        """The id, or the id with a number where several flows join the same two nodes."""
        found = wanted
        while found in known:
            self.unnamed[wanted] += 1
            found = f"{wanted}-{self.unnamed[wanted] + 1}"
        return found

    def _node(self, element: Element, node_type: NodeType) -> Node:
        extensions, problems = read_extensions(self.path, element)
        self.diagram.problems.extend(problems)
        script = element.find(f"{{{BPMN}}}script")
        if script is not None and element.get("scriptFormat", "python").lower() not in _PYTHON:
            self._refuse(
                element, said("a script in '{get}'", get=element.get("scriptFormat")), said("Write it in Python.")
            )
        return Node(
            id=element.get("id", ""),
            type=node_type,
            name=element.get("name", ""),
            line=line_of(element),
            properties=extensions.properties,
            default=element.get("default", ""),
            event=self._event(element, node_type, extensions.properties),
            attached_to=element.get("attachedToRef", ""),
            interrupting=element.get("cancelActivity", "true") != "false",
            script="" if script is None else (script.text or "").strip("\n"),
            form=extensions.form,
            groups=extensions.groups,
            assignee=extensions.assignee,
            job=extensions.job,
            parameters=extensions.parameters,
            decision=extensions.decision,
            result_variable=extensions.result_variable,
            message=self._message_name(element) if node_type in ("sendTask", "receiveTask") else "",
            called=element.get("calledElement", ""),
            inputs=extensions.inputs,
            outputs=extensions.outputs,
        )

    def _event(self, element: Element, node_type: str, properties: dict[str, str]) -> EventDefinition | None:
        if node_type not in _PLACES:
            return None
        definitions = [child for child in element if local(child).endswith("EventDefinition")]
        if len(definitions) > 1:
            self._refuse(element, said("several event definitions"), said("Draw one event each."))
        event: EventDefinition | None = None
        for child in definitions:
            if local(child) in REFUSED_EVENTS:
                self._refuse(child, *REFUSED_EVENTS[local(child)], holder=element)
                return None
            extensions, problems = read_extensions(self.path, child)
            self.diagram.problems.extend(replace(p, element=element.get("id", "")) for p in problems)
            properties.update(extensions.properties)
            event = self._definition(element, child)
        allowed = _PLACES[node_type]
        if not any(event is None if kind is None else isinstance(event, kind) for kind in allowed):
            what = said("without a trigger") if event is None else said("with a {local}", local=local(definitions[0]))
            self._refuse(
                element,
                said("a {node_type} {what}", node_type=node_type, what=what),
                said("Choose another kind of event for this place."),
            )
        return event

    def _definition(self, element: Element, child: Element) -> EventDefinition | None:
        match local(child):
            case "timerEventDefinition":
                return self._timer(element, child)
            case "messageEventDefinition":
                return Message(self._message_name(child, element))
            case "errorEventDefinition":
                return Error(self._error_code(child, element))
            case "terminateEventDefinition":
                return Terminate()
        self._refuse(
            child, said("a {local}", local=local(child)), said("Choose another kind of event."), holder=element
        )
        return None

    def _timer(self, element: Element, child: Element) -> Timer | None:
        parts = [(p, k) for k in ("date", "duration", "cycle") for p in child.findall(f"{{{BPMN}}}time{k.title()}")]
        if len(parts) != 1 or not (parts[0][0].text or "").strip():
            self._problem(
                element, said("The timer names no time."), said("Give it a date, a duration or a cycle (PT1H).")
            )
            return None
        part, kind = parts[0]
        return Timer(kind, (part.text or "").strip())  # type: ignore[arg-type]

    def _message_name(self, element: Element, holder: Element | None = None) -> str:
        reference = element.get("messageRef", "")
        if not reference:
            if holder is not None:
                self._problem(holder, said("The event names no message."), said("Choose a message, or create one."))
            return ""
        if not self.messages.get(reference):
            self._problem(
                element if holder is None else holder,
                said("The message '{reference}' doesn't exist.", reference=reference),
                said("Choose one."),
            )
        return self.messages.get(reference) or ""

    def _error_code(self, element: Element, holder: Element) -> str:
        reference = element.get("errorRef", "")
        if reference and reference not in self.errors:
            self._problem(
                holder, said("The error '{reference}' doesn't exist.", reference=reference), said("Choose one.")
            )
        if local(holder) == "endEvent" and not self.errors.get(reference):
            self._problem(
                holder, said("The error end event names no error code."), said("Choose an error that has a code.")
            )
        return self.errors.get(reference) or ""

    def _lanes(self, element: Element) -> dict[str, str]:
        """Innermost lane's name by node id."""
        lanes: dict[str, str] = {}
        for lane in element.findall(f"./{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
            for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
                lanes[(reference.text or "").strip()] = " ".join((lane.get("name") or "").split())
        return lanes

    def _refuse(self, element: Element, what: str, remedy: str, holder: Element | None = None) -> None:
        self._problem(element if holder is None else holder, said("Iter doesn't run {what}.", what=what), remedy)

    def _problem(self, element: Element, problem: str, remedy: str) -> None:
        self.diagram.problems.append(
            Problem(
                self.path,
                problem,
                remedy,
                element=element.get("id", ""),
                label=" ".join(element.get("name", "").split()),
                line=line_of(element),
            )
        )


def _refused_part(kind: str, part: str) -> tuple[str, str] | None:
    """What is wrong with a part of an element, and the remedy; None where it is read, or says nothing of the run."""
    if part in REFUSED_PARTS:
        return REFUSED_PARTS[part]
    fits = part in _HARMLESS_PARTS or kind == "subProcess" or (kind, part) == ("scriptTask", "script")
    if fits or (part.endswith("EventDefinition") and kind in _PLACES):
        return None
    return (
        said("the part '{part}' of a {kind}", part=part, kind=kind),
        said("Remove it, or say it with what Iter reads."),
    )


_PYTHON = frozenset({"python", "python3", "text/python"})


def _connected(nodes: dict[str, Node], flows: dict[str, Flow]) -> dict[str, Node]:
    incoming: dict[str, list[str]] = {key: [] for key in nodes}
    outgoing: dict[str, list[str]] = {key: [] for key in nodes}
    for flow in flows.values():
        outgoing.get(flow.source, []).append(flow.id)
        incoming.get(flow.target, []).append(flow.id)
    return {
        key: replace(node, incoming=tuple(incoming[key]), outgoing=tuple(outgoing[key])) for key, node in nodes.items()
    }
