"""What goes wrong in an expression, in a process owner's words. Nothing here evaluates anything."""

from __future__ import annotations

import re

from pydantic_monty import MontyCrashedError, MontyError

from engine.domain.errors import IterError

SECONDS = 0.5
MEGABYTES = 64

_QUOTED = re.compile(r"'([^']{1,80})'")
_KINDS = {
    "NoneType": "an empty value",
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "a yes/no value",
    "list": "a list",
    "dict": "a record",
    "datetime.datetime": "an instant",
    "datetime": "an instant",
    "date": "a date",
    "datetime.date": "a date",
    "function": "a function",
}
_TEXTS = {
    "ZeroDivisionError": "It divides by zero.",
    "IndexError": "A list has fewer items than were asked for.",
    "TimeoutError": f"It takes longer than {SECONDS} seconds.",
    "MemoryError": f"It needs more than {MEGABYTES} MB of memory.",
    "RecursionError": "It calls itself, or nests values, too deep.",
    "PermissionError": "Files and the network can't be reached from here.",
    "OSError": "Files and the network can't be reached from here.",
    "FileNotFoundError": "Files and the network can't be reached from here.",
    "NotImplementedError": "It uses a part of Python that can't be used here.",
}


class ExpressionFailed(IterError):
    """An expression or script of a diagram can't be read, or gave no usable value."""

    code = "expression-failed"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def failure_of(error: Exception) -> ExpressionFailed:
    """The failure that an error of the sandbox means."""
    if isinstance(error, MontyCrashedError | TimeoutError):
        return ExpressionFailed(f"It was stopped: it takes longer than {SECONDS} seconds, or too much memory.")
    if not isinstance(error, MontyError):
        return ExpressionFailed("Its values, or its result, can't be handed over.")
    inner = error.exception()
    return ExpressionFailed(_in_words(type(inner).__name__, str(inner).splitlines()))


def is_not_plain(error: Exception) -> bool:
    """Whether a result was refused because it isn't JSON as it is (it may hold dates)."""
    return isinstance(error, MontyError) and "is not JSON serializable" in str(error)


def _in_words(kind: str, lines: list[str]) -> str:
    message = lines[0][:200] if lines else ""
    name = next(iter(_QUOTED.findall(message)), "")
    match kind:
        case "NameError" | "UnboundLocalError":
            return f"The name '{name}' has no value here."
        case "KeyError":
            return f"A record has no '{message.strip(chr(39))[:80]}'."
        case "AttributeError":
            return _attribute(message)
        case "TypeError" | "ValueError" if "JSON" in message or "Circular" in message:
            return _not_storable(message)
        case "TypeError":
            return f"Values don't fit together: {_plain(message)}."
        case "ModuleNotFoundError" | "ImportError":
            return f"The module '{name}' can't be used here."
    return _TEXTS.get(kind) or f"It fails: {message or kind}."


def _attribute(message: str) -> str:
    found = _QUOTED.findall(message)
    if len(found) == 2:
        owner, name = found
        hint = f' Write ["{name}"] for a value inside a record.' if owner == "dict" else ""
        return f"{_KINDS.get(owner, owner).capitalize()} has no '{name}'.{hint}"
    return f"It fails: {message}."


def _not_storable(message: str) -> str:
    if "Out of range" in message:
        return "The result is no finite number."
    if "Circular" in message:
        return "The result contains itself."
    kind = re.search(r"type (\S+) is not|not (\w+)$", message)
    what = (kind.group(1) or kind.group(2)) if kind else "something"
    return f"The result holds {_KINDS.get(what, 'a ' + what)}, which can't be kept as data."


def _plain(message: str) -> str:
    """The message with the names of types in words."""
    return _QUOTED.sub(lambda found: _KINDS.get(found.group(1), found.group(0)), message).rstrip(".")
