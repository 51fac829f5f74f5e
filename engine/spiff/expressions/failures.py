"""What goes wrong in an expression, in a process owner's words. Nothing here evaluates anything."""

from __future__ import annotations

import re

from pydantic_monty import MontyCrashedError, MontyError

from engine.domain.errors import IterError
from engine.domain.said import said

SECONDS = 0.5
MEGABYTES = 64

_QUOTED = re.compile(r"'([^']{1,80})'")
_KINDS = {
    "NoneType": said("an empty value"),
    "str": said("a text"),
    "int": said("a number"),
    "float": said("a number"),
    "bool": said("a yes/no value"),
    "list": said("a list"),
    "dict": said("a record"),
    "datetime.datetime": said("an instant"),
    "datetime": said("an instant"),
    "date": said("a date"),
    "datetime.date": said("a date"),
    "function": said("a function"),
}
#: the same, to begin a sentence
_OWNERS = {
    "NoneType": said("An empty value"),
    "str": said("A text"),
    "int": said("A number"),
    "float": said("A number"),
    "bool": said("A yes/no value"),
    "list": said("A list"),
    "dict": said("A record"),
    "datetime.datetime": said("An instant"),
    "datetime": said("An instant"),
    "date": said("A date"),
    "datetime.date": said("A date"),
    "function": said("A function"),
}
_TEXTS = {
    "ZeroDivisionError": said("It divides by zero."),
    "IndexError": said("A list has fewer items than were asked for."),
    "TimeoutError": said("It takes longer than {seconds} seconds.", seconds=SECONDS),
    "MemoryError": said("It needs more than {megabytes} MB of memory.", megabytes=MEGABYTES),
    "RecursionError": said("It calls itself, or nests values, too deep."),
    "PermissionError": said("Files and the network can't be reached from here."),
    "OSError": said("Files and the network can't be reached from here."),
    "FileNotFoundError": said("Files and the network can't be reached from here."),
    "NotImplementedError": said("It uses a part of Python that can't be used here."),
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
        return ExpressionFailed(
            said("It was stopped: it takes longer than {seconds} seconds, or too much memory.", seconds=SECONDS)
        )
    if not isinstance(error, MontyError):
        return ExpressionFailed(said("Its values, or its result, can't be handed over."))
    inner = error.exception()
    return ExpressionFailed(_in_words(type(inner).__name__, str(inner).splitlines()))


def kind_of(type_: str) -> str:
    """What a type of Python is called, empty for one without a name."""
    return _KINDS.get(type_, "")


def is_not_plain(error: Exception) -> bool:
    """Whether a result was refused because it isn't JSON as it is (it may hold dates)."""
    return isinstance(error, MontyError) and "is not JSON serializable" in str(error)


def _in_words(kind: str, lines: list[str]) -> str:
    message = lines[0][:200] if lines else ""
    name = next(iter(_QUOTED.findall(message)), "")
    match kind:
        case "NameError" | "UnboundLocalError":
            return said("The name '{name}' has no value here.", name=name)
        case "KeyError":
            return said("A record has no '{message}'.", message=message.strip(chr(39))[:80])
        case "AttributeError":
            return _attribute(message)
        case "TypeError" | "ValueError" if "JSON" in message or "Circular" in message:
            return _not_storable(message)
        case "TypeError":
            return said("Values don't fit together: {plain}.", plain=_plain(message))
        case "ModuleNotFoundError" | "ImportError":
            return said("The module '{name}' can't be used here.", name=name)
    return _TEXTS.get(kind) or said("It fails: {message}.", message=message or kind)


def _attribute(message: str) -> str:
    found = _QUOTED.findall(message)
    if len(found) == 2:
        owner, name = found
        hint = said(' Write ["{name}"] for a value inside a record.', name=name) if owner == "dict" else ""
        return said(
            "{owner} has no '{name}'.{hint}", owner=_OWNERS.get(owner, owner.capitalize()), name=name, hint=hint
        )
    return said("It fails: {message}.", message=message)


def _not_storable(message: str) -> str:
    if "Out of range" in message:
        return said("The result is no finite number.")
    if "Circular" in message:
        return said("The result contains itself.")
    kind = re.search(r"type (\S+) is not|not (\w+)$", message)
    what = (kind.group(1) or kind.group(2)) if kind else "something"
    kept = _KINDS.get(what) or said("a {kind}", kind=what)
    return said("The result holds {kind}, which can't be kept as data.", kind=kept)


def _plain(message: str) -> str:
    """The message with the names of types in words."""
    return _QUOTED.sub(lambda found: _KINDS.get(found.group(1), found.group(0)), message).rstrip(".")
