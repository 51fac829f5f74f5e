"""Checks expressions and scripts when a package is deployed: syntax, names, types. All in one batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from engine.domain.said import said
from engine.spiff.expressions.failures import ExpressionFailed
from engine.spiff.expressions.offered import ATTRIBUTES, FUNCTIONS
from engine.spiff.expressions.reading import Kind, Reading, is_builtin, read
from engine.spiff.expressions.typing import ANY, GIVEN, check_types
from engine.spiff.expressions.workers import Workers

_HINTS = {
    "true": said("Write True."),
    "false": said("Write False."),
    "null": said("Write None."),
    "undefined": said("Write None."),
    "working": said("working(…) stands by itself in a timer."),
    "deadline": said("deadline(…) stands by itself in a timer."),
    "warning": said("warning(…) stands by itself in a timer."),
    "completed_by": said("It is there in set.<field> alone."),
}
_DECLARE = said(
    "Correct it, or let something set it: a form, a script, a mapping. A data object of this id declares it."
)


@dataclass(frozen=True)
class Snippet:
    """A text to check, with the names that have a value where it runs."""

    text: str
    kind: Kind = "expression"
    #: names that something sets, with their Python types (`{"amount": "int"}`); `Any` where these aren't known
    names: Mapping[str, str] = field(default_factory=dict)
    #: whether further names may have a value
    others: bool = True
    #: fields that a ticket of this package has, with their types; None: not known
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a snippet."""

    problem: str
    #: what to do; empty for correcting the text
    remedy: str = ""
    #: doubtful: it looks as if it couldn't work, but something that no file tells may make it so
    verdict: Literal["unreadable", "impossible", "doubtful"] = "impossible"


def check(snippets: Sequence[Snippet], workers: Workers) -> list[Wrong | None]:
    """What is wrong with each snippet, None where nothing is."""
    wrong: dict[int, Wrong] = {}
    readings: dict[int, Reading] = {}
    for index, snippet in enumerate(snippets):
        try:
            readings[index] = read(snippet.text, snippet.kind)
        except ExpressionFailed as failure:
            wrong[index] = Wrong(failure.problem, verdict="unreadable")
        else:
            if found := _unknown(readings[index], snippet):
                wrong[index] = found
    sound = [index for index in readings if index not in wrong or wrong[index].verdict == "doubtful"]
    typed = [(readings[index], _given(readings[index], snippets[index]), snippets[index].fields) for index in sound]
    mistakes, unreadable = check_types(typed, workers)
    wrong |= {sound[position]: Wrong(problem) for position, problem in mistakes.items()}
    wrong |= {sound[position]: Wrong(problem, verdict="unreadable") for position, problem in unreadable.items()}
    return [wrong.get(index) for index in range(len(snippets))]


def _unknown(reading: Reading, snippet: Snippet) -> Wrong | None:
    """What it asks for and nothing has: names, functions, fields of the ticket, parts of values."""
    doubt = None
    for name in sorted(reading.names - reading.assigned):
        if name in GIVEN or name in snippet.names or is_builtin(name):
            continue
        if name in _HINTS:
            return Wrong(said("The name '{name}' has no value here.", name=name), _HINTS[name])
        if name in reading.called:
            near = _near(name, FUNCTIONS)
            return Wrong(said("There is no function '{name}'.", name=name), near)
        near = _near(name, [*GIVEN, *snippet.names])
        if not snippet.others:
            return Wrong(said("Nothing sets '{name}'.", name=name), near or _DECLARE)
        if near:
            doubt = Wrong(said("Nothing in the package sets '{name}'.", name=name), near, "doubtful")
    for name in sorted(reading.fields if snippet.fields is not None else ()):
        if snippet.fields is not None and name not in snippet.fields:
            return Wrong(said("A ticket has no field '{name}'.", name=name), _near(name, snippet.fields))
    for name in sorted(reading.attributes - ATTRIBUTES):
        told = said("No value has a '.{name}' here. What a record holds is written [\"{name}\"].", name=name)
        return Wrong(told, _near(name, ATTRIBUTES))
    return doubt


def _near(name: str, known: Iterable[str]) -> str:
    """A question after the known name that is most like it; empty where none is."""
    found = get_close_matches(name, sorted(known), 1, 0.75) if len(name) > 3 else []
    return said("Did you mean '{name}'?", name=found[0]) if found else ""


def _given(reading: Reading, snippet: Snippet) -> dict[str, str]:
    """The names that get their values from outside. Where any may, a variable may hide one of Python's own.

    A script with a `try` may find out by itself whether what it sets had a value before.
    """
    types = {**snippet.names, **GIVEN}
    any_may = snippet.others or "try:" in reading.code
    return {name: types.get(name, ANY) for name in sorted(reading.names) if any_may or name in types}
