"""Checks expressions and scripts when a package is deployed: syntax, names, types. All in one batch."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from pydantic_monty import MontyError, MontyTypingError

from engine.domain.said import said
from engine.spiff.expressions.failures import ExpressionFailed, failure_of
from engine.spiff.expressions.reading import Kind, Reading, is_builtin, read
from engine.spiff.expressions.workers import Workers

_HEAD = "from typing import Any\nimport datetime as _iter_datetime\n"
_TYPES = {"ticket": "dict[str, Any]", "now": "_iter_datetime.datetime"}
_HINTS = {
    "true": said("Write True."),
    "false": said("Write False."),
    "null": said("Write None."),
    "undefined": said("Write None."),
}
#: what the type checker says of names is said better here
_IGNORED_RULES = frozenset({"unresolved-reference", "possibly-unresolved-reference"})


@dataclass(frozen=True)
class Snippet:
    """A text to check, with the names that have a value where it runs."""

    text: str
    kind: Kind = "expression"
    #: declared names, with their Python types where these are known (`{"amount": "float"}`); None: any may exist
    names: Set[str] | Mapping[str, str] | None = None
    #: fields that a ticket of this package has; None: not known
    fields: Set[str] | None = field(default=None)


def check(snippets: Sequence[Snippet], workers: Workers) -> list[str | None]:
    """What is wrong with each snippet, None where nothing is."""
    problems: list[str | None] = []
    readings: dict[int, Reading] = {}
    for index, snippet in enumerate(snippets):
        try:
            reading = read(snippet.text, snippet.kind)
            problems.append(_unknown(reading, snippet))
            readings[index] = reading
        except ExpressionFailed as failure:
            problems.append(failure.problem)
    sound = {index: reading for index, reading in readings.items() if problems[index] is None}
    for index, problem in _in_sandbox(sound, snippets, workers).items():
        problems[index] = problem
    return problems


def _unknown(reading: Reading, snippet: Snippet) -> str | None:
    for name in sorted(reading.names - reading.assigned):
        if not _exists(name, snippet):
            hint = _HINTS.get(name, said("Nothing that comes before sets it."))
            return said("The name '{name}' has no value here. {hint}", name=name, hint=hint)
    for name in sorted(reading.fields if snippet.fields is not None else ()):
        if snippet.fields is not None and name not in snippet.fields:
            return said("A ticket has no field '{name}'.", name=name)
    return None


def _exists(name: str, snippet: Snippet) -> bool:
    if name in _TYPES or is_builtin(name):
        return True
    return name not in _HINTS if snippet.names is None else name in snippet.names


def _in_sandbox(readings: Mapping[int, Reading], snippets: Sequence[Snippet], workers: Workers) -> dict[int, str]:
    """What the sandbox says of texts that Python can read: types that don't fit, parts of Python that it lacks."""
    functions = {index: _function(index, reading, snippets[index]) for index, reading in readings.items()}
    found = _types(functions, workers)
    return found | _unreadable({index: text for index, text in functions.items() if index not in found}, workers)


def _types(functions: Mapping[int, str], workers: Workers) -> dict[int, str]:
    code, owners = _HEAD, dict.fromkeys(range(_HEAD.count("\n")), -1)
    for index, function in functions.items():
        owners |= dict.fromkeys(range(code.count("\n"), code.count("\n") + function.count("\n")), index)
        code += function
    try:
        workers.check(code, types=True)
    except MontyTypingError as error:
        return _told(error, owners)
    except (MontyError, TimeoutError):  # told by _unreadable
        return {}
    return {}


def _told(error: MontyTypingError, owners: Mapping[int, int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for diagnostic in json.loads(error.display()):
        index = owners.get(diagnostic["location"]["row"] - 1, -1)
        if index >= 0 and diagnostic["severity"] == "error" and diagnostic["code"] not in _IGNORED_RULES:
            found.setdefault(index, said("Its types don't fit: {message}.", message=diagnostic["message"]))
    return found


def _unreadable(functions: Mapping[int, str], workers: Workers) -> dict[int, str]:
    if not functions or _failure(_HEAD + "".join(functions.values()), workers) is None:
        return {}
    failures = {index: _failure(_HEAD + function, workers) for index, function in functions.items()}
    return {index: problem for index, problem in failures.items() if problem is not None}


def _failure(code: str, workers: Workers) -> str | None:
    try:
        workers.check(code, types=False)
    except (MontyError, TimeoutError) as error:
        return failure_of(error).problem
    return None


def _function(index: int, reading: Reading, snippet: Snippet) -> str:
    """The snippet as a function of the names that it reads, so that all of them fit into one module."""
    types = dict(snippet.names) if isinstance(snippet.names, Mapping) else {}
    given = sorted(name for name in reading.names if _is_given(name, snippet))
    parameters = ", ".join(f"{name}: {types.get(name) or _TYPES.get(name, 'Any')}" for name in given)
    body = f"return ({reading.code})" if reading.kind == "expression" else reading.code
    return f"def _iter_{index}({parameters}):\n{textwrap.indent(body, '    ')}\n"


def _is_given(name: str, snippet: Snippet) -> bool:
    """Whether a value comes from outside. Where the names aren't known, a variable may hide one of Python's own."""
    return snippet.names is None or name in snippet.names or name in _TYPES
