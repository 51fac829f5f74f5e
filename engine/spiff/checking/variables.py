"""Which variables may have a value where, as far as a package's files tell: everything that could set one counts.

Order doesn't count: a name exists in a process if any element of it could ever set it. Where something brings names
that no file tells (a message from outside, a job without a result variable), any name may exist.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from engine.domain.errors import Problem
from engine.domain.notes import reopening_process
from engine.domain.said import said
from engine.spiff.checking.problems import at
from engine.spiff.checking.references import Surroundings
from engine.spiff.expressions import ExpressionFailed, names_assigned
from engine.spiff.model import (
    Error,
    Escalation,
    Locals,
    Mapped,
    Message,
    MultiInstance,
    Node,
    Process,
    Signal,
    StandardLoop,
    handed_over,
)
from engine.spiff.running.moving import MAX_DEPTH
from engine.spiff.running.naming import COUNTERS, RESERVED

Key = TypeVar("Key")
Value = TypeVar("Value")

_ANY, _RECORD = "Any", "dict[str, Any]"
_COUNTED = {"loopCounter": "int"}
_COUNTERS = dict.fromkeys(COUNTERS, "int")


@dataclass(frozen=True, slots=True)
class Set:
    """A name that something sets; an empty one stands for any name."""

    name: str = ""
    type: str = _ANY
    #: the script that sets it, behind the ids of its process and element; empty for none
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What an expression sees: names with their types, and whether others may exist."""

    types: MutableMapping[str, str]
    others: bool
    alone: frozenset[str] = frozenset()


class Variables:
    """The variables of all processes of a package, or of diagrams by themselves (no `around`)."""

    def __init__(self, processes: Mapping[str, Process], around: Surroundings | None) -> None:
        self._processes, self._around = processes, around
        nodes = [(process, node) for process in processes.values() for node in process.nodes.values()]
        self._calls = _grouped((node.called, (process, node)) for process, node in nodes if node.type == "callActivity")
        senders = _grouped((thrown, node) for _, node in nodes if (thrown := _thrown(node)))
        self._sent = {thrown: {name for node in group for name in _data(node)} for thrown, group in senders.items()}
        self._known: dict[str, frozenset[Set]] = {key: frozenset() for key in processes}
        self._hand_on()
        self._by_name = {key: _grouped((one.name, one) for one in known) for key, known in self._known.items()}
        self._types = {key: {name: _type(sets) for name, sets in named.items()} for key, named in self._by_name.items()}

    def seen(self, process: Process, node: Node | None = None) -> Seen:
        """What is seen in a process or subprocess; by an element with a loop, from inside of it."""
        inner: dict[str, str] = _own(node) | self._counted(process, node) if node else {}
        for host in self._hosts(process):
            inner = {**_own(host), **inner}
        found = self._types[self._root(process)]
        return Seen(ChainMap(inner, found) if inner else found, others="" in found)

    def _counted(self, process: Process, node: Node) -> dict[str, str]:
        """What an event at the boundary sees of an activity with several instances."""
        host = process.nodes.get(node.attached_to)
        counted = host is not None and isinstance(host.loop, MultiInstance)
        return {name: "int" for name in COUNTERS if name not in _COUNTED} if counted else {}

    def seen_by_script(self, process: Process, node: Node, script: str) -> Seen:
        """What a script sees, with what nothing but it sets."""
        known, by = self._by_name[self._root(process)], (process.id, node.id, script)
        alone = {one.name for one in self._set_by(process, node) if one.by == by and known.get(one.name) == [one]}
        return replace(self.seen(process, node), alone=frozenset(alone))

    def seen_in_called(self, node: Node) -> Seen:
        """What the process has that a call activity calls."""
        found = self._types.get(node.called, {"": _ANY})
        return Seen(found, others="" in found)

    def check_names(self, process: Process) -> Iterator[Problem]:
        """Variables that are called as Iter's own names are."""
        for node in process.nodes.values():
            names = {one.name for one in self._set_by(process, node)} | _chosen(node)
            names |= _data(node) | {line.target for line in node.inputs}
            if isinstance(node.loop, MultiInstance):
                names.add(node.loop.results)
            for name in sorted(names & (RESERVED | COUNTERS)):
                told = said("'{name}' is Iter's own name.", name=name)
                yield at(process, node, told, said("Choose another variable."))

    def _hand_on(self) -> None:
        """Collect what each process knows. Where everything is mapped, names go on from process to process."""
        for _ in range(2 * MAX_DEPTH):
            before = dict(self._known)
            for process in self._processes.values():
                if not process.parent:
                    self._known[process.id] = frozenset({*self._given(process), *self._set_in(process)})
            if before == self._known:
                return
        self._known = {key: known | {Set()} for key, known in self._known.items()}

    def _root(self, process: Process) -> str:
        while process.parent in self._processes:
            process = self._processes[process.parent]
        return process.id

    def _hosts(self, process: Process) -> Iterator[Node]:
        """The subprocesses around, from the innermost on."""
        while process.parent in self._processes:
            around = self._processes[process.parent]
            if process.id in around.nodes:
                yield around.nodes[process.id]
            process = around

    # What sets names ------------------------------------------------------------------------------------------

    def _given(self, process: Process) -> Iterator[Set]:
        """What an instance begins with."""
        if self._around is None:
            yield Set()
            return
        package = self._around.package
        yield from (Set(name) for name in self._around.started_with.get(process.id, ()))
        for action in package.actions.values():
            if action.process == process.id:
                yield from self._form(action.form)
        if process.id == reopening_process(package):
            yield Set("note", _RECORD)
        for caller, node in self._calls.get(process.id, ()):
            yield from self._handed(caller, node)

    def _handed(self, caller: Process, node: Node) -> Iterator[Set]:
        called = self._processes.get(node.called)
        for line in handed_over(called.takes) if called and node.hands_over else node.inputs:
            if line.everything:
                yield from self._known[self._root(caller)]
                inner = (_own(host) for host in (node, *self._hosts(caller)))
                yield from (
                    Set(name, type_) for names in inner for name, type_ in names.items() if name not in COUNTERS
                )
            elif line.target:
                yield Set(line.target)

    def _given_back(self, node: Node) -> tuple[Mapped, ...]:
        called = self._processes.get(node.called)
        return handed_over(called.gives) if called and node.hands_over else node.outputs

    def _set_in(self, process: Process) -> Iterator[Set]:
        """What a process, with its subprocesses, sets in its own scope."""
        yield from (Set(name) for name in (*process.declared, *(process.takes or ())))
        if process.refused:
            yield Set()
        for node in process.nodes.values():
            inside = set(self._set_by(process, node))
            if node.type == "subProcess" and node.id in self._processes:
                inside |= set(self._set_in(self._processes[node.id]))
            own = _own(node)
            yield from (one for one in inside if one.name not in own or _runs_around(node, one))
            if isinstance(node.loop, MultiInstance) and node.loop.results:
                yield Set(node.loop.results, "list[Any]")

    def _set_by(self, process: Process, node: Node) -> Iterator[Set]:
        for script in filter(None, (node.before, node.script, node.after)):
            try:
                yield from (Set(name, by=(process.id, node.id, script)) for name in names_assigned(script))
            except ExpressionFailed:
                yield Set()
        yield from (Set(name) for name in node.results)
        match node.type:
            case "userTask":
                yield from self._form(node.form)
            case "businessRuleTask":
                yield from self._decision(node)
            case "callActivity":
                for line in self._given_back(node):
                    if line.everything:
                        yield from self._known.get(node.called, (Set(),))
                    else:
                        yield Set(line.target)
            case "receiveTask":
                yield from self._brought(node, node.message, signal=False)
        if node.job:
            yield Set(node.result_variable, _RECORD if node.result_variable else _ANY)
        yield from self._caught(node)

    def _caught(self, node: Node) -> Iterator[Set]:
        match node.event:
            case Message(name) | Signal(name) if node.type in ("startEvent", "intermediateCatchEvent", "boundaryEvent"):
                yield from self._brought(node, name, signal=isinstance(node.event, Signal))
            case Error(_, code, problem):
                yield from (Set(name, "str") for name in (code, problem) if name)
            case Escalation(_, code) if code:
                yield Set(code, "str")
        if isinstance(node.event, Error | Escalation) and node.payload_variable:
            yield Set(node.payload_variable)

    def _form(self, name: str) -> Iterator[Set]:
        """The keys of a form; of one that can't be read, or that isn't known for want of a package, any."""
        if self._around is not None and not name:
            return
        form = self._around.forms.get(name) if self._around else None
        yield from (Set(key, type_) for key, type_ in form.keys.items()) if form else (Set(),)

    def _decision(self, node: Node) -> Iterator[Set]:
        decision = self._around.decisions.get(node.decision) if self._around else None
        if node.result_variable:
            yield Set(node.result_variable, "list[Any]" if decision and decision.collects else _ANY)
        else:
            yield from (Set(output.name) for output in decision.outputs) if decision else (Set(),)

    def _brought(self, node: Node, name: str, *, signal: bool) -> Iterator[Set]:
        """What a message or signal brings: what the package itself sends with it; any name where it sends none."""
        if node.payload_variable:
            yield Set(node.payload_variable)
            return
        thrown = self._sent.get((name, signal))
        by_people = list(self._by_people(name)) if self._around and not signal else []
        yield from (Set(key) for key in thrown or ())
        for sent in by_people:
            yield from sent
        if self._around is None or (thrown is None and not by_people):
            yield Set()

    def _by_people(self, message: str) -> Iterator[Iterator[Set]]:
        """What comes with a message by notes, and by actions."""
        package = cast(Surroundings, self._around).package
        if any(rule.message == message for rule in package.notes):
            yield iter((Set("note", _RECORD),))
        for action in package.actions.values():
            if action.message == message:
                yield self._form(action.form)


def _data(node: Node) -> set[str]:
    """The names that an element sends values under; an empty one stands for any."""
    computed = {""} if node.payload else set[str]()
    mapped = (
        set[str]() if node.type == "callActivity" else {"" if one.everything else one.target for one in node.inputs}
    )
    return computed | mapped | {name.removeprefix("data.") for name in node.properties if name.startswith("data.")}


def _thrown(node: Node) -> tuple[str, bool] | None:
    """What an element throws: its name, and whether it is a signal."""
    if node.type == "sendTask" and node.message:
        return node.message, False
    if node.type in ("intermediateThrowEvent", "endEvent") and isinstance(node.event, Message | Signal):
        return node.event.name, isinstance(node.event, Signal)
    return None


def _own(node: Node) -> dict[str, str]:
    """The names that an element with a loop has inside of it alone."""
    match node.loop:
        case Locals(values=values):
            return dict.fromkeys(values, _ANY)
        case MultiInstance(item=item, result=result):
            return {**dict.fromkeys(filter(None, (item, result)), _ANY), **_COUNTERS}
        case StandardLoop():
            return dict(_COUNTED)
    return {}


def _runs_around(node: Node, one: Set) -> bool:
    """Whether what sets a name runs around the instances of an element, not in each of them."""
    if node.loop is None or isinstance(node.loop, Locals) or node.loop.scripts_inside:
        return False
    return one.by[2:] in ((node.before,), (node.after,))


def _chosen(node: Node) -> set[str]:
    """The names that a diagram gives to what an element with a loop has inside of it."""
    match node.loop:
        case Locals(values=values):
            return set(values)
        case MultiInstance(item=item, result=result):
            return {item, result} - {""}
    return set()


def _type(sets: Iterable[Set]) -> str:
    """The type of a name: one that all who set it agree on."""
    types = {one.type for one in sets}
    return types.pop() if len(types) == 1 else _ANY


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
