"""What a version's files hold, for people: which there are, what they are called, and each as what it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.diagrams.sheets import words_of
from engine.queries.elements import process_name
from engine.queries.packages.standing import Standing, one
from engine.queries.reading import Source, reading, reading_language
from engine.spiff.decisions import Decision
from engine.spiff.model import Node, Process
from engine.spiff.versions import PackageVersion

#: what a file is to people, in the order in which they look at them
Kind = Literal["diagram", "decision", "form", "mail", "package", "translation", "scenario", "demonstration", "text"]
_BY_FOLDER: Mapping[str, Kind] = {
    "mail": "mail", "forms": "form", "translations": "translation", "scenarios": "scenario",
    "demonstration": "demonstration",
}  # fmt: skip
_BY_ENDING: Mapping[str, Kind] = {"bpmn": "diagram", "dmn": "decision", "form": "form", "toml": "package"}
#: bytes in which a file says what it is called
_HEAD = 1_000


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a version. `title`: what is in it, in the reader's language; its path where nothing is named."""

    path: str
    kind: Kind
    title: str


@dataclass(frozen=True, slots=True)
class Step:
    """An element of a diagram, in words."""

    id: str
    label: str
    #: as BPMN names it: userTask, exclusiveGateway, …
    type: str
    #: groups that may take it, for user tasks
    groups: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram with what is said of its elements."""

    path: str
    name: str
    #: (process, its elements in the order of the file); subprocesses after the process that they stand in
    processes: list[tuple[str, list[Step]]]
    #: call activities → the file of what they call
    calls: dict[str, str]
    #: what is drawn, in the reader's language where it is said otherwise
    words: dict[str, str]


@dataclass(frozen=True)
class Contents:
    """A version with its files, read in the language of the reading that is under way."""

    standing: Standing
    version: PackageVersion

    @property
    def files(self) -> list[FileView]:
        """All of them, by path."""
        return [self.file(path) for path in sorted(self.version.files)]

    def file(self, path: str) -> FileView:
        """One of the files. Raises `NotFound`."""
        if path not in self.version.files:
            raise NotFound(said("There is no such file."))
        return FileView(path, kind_of(path), _title(self.version, path))

    def decisions(self, path: str) -> list[Decision]:
        """The decisions of a file."""
        known = self.version.definitions.decisions.values()
        return [decision for decision in known if decision.file == path]

    @cached_property
    def drawings(self) -> list[Drawing]:
        """The diagrams: that of the package's own process first, then those that it calls, then the others."""
        known = self.version.definitions.processes
        outer = {process.id: process for process in known.values() if not process.parent and not process.drawn_in}
        by_file: dict[str, list[Process]] = {}
        for key in _by_calls(self.version, outer):
            by_file.setdefault(outer[key].file, []).append(outer[key])
        return [_drawing(self.version, file, some) for file, some in by_file.items()]


def of_version(engine: Source, actor: Actor, package_id: str, number: int | None = None) -> Contents:
    """A version's files, by default those in force; for who may deploy the package. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        standing = one(engine, actor, package_id, number)
        return Contents(standing, engine.version(standing.deployment_id, reader.tx))


def kind_of(path: str) -> Kind:
    """What a file is, by its place and its ending."""
    folder, _, name = path.rpartition("/")
    if folder and (kind := _BY_FOLDER.get(folder.partition("/")[0])):
        return kind
    return _BY_ENDING.get(name.rpartition(".")[2], "text")


def _title(version: PackageVersion, path: str) -> str:
    made: Callable[[PackageVersion, str], str] | None = _TITLES.get(kind_of(path))
    return (made(version, path) if made else "") or path


def _diagram_title(version: PackageVersion, path: str) -> str:
    known = version.definitions.processes.values()
    return ", ".join(process_name(version, one.id) for one in known if one.file == path and not one.parent)


def _decision_title(version: PackageVersion, path: str) -> str:
    found = [decision for decision in version.definitions.decisions.values() if decision.file == path]
    return ", ".join(version.translated(one.title, reading_language(), path) for one in found)


def _form_title(version: PackageVersion, path: str) -> str:
    """What is done with it."""
    name = next((name for name, form in version.forms.items() if form.path == path), "")
    nodes = [(one.file, node) for one in version.definitions.processes.values() for node in one.nodes.values()]
    labels = (version.translated(node.label, reading_language(), file) for file, node in nodes if node.form == name)
    return ", ".join(dict.fromkeys(labels))


def _mail_title(version: PackageVersion, path: str) -> str:
    return _written(version, path, "subject")


def _scenario_title(version: PackageVersion, path: str) -> str:
    return _written(version, path, "title")


def _written(version: PackageVersion, path: str, name: str) -> str:
    """What a line of the file's beginning says: `Subject: …`."""
    head = version.files[path][:_HEAD].decode("utf-8", "replace").splitlines()
    found = (line.partition(":") for line in head)
    return next((value.strip() for key, _, value in found if key.strip().lower() == name), "")


_TITLES: Mapping[Kind, Callable[[PackageVersion, str], str]] = {
    "diagram": _diagram_title, "decision": _decision_title, "form": _form_title, "mail": _mail_title,
    "scenario": _scenario_title,
}  # fmt: skip


def _by_calls(version: PackageVersion, outer: Collection[str]) -> Iterator[str]:
    """Processes in the order in which one comes to them."""
    known = version.definitions.processes
    called: dict[str, list[str]] = {}
    for process in known.values():
        names = (node.called for node in process.nodes.values() if node.called in outer)
        called.setdefault(_outermost(known, process.id), []).extend(names)
    waiting, come_to = deque([version.package.process, *outer]), set[str]()
    while waiting:
        key = waiting.popleft()
        if key not in come_to:
            come_to.add(key)
            waiting.extendleft(reversed(called.get(key, [])))
            yield key


def _outermost(known: Mapping[str, Process], key: str) -> str:
    while known[key].parent or known[key].drawn_in:
        key = known[key].parent or known[key].drawn_in
    return key


def _drawing(version: PackageVersion, file: str, outer: list[Process]) -> Drawing:
    known = version.definitions.processes
    inside = [process for process in known.values() if process.file == file and not process.drawn_in]
    files = {process.id: process.file for process in known.values()}
    nodes = [node for process in inside for node in process.nodes.values()]
    return Drawing(
        path=file,
        name=process_name(version, outer[0].id),
        processes=[
            (_name(version, process), [_step(version, file, node) for node in process.nodes.values()])
            for process in inside
        ],
        calls={node.id: files[node.called] for node in nodes if node.called in files},
        words=words_of(version, file),
    )


def _name(version: PackageVersion, process: Process) -> str:
    if not process.parent:
        return process_name(version, process.id)
    drawn = version.definitions.processes[process.parent].nodes[process.id]
    return version.translated(drawn.label, reading_language(), process.file)


def _step(version: PackageVersion, file: str, node: Node) -> Step:
    label = version.translated(node.label, reading_language(), file) if node.name.strip() else ""
    return Step(node.id, label, node.type, node.groups, node.form)
