"""What any database can hold: texts without NUL or half a surrogate pair, finite numbers, nothing too deep or long."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.said import said

#: characters of a one-line text, of a long one, and of all texts of a record together
LINE = 500
TEXT = 50_000
RECORD = 500_000
MAX_DEPTH = 40
MAX_INTEGER = 2**63 - 1
#: largest value of an INTEGER column on PostgreSQL
MAX_ID = 2**31 - 1


def text_problem(text: Any, longest: int = TEXT, required: bool = True) -> str | None:
    """What is wrong with a text that somebody gave; None where nothing is."""
    if not isinstance(text, str):
        return said("Expected a text.")
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        return said("The text holds a character that can't be stored.")
    if len(text) > longest:
        return said("Expected at most {longest} characters, but got {count}.", longest=longest, count=len(text))
    if required and not text.strip():
        return said("A text is required.")
    return None


def can_be_id(value: Any) -> bool:
    """Whether a value can be a row's number at all; what can't is told like what isn't there."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID


def read_id(text: str) -> int | None:
    """A row's number as it stands in an address or a form; None where the text is no such number."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if can_be_id(number) else None


def can_be_key(value: Any) -> bool:
    """Whether a value can be a row's text key at all; what can't is told like what isn't there."""
    return text_problem(value, LINE) is None


def check_texts(values: Mapping[str, tuple[Any, int, bool]]) -> None:
    """Check several fields at once: {field: (text, longest, required)}. Raises `Invalid` with all that is wrong."""
    problems = {name: text_problem(*given) for name, given in values.items()}
    wrong = {name: [problem] for name, problem in problems.items() if problem}
    if wrong:
        raise Invalid(said("Can't be accepted: {names}.", names=sorted(wrong)), wrong)


def value_problem(value: Any) -> str | None:
    """What keeps a JSON value (dates and instants allowed) from being stored; None where nothing does."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    size = 0
    while waiting:
        item, depth = waiting.pop()
        if depth > MAX_DEPTH:
            return said("The value is nested too deeply.")
        if isinstance(item, Mapping):
            waiting.extend((part, depth + 1) for pair in item.items() for part in pair)
        elif isinstance(item, (list, tuple)):
            waiting.extend((part, depth + 1) for part in item)
        elif isinstance(item, str):
            size += len(item)
            if size > RECORD:
                return said("Expected at most {record} characters.", record=RECORD)
            if problem := text_problem(item, RECORD, required=False):
                return problem
        elif problem := _scalar_problem(item):
            return problem
    return None


def _scalar_problem(item: Any) -> str | None:
    if isinstance(item, float) and not math.isfinite(item):
        return said("Expected a finite number.")
    if isinstance(item, int) and abs(item) > MAX_INTEGER:
        return said("The number is too large.")
    return None if item is None or isinstance(item, (bool, int, float, date)) else said("Expected a JSON value.")


def check_values(values: Any) -> dict[str, Any]:
    """A record that somebody gave, as a dict; every field checked. Raises `Invalid` with all that is wrong."""
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise Invalid(said("Expected a record of named values."))
    problems = {name: value_problem({name: value}) for name, value in values.items()}
    wrong = {_printable(name): [problem] for name, problem in problems.items() if problem}
    if wrong:
        raise Invalid(said("Can't be accepted: {names}.", names=sorted(wrong)), wrong)
    if problem := value_problem(values):
        raise Invalid(problem)
    return dict(values)


def _printable(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()[:100]
