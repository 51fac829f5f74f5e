"""Every expression, script and timer of a process, with what is seen where it stands."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Literal
from zoneinfo import ZoneInfo

from engine.domain.errors import Problem
from engine.domain.said import Said, said
from engine.spiff.checking.problems import at
from engine.spiff.checking.variables import Seen, Variables
from engine.spiff.decisions import Decision
from engine.spiff.expressions import ExpressionFailed, Kind, Snippet, Wrong, strip
from engine.spiff.model import Conditional, Flow, Locals, Mapped, MultiInstance, Node, Process, StandardLoop, Timer
from engine.spiff.timers import Known, check_timer, expressions_of

#: from where the names are seen: at the element, from inside of its loop; around it; in the process that it calls;
#: in what a message holds
Where = Literal["inside", "around", "called", "payload"]


_VERDICTS = {
    "unreadable": said("'{excerpt}' can't be read: {what}"),
    "impossible": said("'{excerpt}' can't work: {what}"),
    "doubtful": said("'{excerpt}' may fail: {what}"),
}
_ASKED = said("The decision '{decision}' asks for '{excerpt}'. {what}")


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of code of a diagram, with where it stands."""

    process: Process
    place: Node | Flow
    text: str
    kind: Kind = "expression"
    where: Where = "inside"
    #: names that exist there alone
    more: tuple[str, ...] = ()
    #: the decision that asks for the name
    decision: str = ""

    def snippet(self, variables: Variables, fields: Mapping[str, str] | None) -> Snippet:
        """What the sandbox checks; `fields` are those of the package's tickets, None where there is no package."""
        seen = self._seen(variables)
        names = ChainMap(dict.fromkeys(self.more, "str"), seen.types) if self.more else seen.types
        return Snippet(self.text, self.kind, names, seen.others, seen.alone, fields)

    def _seen(self, variables: Variables) -> Seen:
        match self.place:
            case Node() if self.where == "payload":
                return Seen({}, others=True)
            case Node() as node if self.where == "called":
                return variables.seen_in_called(node)
            case Node() as node if self.kind == "script":
                return variables.seen_by_script(self.process, node, self.text)
            case Node() as node if self.where == "inside":
                return variables.seen(self.process, node)
        return variables.seen(self.process)

    def problem(self, wrong: Wrong) -> Problem:
        """The problem at its place."""
        told = {"excerpt": " ".join(self.text.split())[:80], "what": wrong.problem}
        correct = said("Correct the script.") if self.kind == "script" else said("Correct the expression.")
        return Problem(
            self.process.file,
            Said(_ASKED.key, {**told, "decision": self.decision})
            if self.decision
            else Said(_VERDICTS[wrong.verdict].key, told),
            wrong.remedy or correct,
            element=self.place.id,
            label=" ".join(self.place.name.split()),
            line=self.place.line,
            severity="warning" if wrong.verdict == "doubtful" else "error",
        )


def written_in(process: Process, decisions: Mapping[str, Decision]) -> Iterator[Written]:
    """All code of a process, in the order of the file; with the names that its decisions ask for."""
    for node in process.nodes.values():
        yield from _at(process, node)
        if node.type == "businessRuleTask" and node.decision in decisions:
            decision = decisions[node.decision]
            yield from (Written(process, node, name, decision=decision.title) for name in _asked(decision))
    for flow in process.flows.values():
        if flow.condition:
            yield Written(process, flow, _unwrapped(flow.condition))


def check_timers(process: Process, zone: ZoneInfo, goals: Known = None, calendars: Known = None) -> Iterator[Problem]:
    """Timers that name no time, or an unknown goal or calendar."""
    for node in process.nodes.values():
        if not isinstance(node.event, Timer):
            continue
        if wrong := check_timer(node.event, zone, goals, calendars):
            yield at(
                process,
                node,
                said("The timer '{text}' can't be used: {wrong}", text=node.event.text[:80], wrong=wrong),
                said("See Timers in the docs."),
            )


def _at(process: Process, node: Node) -> Iterator[Written]:
    for name, text in node.properties.items():
        if text.startswith("="):
            yield Written(process, node, text[1:], more=("completed_by",) if name.startswith("set.") else ())
    own = node.loop.values.values() if isinstance(node.loop, Locals) else ()
    values = (*node.parameters.values(), *node.results.values(), node.assignee, *own)
    yield from (Written(process, node, text[1:]) for text in values if text.startswith("="))
    yield from (Written(process, node, text) for text in _mapped(node.inputs))
    yield from (Written(process, node, text, where="called") for text in _mapped(node.outputs))
    yield from _of_messages(process, node)
    yield from _of_events(process, node)
    yield from _of_loops(process, node)
    scripts = (node.before, node.script, node.after)
    yield from (Written(process, node, script, "script") for script in scripts if script.strip())


def _of_messages(process: Process, node: Node) -> Iterator[Written]:
    if node.payload:
        yield Written(process, node, node.payload)
    if node.correlation:
        yield from (Written(process, node, text) for text in node.correlation.context.values() if text)
        yield from (Written(process, node, text, where="payload") for text in node.correlation.retrieval.values())


def _of_events(process: Process, node: Node) -> Iterator[Written]:
    match node.event:
        case Timer() as timer:
            yield from (Written(process, node, text) for text in expressions_of(timer))
        case Conditional(condition):
            yield Written(process, node, _unwrapped(condition))


def _of_loops(process: Process, node: Node) -> Iterator[Written]:
    match node.loop:
        case StandardLoop(condition) if condition:
            yield Written(process, node, _unwrapped(condition))
        case MultiInstance() as loop:
            around = (text for text in (loop.cardinality, loop.collection) if text)
            yield from (Written(process, node, _unwrapped(text), where="around") for text in around)
            if loop.completion:
                yield Written(process, node, _unwrapped(loop.completion))


def _mapped(lines: Iterable[Mapped]) -> Iterator[str]:
    """The expressions and names that a mapping takes its values from."""
    return (line.source for line in lines if line.expression or line.source.isidentifier())


def _asked(decision: Decision) -> Iterator[str]:
    """The names that a decision, and those that it requires, ask for; with a dot the ticket's fields."""
    answered: set[str] = set()
    for one in (*decision.required, decision):
        for path in sorted(one.paths):
            if path[0] not in answered and all(name.isidentifier() and not iskeyword(name) for name in path):
                yield ".".join(path[:2]) if path[0] == "ticket" else path[0]
        answered |= {one.id, *one.aliases}


def _unwrapped(condition: str) -> str:
    """The condition without `${…}`; one in another language as it is, so that the check tells what is wrong."""
    try:
        return strip(condition)
    except ExpressionFailed:
        return condition
