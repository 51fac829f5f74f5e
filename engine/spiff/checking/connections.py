"""Whether what `package.toml` names in diagrams is there: the processes that are started, the messages waited for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.domain.errors import Problem
from engine.domain.packages import Package
from engine.domain.said import said
from engine.spiff.checking.problems import at
from engine.spiff.model import Message, Node, Process

FILE = "package.toml"


def check_connections(package: Package, processes: Mapping[str, Process]) -> Iterator[Problem]:
    """Processes and messages that the package names and no diagram has."""
    started = {package.process, *(action.process for action in package.actions.values() if action.process)}
    for process_id in sorted(started - processes.keys()):
        yield Problem(
            FILE,
            said("There is no process '{process_id}'.", process_id=process_id),
            said("Name the id of a process in a diagram."),
        )
    heard = _heard(processes.values())
    told = {action.message for action in package.actions.values()} | {rule.message for rule in package.notes}
    for message in sorted(told - heard - {""}):
        known = ", ".join(sorted(heard)) or said("none yet")
        yield Problem(
            FILE,
            said("No diagram waits for the message '{message}'.", message=message),
            said("Name one that is waited for ({known}), or draw it.", known=known),
        )


def check_calls(processes: Mapping[str, Process]) -> Iterator[Problem]:
    """Call activities whose mapping lacks what the called process declares that it needs."""
    for process, node in ((each, node) for each in processes.values() for node in each.nodes.values()):
        called = processes.get(node.called)
        if called is None or node.hands_over or any(line.everything for line in node.inputs):
            continue
        given = {line.target for line in node.inputs}
        for name in called.takes or ():
            if name not in given:
                told = said("'{called}' needs '{name}', which the mapping doesn't give.", called=called.id, name=name)
                yield at(process, node, told, said("Add it to what goes in."))


def check_correlations(processes: Iterable[Process]) -> Iterator[Problem]:
    """Messages of one name that are correlated in different ways: they would never find one another."""
    first: dict[str, tuple[Process, Node]] = {}
    for process, node in ((each, node) for each in processes for node in each.nodes.values()):
        if not node.message_name or "correlationKey" in node.properties:
            continue
        known, other = first.setdefault(node.message_name, (process, node))
        if _retrieval(node) != _retrieval(other):
            told = said(
                "The message '{name}' is correlated otherwise than at '{label}' in {file}.",
                name=node.message_name,
                label=other.label,
                file=known.file,
            )
            remedy = said("Give it the same correlation properties in every diagram, or the property correlationKey.")
            yield at(process, node, told, remedy)


def _retrieval(node: Node) -> Mapping[str, str]:
    return node.correlation.retrieval if node.correlation else {}


def _heard(processes: Iterable[Process]) -> set[str]:
    """The names of all messages that some element waits for."""
    nodes = [node for process in processes for node in process.nodes.values()]
    events = {node.event.name for node in nodes if isinstance(node.event, Message) and node.type in _CATCHING}
    return events | {node.message for node in nodes if node.type == "receiveTask"}


_CATCHING = frozenset({"intermediateCatchEvent", "boundaryEvent", "startEvent"})
