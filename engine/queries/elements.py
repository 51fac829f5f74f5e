"""What an element of a diagram is called, for lists that name one. Reads the versions that are in memory anyway."""

from __future__ import annotations

from collections.abc import Iterable

from engine.spiff.definitions import Definitions
from engine.spiff.model import Node, Process
from engine.spiff.versions import PackageVersion


def find_element(definitions: Definitions, element: str, *processes: str) -> tuple[Process, Node] | None:
    """An element with the process (or subprocess) that it stands in: of the processes named first, else of any."""
    for process in _in_order(definitions, processes):
        if element in process.nodes:
            return process, process.nodes[element]
    return None


def label_of(version: PackageVersion, element: str, *processes: str) -> str:
    """What a person calls it; its id where it has no name or isn't known."""
    found = find_element(version.definitions, element, *processes) if element else None
    return found[1].label if found else element


def process_name(version: PackageVersion, process_id: str) -> str:
    """What a person calls a process; its id where it has no name or isn't known."""
    process = version.definitions.processes.get(process_id)
    return " ".join(process.name.split()) if process and process.name.strip() else process_id


def _in_order(definitions: Definitions, first: Iterable[str]) -> Iterable[Process]:
    known = definitions.processes
    named = [known[key] for key in first if key in known]
    return (*named, *(process for process in known.values() if process not in named))
