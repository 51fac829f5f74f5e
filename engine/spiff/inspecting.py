"""What an instance's stored state says: where its tokens stand, what they see. Nothing is run or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.spiff.definitions import Definitions
from engine.spiff.model import Node
from engine.spiff.running.naming import RESERVED
from engine.spiff.state import Place, places, variables

__all__ = ["RESERVED", "Inspected", "ScopeVariables", "inspect"]


@dataclass(frozen=True, slots=True)
class ScopeVariables:
    """The variables of one scope."""

    #: id of the process or subprocess
    process: str
    #: token of the activity around it; 0 for the instance
    host: int
    #: a token that stands in it, and so sees them; None where there is none any more
    token: int | None
    variables: dict[str, Any]


class Inspected:
    """A stored state, read once. Raises `CorruptState` where it can't be."""

    def __init__(self, definitions: Definitions, state: bytes) -> None:
        self._definitions = definitions
        self._variables = variables(state)
        #: all tokens, those that only listen beside another one among them
        self.places: dict[int, Place] = {place.token: place for place in places(state, definitions.processes)}

    def standing(self) -> Iterator[Place]:
        """The tokens that are somewhere: not those that listen beside them, not the activities around them."""
        return (place for place in self.places.values() if not place.host and place.waits != "scope")

    def drawn(self) -> Iterator[Place]:
        """The tokens that stand at elements that are drawn, activities with something inside among them."""
        for place in self.places.values():
            process = self._definitions.processes.get(place.process)
            around = process.drawn_in if process else ""
            if not place.host and not (process and around and place.element not in self._nodes(around)):
                yield replace(place, process=around or place.process)

    def _nodes(self, process: str) -> Mapping[str, Node]:
        return self._definitions.processes[process].nodes

    def scopes(self) -> list[ScopeVariables]:
        """All scopes with their variables, the instance's first."""
        found = []
        for host, named in self._variables.items():
            inside = [place for place in self.places.values() if place.scope == host]
            token = min((place.token for place in inside), default=None)
            process = inside[0].process if inside else ""
            found.append(ScopeVariables(process, host, token, named))
        return found

    def seen_by(self, token: int) -> dict[str, Any]:
        """The variables that a token sees, as its expressions do; empty where there is no such token."""
        seen: dict[str, Any] = {}
        for host in self._around(token):
            seen = {**self._variables.get(host, {}), **seen}
        return seen

    def _around(self, token: int) -> Iterator[int]:
        """The scopes that a token sees, by their hosts, innermost first, up to its process."""
        place = self.places.get(token)
        while place is not None:
            yield place.scope
            around = self.places.get(place.scope)
            if around is None or self._is_call(around):
                return
            place = around

    def _is_call(self, place: Place) -> bool:
        process = self._definitions.processes.get(place.process)
        node = process.nodes.get(place.element) if process else None
        return node is not None and node.calls


def inspect(definitions: Definitions, state: bytes | None) -> Inspected | None:
    """What a stored state says; None before the first step. Raises `CorruptState`."""
    return Inspected(definitions, state) if state else None
