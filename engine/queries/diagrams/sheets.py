"""Sorts what was found of an instance onto the diagrams that it belongs to. Reads nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from engine.queries.diagrams.values import Passed, Sheet, Stand, Stuck
from engine.queries.elements import label_of, process_name
from engine.queries.reading import reading_language
from engine.spiff.versions import PackageVersion

#: times of each element that are told
TIMES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be drawn: passages (oldest first, as rows of `ways`), tokens, incidents."""

    entries: Sequence[Row[Any]]
    stands: Sequence[Stand]
    stuck: Sequence[Stuck]


def sheets_of(version: PackageVersion, process: str, found: Found) -> list[Sheet]:
    """The diagrams that something is to be drawn on: the instance's own first, then in the order of coming there."""
    come_to = dict.fromkeys((process, *_processes(found)))
    processes: dict[str, list[str]] = {}
    for key in come_to:
        known = version.definitions.processes.get(key)
        if known is not None:
            processes.setdefault(known.file, []).append(key)
    passed = _passed(version, found)
    return [
        Sheet(
            file=file,
            name=process_name(version, _outermost(version, inside[0])),
            passed=[one for key in inside for one in passed.get(key, ())],
            flows=dict(Counter(entry.flow for entry in found.entries if entry.flow and entry.process in inside)),
            stands=[stand for stand in found.stands if stand.process in inside],
            stuck=[stuck for stuck in found.stuck if stuck.process in inside],
            calls=_calls(version, inside, processes),
            words=words_of(version, file),
        )
        for file, inside in processes.items()
    ]


def _processes(found: Found) -> Iterable[str]:
    yield from (entry.process for entry in found.entries)
    yield from (stand.process for stand in found.stands)
    yield from (stuck.process for stuck in found.stuck)


def _passed(version: PackageVersion, found: Found) -> dict[str, list[Passed]]:
    times: dict[tuple[str, str], list[Any]] = {}
    for entry in found.entries:
        times.setdefault((entry.process, entry.element), []).append(entry.at)
    passed: dict[str, list[Passed]] = {}
    for order, ((process, element), seen) in enumerate(times.items(), start=1):
        label = label_of(version, element, process)
        passed.setdefault(process, []).append(Passed(element, label, len(seen), order, seen[: -TIMES - 1 : -1]))
    return passed


def _outermost(version: PackageVersion, process: str) -> str:
    """The process around an embedded subprocess."""
    known = version.definitions.processes
    while process in known and known[process].parent:
        process = known[process].parent
    return process


def _calls(version: PackageVersion, inside: Iterable[str], sheets: dict[str, list[str]]) -> dict[str, str]:
    """Where the call activities lead, as far as there is something to be seen."""
    known = version.definitions.processes
    files = {key: known[key].file for keys in sheets.values() for key in keys}
    return {
        node.id: files[node.called]
        for key in inside
        for node in known[key].nodes.values()
        if node.called and node.called in files
    }


def words_of(version: PackageVersion, file: str) -> dict[str, str]:
    """What is drawn in the file and said otherwise in the reader's language."""
    language = reading_language()
    if language not in version.translations:
        return {}
    written: set[str] = set()
    for process in version.definitions.processes.values():
        if process.file == file:
            nodes, flows = process.nodes.values(), process.flows.values()
            written |= {process.name, *(node.name for node in nodes), *(node.lane for node in nodes)}
            written |= {flow.name for flow in flows}
    plain = {" ".join(text.split()) for text in written} - {""}
    found = {text: version.translated(text, language, file) for text in sorted(plain)}
    return {text: told for text, told in found.items() if told != text}
