"""Which elements and sequence flows of a package no scenario came by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.spiff.definitions import Definitions
from engine.spiff.model import Flow, Process


@dataclass(frozen=True, slots=True)
class Missing:
    """An element or flow that no scenario took."""

    file: str
    id: str
    kind: Literal["element", "flow"]
    #: what it is called on the diagram; a flow without a name: from where to where
    label: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Painting:
    """The elements and flows of a file by their ids: those that some scenario took, and those that none did."""

    covered: frozenset[str]
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the scenarios of a package took, together."""

    elements: int
    flows: int
    missing: tuple[Missing, ...] = ()
    #: by file, for who paints it on the diagrams
    paintings: Mapping[str, Painting] = field(default_factory=dict)

    def covered(self, kind: Literal["element", "flow"]) -> int:
        """How many of a kind were taken."""
        total = self.elements if kind == "element" else self.flows
        return total - sum(missing.kind == kind for missing in self.missing)


def cover(definitions: Definitions, taken: Collection[tuple[str, str]]) -> Coverage:
    """The coverage by all that was entered and taken in all scenarios: (process, id of element or flow)."""
    processes = list(definitions.processes.values())
    missing = _missing(processes, taken)
    return Coverage(
        elements=sum(len(process.nodes) for process in processes),
        flows=sum(len(process.flows) for process in processes),
        missing=tuple(sorted(missing, key=lambda one: (one.file, one.line))),
        paintings=_paintings(processes, missing),
    )


def _paintings(processes: Sequence[Process], missing: Sequence[Missing]) -> dict[str, Painting]:
    drawn: dict[str, set[str]] = {}
    for process in processes:
        if not process.drawn_in:
            drawn.setdefault(process.file, set()).update(process.nodes, process.flows)
    left = {file: {one.id for one in missing if one.file == file} & ids for file, ids in drawn.items()}
    return {file: Painting(frozenset(ids - left[file]), frozenset(left[file])) for file, ids in drawn.items()}


def _missing(processes: Sequence[Process], taken: Collection[tuple[str, str]]) -> list[Missing]:
    missing: list[Missing] = []
    for process in processes:
        for node in process.nodes.values():
            if (process.id, node.id) not in taken:
                missing.append(Missing(process.file, node.id, "element", node.label, node.line))
        for flow in process.flows.values():
            if (process.id, flow.id) not in taken:
                missing.append(Missing(process.file, flow.id, "flow", _flow_label(process, flow), flow.line))
    return missing


def _flow_label(process: Process, flow: Flow) -> str:
    ends = " → ".join(process.nodes[end].label for end in (flow.source, flow.target))
    return f"{flow.name} ({ends})" if flow.name else ends
