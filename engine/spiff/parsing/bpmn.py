"""From a BPMN file to our model. Whatever Iter doesn't run right is refused here, by name and with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.model import Flow, Link, Node, NodeType, Process
from engine.spiff.parsing.dialects import BPMN, MODELER
from engine.spiff.parsing.extensions import refuse_extensions
from engine.spiff.parsing.nodes import NODE_TYPES, Nodes
from engine.spiff.parsing.refused import REFUSED_NODES, REFUSED_PARTS
from engine.spiff.parsing.reporting import Findings
from engine.spiff.parsing.xml import Element, line_of, local, namespace, parse_xml

#: XML elements of all diagrams of a package, without their drawings: some three thousand tasks in a row
MAX_ELEMENTS = 12_000

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
        self.nodes = Nodes(root, self.findings, dict(_variables(root)))
        self.ids: set[str] = set()
        #: how many flows without an id join the same two nodes
        self.unnamed: Counter[str] = Counter()

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
        flows |= _links(nodes.values())
        self.diagram.processes[process_id] = Process(
            id=process_id,
            file=self.path,
            name=element.get("name", ""),
            executable=element.get("isExecutable", "true") == "true",
            parent=parent,
            line=line_of(element),
            nodes=_joined(nodes, flows, _lanes(element)),
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
            elif name in NODE_TYPES and self.nodes.is_acceptable(child):
                node = self.nodes.read(child, cast(NodeType, name))
                nodes[node.id] = node
                if name == "subProcess":
                    self._process(child, parent=scope)
            elif name in REFUSED_NODES:
                self.findings.refuse(child, *REFUSED_NODES[name])
            elif name == "ioSpecification" and local(element) == "process":
                continue
            elif name in REFUSED_PARTS:
                self.findings.refuse(child, *REFUSED_PARTS[name])
            elif name not in NODE_TYPES:
                self.findings.refuse(
                    child, said("the element '{name}'", name=name), said("Remove it, or draw it with another element.")
                )
        return nodes, flows

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


def _lanes(process: Element) -> dict[str, str]:
    """Innermost lane's name by node id."""
    lanes: dict[str, str] = {}
    for lane in process.findall(f"./{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            lanes[(reference.text or "").strip()] = " ".join((lane.get("name") or "").split())
    return lanes


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


def _joined(nodes: Mapping[str, Node], flows: Mapping[str, Flow], lanes: Mapping[str, str]) -> dict[str, Node]:
    """The nodes with their flows, in the order of the file, and their lanes."""
    incoming: dict[str, list[str]] = {key: [] for key in nodes}
    outgoing: dict[str, list[str]] = {key: [] for key in nodes}
    for flow in flows.values():
        outgoing.get(flow.source, []).append(flow.id)
        incoming.get(flow.target, []).append(flow.id)
    return {
        key: replace(node, incoming=tuple(incoming[key]), outgoing=tuple(outgoing[key]), lane=lanes.get(key, ""))
        for key, node in nodes.items()
    }
