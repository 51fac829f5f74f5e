"""What an element of a diagram is called, in the reader's language. Reads the versions that are in memory anyway."""

from __future__ import annotations

from collections.abc import Iterable

from engine.queries.reading import Reader, reading_language
from engine.spiff.definitions import Definitions
from engine.spiff.model import Node, Process
from engine.spiff.versions import PackageVersion


def find_element(definitions: Definitions, element: str, *processes: str) -> tuple[Process, Node] | None:
    """An element with the process (or subprocess) that it is drawn in: of the processes named first, else of any."""
    for process in _in_order(definitions, processes):
        if element in process.nodes:
            return process, process.nodes[element]
    return None


def label_of(version: PackageVersion, element: str, *processes: str) -> str:
    """What a person calls it; its id where it has no name or isn't known."""
    found = find_element(version.definitions, element, *processes) if element else None
    return version.translated(found[1].label, reading_language(), found[0].file) if found else element


def user_task_name(reader: Reader, deployment_id: int, element: str, name: str) -> str:
    """What a user task is called: its name as it was drawn, in the reader's language."""
    if not reader.language or not name:
        return name
    version = reader.engine.version(deployment_id, reader.tx)
    found = find_element(version.definitions, element) if reader.language in version.translations else None
    return version.translated(" ".join(name.split()), reader.language, found[0].file) if found else name


def process_name(version: PackageVersion, process_id: str) -> str:
    """What a person calls a process; its id where it has no name or isn't known."""
    process = version.definitions.processes.get(process_id)
    if process is None or not process.name.strip():
        return process_id
    return version.translated(" ".join(process.name.split()), reading_language(), process.file)


def _in_order(definitions: Definitions, first: Iterable[str]) -> Iterable[Process]:
    known = definitions.processes
    named = [known[known[key].drawn_in or key] for key in first if key in known]
    return (*named, *(process for process in known.values() if not (process.drawn_in or process in named)))
