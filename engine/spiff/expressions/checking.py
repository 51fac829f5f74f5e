"""Checks expressions and scripts when a package is deployed: syntax, names, types. All in one batch."""

from __future__ import annotations

import json
import keyword
import textwrap
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from pydantic_monty import MontyError, MontyTypingError

from engine.spiff.expressions.failures import ExpressionFailed, failure_of
from engine.spiff.expressions.reading import Kind, Reading, is_builtin, read
from engine.spiff.expressions.workers import Workers

_HEAD = "from typing import Any\nimport datetime as _iter_datetime\n"
_TYPES = {"ticket": "dict[str, Any]", "now": "_iter_datetime.datetime"}
_HINTS = {"true": "Write True.", "false": "Write False.", "null": "Write None.", "undefined": "Write None."}
#: what the type checker says of names is said better here
_IGNORED_RULES = frozenset({"unresolved-reference", "possibly-unresolved-reference"})


@dataclass(frozen=True)
class Snippet:
    """A text to check, with the names that have a value where it runs."""

    text: str
    kind: Kind = "expression"
    #: declared names, with their Python types where these are known (`{"amount": "float"}`)
    names: Set[str] | Mapping[str, str] = frozenset()
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
    for index, problem in _types(sound, snippets, workers).items():
        problems[index] = problem
    return problems


def _unknown(reading: Reading, snippet: Snippet) -> str | None:
    for name in sorted(reading.names - reading.assigned):
        if name not in snippet.names and name not in ("ticket", "now") and not is_builtin(name):
            hint = _HINTS.get(name, "Nothing that comes before sets it.")
            return f"The name '{name}' has no value here. {hint}"
    for name in sorted(reading.fields if snippet.fields is not None else ()):
        if snippet.fields is not None and name not in snippet.fields:
            return f"A ticket has no field '{name}'."
    return None


def _types(readings: Mapping[int, Reading], snippets: Sequence[Snippet], workers: Workers) -> dict[int, str]:
    if not readings:
        return {}
    functions = {index: _function(index, reading, snippets[index]) for index, reading in readings.items()}
    code, owners = _HEAD, dict.fromkeys(range(_HEAD.count("\n")), -1)
    for index, function in functions.items():
        owners |= dict.fromkeys(range(code.count("\n"), code.count("\n") + function.count("\n")), index)
        code += function
    try:
        workers.check(code, types=True)
    except MontyTypingError as error:
        return _told(error, owners)
    except (MontyError, TimeoutError):
        return _one_by_one(functions, workers)
    return {}


def _told(error: MontyTypingError, owners: Mapping[int, int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for diagnostic in json.loads(error.display()):
        index = owners.get(diagnostic["location"]["row"] - 1, -1)
        if index >= 0 and diagnostic["severity"] == "error" and diagnostic["code"] not in _IGNORED_RULES:
            found.setdefault(index, f"Its types don't fit: {diagnostic['message']}.")
    return found


def _one_by_one(functions: Mapping[int, str], workers: Workers) -> dict[int, str]:
    """Which of the snippets can't be read in the sandbox, though Python can read them."""
    found: dict[int, str] = {}
    for index, function in functions.items():
        try:
            workers.check(_HEAD + function, types=False)
        except (MontyError, TimeoutError) as error:
            found[index] = failure_of(error).problem
    return found


def _function(index: int, reading: Reading, snippet: Snippet) -> str:
    """The snippet as a function of the names that it reads, so that all of them fit into one module."""
    types = dict(snippet.names) if isinstance(snippet.names, Mapping) else {}
    given = sorted(name for name in reading.names if name in snippet.names or name in _TYPES)
    parameters = ", ".join(f"{name}: {types.get(name) or _TYPES.get(name, 'Any')}" for name in given if _fit(name))
    body = f"return ({reading.code})" if reading.kind == "expression" else reading.code
    return f"def _iter_{index}({parameters}):\n{textwrap.indent(body, '    ')}\n"


def _fit(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)
