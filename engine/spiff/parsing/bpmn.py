"""From a BPMN file to our model. Whatever Iter doesn't run right is refused here, by name and with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import cast, get_args

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.model import ACTIVITIES, THROWING, EventDefinition, Flow, Link, Locals, Loop, Node, NodeType, Process
from engine.spiff.parsing.correlations import Correlations
from engine.spiff.parsing.dialects import BPMN, MODELER, SPIFF
from engine.spiff.parsing.events import PLACES, Events, definitions_of
from engine.spiff.parsing.extensions import Extensions, read_extensions, refuse_extensions, script_of
from engine.spiff.parsing.loops import read_loop
from engine.spiff.parsing.refused import REFUSED_NODES, REFUSED_PARTS
from engine.spiff.parsing.reporting import PYTHON, Findings
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
        "dataObjectReference",
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "supportedInterfaceRef",
        "property",
        "auditing",
        "monitoring",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "dataInputAssociation",
        "dataOutputAssociation",
        "correlationSubscription",
    }
)
#: the names of variables, which may stand in a file as often as they are used
_ITEMS = frozenset({"inputDataItem", "outputDataItem", "dataInput", "dataOutput"})
_HARMLESS_PARTS = frozenset(
    {
        "incoming", "outgoing", "documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef",
        "property", "rendering", "dataInputAssociation", "dataOutputAssociation",
    }
)  # fmt: skip


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
        self.findings = Findings(path, diagram.problems)
        self.events = Events(root, self.findings)
        self.correlations = Correlations(root, self.findings)
        self.ids: set[str] = set()
        #: how many flows without an id join the same two nodes
        self.unnamed: Counter[str] = Counter()
        #: the variables that data objects and inputs stand for, by their ids
        self.variables = dict(_variables(root))

    def read(self) -> None:
        for element in self.root.iter():
            self._note_id(element)
        if self.root.get(f"{{{MODELER}}}executionPlatform", "").startswith("Camunda Cloud"):
            self.findings.refuse(
                self.root, said("diagrams of Camunda 8"), said("Model it for Camunda 7 (Camunda Platform).")
            )
        found = self.root.findall(f"{{{BPMN}}}process")
        for element in found:
            self._process(element, parent="")
        if not found:
            self.findings.tell(
                self.root, said("The file holds no process."), said("Draw a process with a start and an end event.")
            )

    def _note_id(self, element: Element) -> None:
        if namespace(element) != BPMN or local(element) in _ITEMS or not (found := element.get("id")):
            return
        if found in self.ids:
            self.findings.tell(
                element,
                said("The id '{found}' stands twice in this file.", found=found),
                said("Give one of the two another id."),
            )
        if "/" in found:
            self.findings.tell(
                element,
                said("The id '{found}' has a '/' in it.", found=found),
                said("Write it in letters, digits, '_', '-' and '.'."),
            )
        self.ids.add(found)

    def _process(self, element: Element, parent: str) -> None:
        process_id = element.get("id", "")
        if not process_id:
            self.findings.tell(element, said("A process has no id."), said("Give it one."))
            return
        if not parent:
            self.diagram.problems.extend(refuse_extensions(self.path, element, element))
        nodes, flows = self._content(element, process_id)
        lanes = self._lanes(element)
        nodes = {key: replace(node, lane=lanes.get(key, "")) if key in lanes else node for key, node in nodes.items()}
        flows |= _links(nodes.values())
        self.diagram.processes[process_id] = Process(
            id=process_id,
            file=self.path,
            name=element.get("name", ""),
            executable=element.get("isExecutable", "true") == "true",
            parent=parent,
            line=line_of(element),
            nodes=_connected(nodes, flows),
            flows=flows,
            takes=_io(element, "dataInput"),
            gives=_io(element, "dataOutput"),
            declared=frozenset(_declared(element)),
            refused=frozenset(child.get("id", "") for child in element if local(child) in REFUSED_NODES),
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
                self.findings.refuse(child, *REFUSED_NODES[name])
            elif name == "ioSpecification" and local(element) == "process":
                continue
            elif name in REFUSED_PARTS:
                self.findings.refuse(child, *REFUSED_PARTS[name])
            elif name not in _NODE_TYPES:
                self.findings.refuse(
                    child, said("the element '{name}'", name=name), said("Remove it, or draw it with another element.")
                )
        return nodes, flows

    def _acceptable(self, element: Element) -> bool:
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

    def _flow(self, element: Element, known: dict[str, Flow]) -> Flow:
        source, target = element.get("sourceRef", ""), element.get("targetRef", "")
        condition = element.find(f"{{{BPMN}}}conditionExpression")
        flow_id = element.get("id") or self._free(f"{source}->{target}", known)
        self.diagram.problems.extend(refuse_extensions(self.path, element, element))
        if condition is not None:
            self.findings.refuse_language(condition, element)
            self.diagram.problems.extend(refuse_extensions(self.path, condition, element))
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
        parts = definitions_of(element) if node_type in PLACES else []
        extensions, problems = read_extensions(self.path, element, parts)
        self.diagram.problems.extend(problems)
        script = element.find(f"{{{BPMN}}}script")
        if script is not None and element.get("scriptFormat", "python").rsplit("/", 1)[-1].lower() not in PYTHON:
            self.findings.refuse(
                element, said("a script in '{get}'", get=element.get("scriptFormat")), said("Write it in Python.")
            )
        reference = self.events.reference(element)
        carried, throws = self.events.carried.get(reference, Extensions()), node_type in THROWING
        called = element.get("calledElement", "")
        if "${" in called or "#{" in called:
            self.findings.refuse(
                element,
                said("the name '{name}', which is computed", name=called),
                said("Give it a name that is always so."),
            )
        told = "correlationKey" in extensions.properties
        correlation = None if told else self.correlations.of(element, reference, extensions.correlated)
        loop = self._loop(element, node_type, extensions)
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
            script="" if script is None else script_of(script),
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
            correlation=correlation,
            called=called,
            inputs=extensions.inputs,
            outputs=extensions.outputs,
            hands_over=SPIFF in self.root.nsmap.values() and not (extensions.inputs or extensions.outputs),
        )

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

    def _lanes(self, element: Element) -> dict[str, str]:
        """Innermost lane's name by node id."""
        lanes: dict[str, str] = {}
        for lane in element.findall(f"./{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
            for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
                lanes[(reference.text or "").strip()] = " ".join((lane.get("name") or "").split())
        return lanes


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
    fits = part in _HARMLESS_PARTS or kind == "subProcess" or (kind, part) == ("scriptTask", "script")
    fits = fits or (kind in ACTIVITIES and part.endswith("LoopCharacteristics"))
    if fits or (part.endswith("EventDefinition") and kind in PLACES):
        return None
    return (
        said("the part '{part}' of a {kind}", part=part, kind=kind),
        said("Remove it, or say it with what Iter reads."),
    )


def _links(nodes: Iterable[Node]) -> dict[str, Flow]:
    """The flow from each throwing link to the catching one of its name; the check tells where there isn't just one."""
    linked = [(node, node.event.name) for node in nodes if isinstance(node.event, Link)]
    ends = {name: node.id for node, name in linked if node.type == "intermediateCatchEvent"}
    flows = [
        Flow(f"{node.id}->{ends[name]}", node.id, ends[name], name=name, line=node.line)
        for node, name in linked
        if node.type == "intermediateThrowEvent" and name in ends
    ]
    return {flow.id: flow for flow in flows}


def _variables(root: Element) -> Iterator[tuple[str, str]]:
    for reference in root.iter(f"{{{BPMN}}}dataObjectReference"):
        yield reference.get("id", ""), reference.get("dataObjectRef", "")
    for item in root.iter(f"{{{BPMN}}}dataInput", f"{{{BPMN}}}dataOutput"):
        name = item.get("name", "")
        yield item.get("id", ""), name if name.isidentifier() else item.get("id", "")


def _io(process: Element, kind: str) -> tuple[str, ...] | None:
    """The variables that a process takes or gives where it is called; None where it declares none."""
    found = process.findall(f"{{{BPMN}}}ioSpecification/{{{BPMN}}}{kind}")
    return tuple(item.get("id", "") for item in found) or None


def _declared(process: Element) -> Iterator[str]:
    """The variables that a process's data objects and properties stand for, by their ids and names."""
    for child in process:
        if namespace(child) == BPMN and local(child) in ("dataObject", "dataObjectReference", "property"):
            yield from (name for name in (child.get("id", ""), child.get("name", "")) if name.isidentifier())


def _connected(nodes: dict[str, Node], flows: dict[str, Flow]) -> dict[str, Node]:
    incoming: dict[str, list[str]] = {key: [] for key in nodes}
    outgoing: dict[str, list[str]] = {key: [] for key in nodes}
    for flow in flows.values():
        outgoing.get(flow.source, []).append(flow.id)
        incoming.get(flow.target, []).append(flow.id)
    return {
        key: replace(node, incoming=tuple(incoming[key]), outgoing=tuple(outgoing[key])) for key, node in nodes.items()
    }
