"""Reads JSON that any database and any later reader can hold: what doesn't fit is refused here, at the edge.

Refused: bytes that aren't UTF-8, keys twice, NaN and Infinity, numbers beyond 64 bits, lone surrogates, NUL,
nesting deeper than `MAX_DEPTH` (RFC 8259 leaves all of them to the reader).
"""

from __future__ import annotations

import json
import math
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.said import said

MAX_DEPTH = 40
MAX_INTEGER = 2**63 - 1


class Unreadable(Invalid):
    """The bytes aren't JSON that Iter takes. Its text says why."""

    code = "malformed"


def read_json(content: bytes) -> Any:
    """The value that the bytes hold. Raises `Unreadable`."""
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_integer,
        )
    except RecursionError:
        raise Unreadable(said("The JSON is nested too deeply.")) from None
    except UnicodeDecodeError:
        raise Unreadable(said("The body isn't UTF-8 text.")) from None
    except json.JSONDecodeError as error:
        raise Unreadable(said("The body isn't JSON: {error}.", error=error)) from None
    _check(value)
    return value


def storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, part in pairs:
        if key in value:
            raise Unreadable(said("The JSON holds the key {name} twice in one object.", name=f"{key[:60]!a}"))
        value[key] = part
    return value


def _no_constant(name: str) -> Any:
    raise Unreadable(said("{name} isn't a JSON number.", name=name))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable(said("The JSON holds a number that is too large."))
    return number


def _integer(text: str) -> int:
    if len(text) > 20 or abs(int(text)) > MAX_INTEGER:
        raise Unreadable(said("The JSON holds a number that is too large."))
    return int(text)


def _check(value: Any) -> None:
    """Looks at every text and at the depth, without recursion."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise Unreadable(said("The JSON is nested too deeply."))
        if isinstance(item, str) and not storable(item):
            raise Unreadable(said("The JSON holds a text with \\u0000 or half of a surrogate pair."))
        if isinstance(item, dict):
            waiting.extend((part, depth + 1) for pair in item.items() for part in pair)
        elif isinstance(item, list):
            waiting.extend((part, depth + 1) for part in item)
