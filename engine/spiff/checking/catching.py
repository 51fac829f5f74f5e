"""Whether what is to be caught can happen where it is drawn: boundary events, event subprocesses, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.checking.problems import at
from engine.spiff.model import ACTIVITIES, Error, Escalation, Link, Node, Process

#: activities that wait, and so can be interrupted by a time, a message, a signal or a condition
_WAITING = frozenset({"userTask", "receiveTask", "serviceTask", "sendTask", "subProcess", "callActivity"})
_SCOPES = frozenset({"subProcess", "callActivity"})


def check_catcher(process: Process, node: Node) -> Iterator[Problem]:
    """What is wrong with a boundary event, or with an event subprocess and its start."""
    if node.type == "boundaryEvent":
        yield from _boundary(process, node)
    if node.event_triggered and node.loop is not None:
        told = said("An event subprocess runs whenever its event comes, and can have no loop.")
        yield at(process, node, told, said("Remove the loop, or put it on a subprocess inside."))
    if isinstance(node.event, Error) and node.type in ("boundaryEvent", "startEvent") and not node.interrupting:
        yield at(process, node, said("An error always interrupts."), said("Make the event interrupting."))


def _boundary(process: Process, node: Node) -> Iterator[Problem]:
    host = process.nodes.get(node.attached_to)
    if host is None or host.type not in ACTIVITIES:
        yield at(process, node, said("The boundary event isn't attached to an activity."), said("Attach it to one."))
        return
    if host.event_triggered:
        told = said("A boundary event sits on an event subprocess.")
        yield at(process, node, told, said("Attach it to the subprocess around it."))
    elif isinstance(node.event, Error):
        pass
    elif isinstance(node.event, Escalation) and host.type not in _SCOPES:
        told = said("Nothing inside '{label}' can escalate, so this boundary event can never happen.", label=host.label)
        yield at(process, node, told, said("Attach it to a subprocess or a call activity, or remove it."))
    elif host.type not in _WAITING or (host.type in ("serviceTask", "sendTask") and not host.job):
        yield at(
            process,
            node,
            said("'{label}' is done at once, so this boundary event can never happen.", label=host.label),
            said("Attach it to something that waits, or remove it."),
        )
    if any(_catches_the_same(node, other) for other in _before(process, node)):
        told = said("Another event on '{label}' catches the same before it.", label=host.label)
        yield at(process, node, told, said("Give it another code, or remove it."))


def _before(process: Process, node: Node) -> Iterator[Node]:
    for other in process.boundaries(node.attached_to):
        if other.id == node.id:
            return
        yield other


def _catches_the_same(node: Node, other: Node) -> bool:
    for kind in (Error, Escalation):
        if isinstance(node.event, kind) and isinstance(other.event, kind):
            return node.event.code == other.event.code
    return False


def check_links(process: Process) -> Iterator[Problem]:
    """Links come in pairs: one end that catches, and at least one that throws."""
    linked = [(node, node.event.name) for node in process.nodes.values() if isinstance(node.event, Link)]
    caught = Counter(name for node, name in linked if node.type == "intermediateCatchEvent")
    thrown = {name for node, name in linked if node.type == "intermediateThrowEvent"}
    for node, name in linked:
        if node.type == "intermediateThrowEvent":
            if not caught[name]:
                told = said("No link '{name}' catches what this one throws.", name=name)
                yield at(process, node, told, said("Draw a catching link of the same name in the same process."))
            if len(node.outgoing) > bool(caught[name]):
                told = said("A sequence flow leaves a throwing link.")
                yield at(process, node, told, said("Remove the flow: it goes on at the catching link."))
            continue
        if caught[name] > 1:
            told = said("There are {count} catching links '{name}'.", count=caught[name], name=name)
            yield at(process, node, told, said("Keep one, or give them other names."))
        if name not in thrown:
            told = said("No link '{name}' leads here.", name=name)
            yield at(process, node, told, said("Draw a throwing link of the same name in the same process."))
        if any(process.flows[flow].source not in _throwers(process) for flow in node.incoming):
            told = said("A sequence flow leads to a catching link.")
            yield at(process, node, told, said("Remove the flow: throwing links lead here."))


def _throwers(process: Process) -> set[str]:
    nodes = process.nodes.values()
    return {node.id for node in nodes if isinstance(node.event, Link) and node.type == "intermediateThrowEvent"}
