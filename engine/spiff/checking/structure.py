"""Whether a process is drawn so that it can run: starts, ends, flows, boundaries, gateways."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.checking.catching import check_catcher, check_links
from engine.spiff.checking.problems import at
from engine.spiff.model import Flow, Link, Node, Process

_SPLITS = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check_structure(process: Process) -> Iterator[Problem]:
    """The problems of one process or subprocess, element by element in the order of the file."""
    yield from _starts(process)
    for flow in process.flows.values():
        yield from _flow(process, flow)
    for node in process.nodes.values():
        yield from _ends(process, node)
        yield from _conditions(process, node)
        yield from check_catcher(process, node)
        if node.type == "eventBasedGateway":
            yield from _event_gateway(process, node)
    yield from check_links(process)
    yield from _unreachable(process)


def _starts(process: Process) -> Iterator[Problem]:
    starts = [node for node in process.nodes.values() if node.type == "startEvent"]
    if len(starts) == 1:
        return
    what = said("no start event") if not starts else said("{count} start events", count=len(starts))
    name = process.name or process.id
    yield Problem(
        process.file,
        said("'{name}' has {what}.", name=name, what=what),
        said("Draw exactly one start event in it."),
        element=process.id,
        label=process.name,
        line=process.line,
    )


def _flow(process: Process, flow: Flow) -> Iterator[Problem]:
    for end, what in ((flow.source, said("begins")), (flow.target, said("ends"))):
        if end not in process.nodes and end not in process.refused:
            yield Problem(
                process.file,
                said(
                    "A sequence flow {what} at '{end}', which isn't an element of the same process.", what=what, end=end
                ),
                said("Draw the flow anew. A flow can't leave its subprocess."),
                element=flow.id,
                label=flow.name,
                line=flow.line,
            )


def _ends(process: Process, node: Node) -> Iterator[Problem]:
    if node.type == "startEvent" and node.incoming:
        yield at(
            process,
            node,
            said("A sequence flow leads into a start event."),
            said("Lead it to the element behind the start."),
        )
    if node.type == "endEvent" and node.outgoing:
        yield at(
            process,
            node,
            said("A sequence flow leaves an end event."),
            said("Use an intermediate event, or remove the flow."),
        )
    if node.type == "boundaryEvent" and node.incoming:
        yield at(
            process, node, said("A sequence flow leads into a boundary event."), said("Lead it to another element.")
        )
    if node.type in ("startEvent", "boundaryEvent", "eventBasedGateway", *_SPLITS) and not node.outgoing:
        yield at(
            process, node, said("No sequence flow leaves '{label}'.", label=node.label), said("Draw where it goes on.")
        )
    if node.event_triggered:
        if node.incoming or node.outgoing:
            told = said("A sequence flow leads to an event subprocess, or out of it.")
            yield at(process, node, told, said("Remove the flow: its start event starts it."))
    elif not node.incoming and node.type not in ("startEvent", "boundaryEvent") and not _is_link_end(node):
        yield at(
            process,
            node,
            said("No sequence flow leads to '{label}'.", label=node.label),
            said("Draw how it is reached, or remove it."),
        )


def _is_link_end(node: Node) -> bool:
    return isinstance(node.event, Link) and node.type == "intermediateCatchEvent"


def _conditions(process: Process, node: Node) -> Iterator[Problem]:
    flows = [process.flows[flow] for flow in node.outgoing]
    if node.default and node.default not in node.outgoing:
        yield at(
            process,
            node,
            said("Its default flow '{default}' doesn't leave it.", default=node.default),
            said("Choose the default flow anew."),
        )
    if node.type in ("parallelGateway", "eventBasedGateway", "startEvent"):
        for flow in flows:
            if flow.condition:
                yield _flow_problem(
                    process, flow, said("A condition stands where it is never asked."), said("Remove it.")
                )
        return
    for flow in flows:
        if flow.id == node.default and flow.condition:
            yield _flow_problem(process, flow, said("The default flow has a condition."), said("Remove the condition."))
    if node.type == "exclusiveGateway" and len(flows) > 1:
        for flow in flows:
            if not flow.condition and flow.id != node.default:
                yield _flow_problem(
                    process,
                    flow,
                    said(
                        "A flow out of the gateway '{label}' has no condition and isn't its default.", label=node.label
                    ),
                    said("Give it a condition, or make it the default flow."),
                )


def _flow_problem(process: Process, flow: Flow, problem: str, remedy: str) -> Problem:
    return Problem(process.file, problem, remedy, element=flow.id, label=flow.name, line=flow.line)


def _event_gateway(process: Process, node: Node) -> Iterator[Problem]:
    if len(node.outgoing) < 2:
        yield at(
            process,
            node,
            said("An event-based gateway has fewer than two events."),
            said("Draw the events that it waits for."),
        )
    for flow_id in node.outgoing:
        target = process.nodes.get(process.flows[flow_id].target)
        if target is None:
            continue
        if target.type not in ("intermediateCatchEvent", "receiveTask") or isinstance(target.event, Link):
            yield at(
                process,
                target,
                said("'{label}' stands behind an event-based gateway but waits for nothing.", label=target.label),
                said("Only catching events and receive tasks may stand there."),
            )
        elif len(target.incoming) > 1:
            yield at(process, target, said("An event behind a gateway has other ways in."), said("Draw it twice."))
        elif target.type == "receiveTask" and any(True for _ in process.boundaries(target.id)):
            yield at(
                process,
                target,
                said("A receive task behind an event gateway has boundary events."),
                said("Remove them."),
            )


def _unreachable(process: Process) -> Iterator[Problem]:
    start = process.start
    if start is None or process.refused:
        return
    seen, stack = set(), [start.id]
    while stack:
        node_id = stack.pop()
        if node_id in seen or node_id not in process.nodes:
            continue
        seen.add(node_id)
        stack.extend(process.flows[flow].target for flow in process.nodes[node_id].outgoing)
        stack.extend(node.id for node in process.boundaries(node_id))
    for node in process.nodes.values():
        if node.id not in seen and (node.incoming or node.type == "boundaryEvent"):
            yield at(
                process,
                node,
                said("'{label}' can never be reached.", label=node.label),
                said("Draw how it is reached, or remove it."),
            )
