"""Checks expressions and scripts when a package is deployed: syntax, names, types. All in one batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain
from typing import Literal

from engine.domain.said import said
from engine.spiff.expressions.failures import ExpressionFailed
from engine.spiff.expressions.offered import ATTRIBUTES, FUNCTIONS
from engine.spiff.expressions.reading import OFFHAND, Kind, Reading, is_builtin, read, read_first
from engine.spiff.expressions.typing import ANY, GIVEN, check_types
from engine.spiff.expressions.workers import Workers

#: after so many snippets in a row that are wrong, nothing is guessed any more: it takes time
MAX_GUESSES = 20

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
    #: of these, what nothing but the script itself sets
    alone: frozenset[str] = frozenset()
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


def check(snippets: Sequence[Snippet], workers: Workers) -> list[list[Wrong]]:
    """All that is wrong with each snippet."""
    wrong: list[list[Wrong]] = []
    readings: dict[int, Reading] = {}
    for index, snippet in enumerate(snippets):
        try:
            readings[index] = read(snippet.text, snippet.kind)
        except ExpressionFailed as failure:
            wrong.append([Wrong(failure.problem, verdict="unreadable")])
        else:
            guesses = sum(map(bool, wrong[-MAX_GUESSES:])) < MAX_GUESSES
            wrong.append(list(_unknown(readings[index], snippet, guesses=guesses)))
    places = list(readings)
    typed = [(readings[index], _given(readings[index], snippets[index]), snippets[index].fields) for index in places]
    mistakes, unreadable = check_types(typed, workers)
    for position, problems in mistakes.items():
        wrong[places[position]] += (Wrong(problem) for problem in problems)
    for position, problem in unreadable.items():
        wrong[places[position]].append(Wrong(problem, verdict="unreadable"))
    return wrong


def _unknown(reading: Reading, snippet: Snippet, *, guesses: bool) -> Iterator[Wrong]:
    """What it asks for and nothing has: names, functions, fields of the ticket, parts of values."""

    def near(name: str, *known: Iterable[str]) -> str:
        return _near(name, chain(*known)) if guesses else ""

    there = GIVEN.keys() | OFFHAND.keys()
    asked = (name for name in reading.names - reading.assigned - there if name not in snippet.names)
    for name in sorted(asked):
        if name in _HINTS:
            yield Wrong(said("The name '{name}' has no value here.", name=name), _HINTS[name])
        elif name in reading.called:
            yield Wrong(said("There is no function '{name}'.", name=name), near(name, FUNCTIONS))
        elif not is_builtin(name):
            yield from _unset(name, snippet, near(name, GIVEN, snippet.names))
    own = snippet.alone | (reading.assigned - snippet.names.keys())
    for name in sorted(read_first(reading) & (reading.tools if snippet.others else reading.tools | own)):
        yield Wrong(said("It reads '{variable}' before anything sets it.", variable=name))
    fields = snippet.fields
    for name in sorted(reading.fields - fields.keys() if fields is not None else ()):
        yield Wrong(said("A ticket has no field '{name}'.", name=name), near(name, fields or ()))
    yield from _asked_of_types(reading, snippet)
    for name in sorted(reading.attributes - ATTRIBUTES):
        told = said("No value has a '.{name}' here. What a record holds is written [\"{name}\"].", name=name)
        yield Wrong(told, near(name, ATTRIBUTES))


def _asked_of_types(reading: Reading, snippet: Snippet) -> Iterator[Wrong]:
    """`str.lower` for `lambda text: text.lower()`: types have nothing but themselves in the sandbox."""
    for name in sorted(reading.unbound):
        kind, _, asked = name.partition(".")
        if kind not in snippet.names.keys() | reading.assigned:
            told = said("'{name}' can't be used here.", name=name)
            yield Wrong(told, said("Ask the value for it: lambda value: value.{asked}().", asked=asked))


def _unset(name: str, snippet: Snippet, meant: str) -> Iterator[Wrong]:
    """A variable that nothing known sets; `meant` asks after one that something does."""
    if not snippet.others:
        yield Wrong(said("Nothing sets '{name}'.", name=name), meant or _DECLARE)
    elif meant:
        yield Wrong(said("Nothing in the package sets '{name}'.", name=name), meant, "doubtful")


def _near(name: str, known: Iterable[str]) -> str:
    """A question after the known name that is most like it; empty where none is."""
    if len(name) < 4:
        return ""
    like = {one for one in known if abs(len(one) - len(name)) < 3 and (one[:1] == name[0] or one[-1:] == name[-1])}
    found = get_close_matches(name, sorted(like), 1, 0.75)
    return said("Did you mean '{name}'?", name=found[0]) if found else ""


def _given(reading: Reading, snippet: Snippet) -> dict[str, str]:
    """The names that get their values from outside. Where any may, a variable may hide one of Python's own."""
    offhand = dict.fromkeys(OFFHAND, ANY)
    known = {
        name: GIVEN.get(name) or snippet.names.get(name) or offhand.get(name, "") for name in sorted(reading.names)
    }
    return {name: type_ or ANY for name, type_ in known.items() if type_ or snippet.others}
