"""Every expression, script and timer of a process, for the check that they can be read at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.checking.problems import at
from engine.spiff.expressions import ExpressionFailed, Snippet, strip
from engine.spiff.model import Conditional, Flow, Locals, MultiInstance, Node, Process, StandardLoop, Timer
from engine.spiff.timers import Known, check_timer, expressions_of


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of code of a diagram, with where it stands."""

    process: Process
    place: Node | Flow
    text: str
    kind: Literal["expression", "script"] = "expression"

    def snippet(self, fields: frozenset[str] | None) -> Snippet:
        """What the sandbox checks; `fields` are those of the package's tickets, None where there is no package."""
        return Snippet(self.text, self.kind, fields=fields)

    def problem(self, what: str) -> Problem:
        """The problem at its place."""
        excerpt = " ".join(self.text.split())[:80]
        return Problem(
            self.process.file,
            said("'{excerpt}' can't be read: {what}", excerpt=excerpt, what=what),
            said("Correct the script.") if self.kind == "script" else said("Correct the expression."),
            element=self.place.id,
            label=" ".join(self.place.name.split()),
            line=self.place.line,
        )


def written_in(process: Process) -> Iterator[Written]:
    """All code of a process, in the order of the file."""
    for node in process.nodes.values():
        for text in _expressions(node):
            yield Written(process, node, text)
        yield from (Written(process, node, text, "script") for text in _scripts(node) if text.strip())
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


def _scripts(node: Node) -> Iterator[str]:
    yield from (node.before, node.script, node.after)


def _expressions(node: Node) -> Iterator[str]:
    values = (*node.properties.values(), *node.parameters.values(), *node.results.values(), node.assignee)
    yield from (text[1:] for text in values if text.startswith("="))
    yield from (mapped.source for mapped in (*node.inputs, *node.outputs) if mapped.expression)
    if node.payload:
        yield node.payload
    if node.correlation:
        yield from (*node.correlation.retrieval.values(), *node.correlation.context.values())
    if isinstance(node.event, Timer):
        yield from expressions_of(node.event)
    if isinstance(node.event, Conditional):
        yield _unwrapped(node.event.condition)
    match node.loop:
        case StandardLoop(condition):
            yield from _written(condition)
        case Locals(values=own):
            yield from (text[1:] for text in own.values() if text.startswith("="))
        case MultiInstance() as loop:
            yield from _written(loop.cardinality, loop.collection, loop.completion)


def _written(*texts: str) -> Iterator[str]:
    return (_unwrapped(text) for text in texts if text)


def _unwrapped(condition: str) -> str:
    """The condition without `${…}`; one in another language as it is, so that the check tells what is wrong."""
    try:
        return strip(condition)
    except ExpressionFailed:
        return condition
