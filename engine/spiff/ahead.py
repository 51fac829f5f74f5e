"""What comes next for who reads the steps and not the diagram: the steps that lie ahead of where the tokens stand.

A look at the drawing alone: no condition is asked, for what they will say isn't known yet. Nothing is advanced here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.spiff.definitions import Definitions
from engine.spiff.model import Error, Node, Process
from engine.spiff.state import Place, places


@dataclass(frozen=True, slots=True)
class Ahead:
    """Keys of the steps that may come next, one of them or more; `ends`: the process may end without another step."""

    steps: frozenset[str] = frozenset()
    ends: bool = False

    def __or__(self, other: Ahead) -> Ahead:
        return Ahead(self.steps | other.steps, self.ends or other.ends)


def look_ahead(definitions: Definitions, state: bytes, present: str) -> Ahead:
    """What may follow the step `present` of an instance, given by its stored state. Raises `CorruptState`.

    Along the flows, into called processes and out of them again, up to the first element that names another step.
    Boundary events are exceptions, and looked at only where no other way leads anywhere.
    """
    standing = {place.token: place for place in places(state, definitions.processes)}
    for exceptions in (False, True):
        looking = _Looking(definitions.processes, present, exceptions)
        found = Ahead()
        for place in standing.values():
            if place.waits != "scope" and not place.host:
                found |= looking.behind(place, standing)
        if found.steps or found.ends:
            break
    return found


class _Looking:
    """A look along all ways at once. What each process leads to from its start is found first."""

    def __init__(self, processes: Mapping[str, Process], present: str, exceptions: bool) -> None:
        self._processes, self._present, self._exceptions = processes, present, exceptions
        self._inside: dict[str, Ahead] = dict.fromkeys(processes, Ahead())
        before: dict[str, Ahead] = {}
        while self._inside != before:  # processes may call one another in a circle: until nothing is added
            before = dict(self._inside)
            for key, process in processes.items():
                self._inside[key] = self._from(process, [process.start] if process.start else [])

    def behind(self, place: Place, standing: Mapping[int, Place], leaving: bool = True) -> Ahead:
        """What a token comes to when it leaves its element (or is thrown out of it), and then the scopes around it."""
        process = self._processes[place.process]
        node = process.nodes[place.element]
        found = self._from(process, self._next(process, node) if leaving else self._beside(process, node))
        found |= Ahead(ends=leaving and not node.outgoing)
        if not place.scope:
            return found
        return Ahead(found.steps) | self.behind(standing[place.scope], standing, leaving=found.ends)

    def _from(self, process: Process, nodes: Iterable[Node]) -> Ahead:
        waiting, seen = list(nodes), set[str]()
        found = Ahead()
        while waiting:
            node = waiting.pop()
            if node.id in seen:
                continue
            seen.add(node.id)
            step = node.properties.get("step", "")
            if step and step != self._present:
                found |= Ahead(frozenset({step}))
                continue
            inside = self._inside.get(_scope_of(node), Ahead(ends=True))
            found |= Ahead(inside.steps)
            waiting.extend(self._next(process, node) if inside.ends else self._beside(process, node))
            ends = inside.ends and not node.outgoing and not isinstance(node.event, Error)
            found |= Ahead(ends=ends)
        return found

    def _next(self, process: Process, node: Node) -> Iterator[Node]:
        for flow in node.outgoing:
            yield process.nodes[process.flows[flow].target]
        yield from self._beside(process, node)

    def _beside(self, process: Process, node: Node) -> Iterator[Node]:
        if self._exceptions:
            yield from process.boundaries(node.id)
            yield from process.event_subprocesses


def _scope_of(node: Node) -> str:
    """The process that runs inside a node; one without a name has none."""
    if node.type == "callActivity":
        return node.called
    return node.id if node.type == "subProcess" else ""
