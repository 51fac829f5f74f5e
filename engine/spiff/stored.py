"""A stored state, read as data: every value checked before anything is done with it. What it runs isn't known here.

Nothing in it is ever evaluated; what contradicts itself is refused.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from engine.domain.errors import CorruptState
from engine.domain.said import said
from engine.domain.storable import LINE, MAX_INTEGER
from engine.spiff.running.tokens import WAITS, Rounds, Token

FORMAT = 3
#: formats that can be read: in the first one, no activity had several instances; in the second, there were no
#: conversations, and called processes didn't know which variables they had set
_READ = (1, 2, 3)
#: bytes; states are small, and one larger than this is neither written nor read
MAX_BYTES = 8_000_000
#: that a token's number has at least, and at most
DIGITS, _MOST_DIGITS = 8, 18
_MOST_NUMBERS = 10**17
#: values inside one another in what is stored: those that come from outside, and from expressions, have half as many
_MAX_DEPTH = 80
#: an escaped NUL, or half of a surrogate pair: no text that was accepted holds one
_UNSTORABLE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?:0000|[dD][89a-fA-F])")


@dataclass(frozen=True, slots=True)
class StoredScope:
    """A scope: what runs in it, its variables, its tokens."""

    process: str
    #: token of the activity around it; 0 for the instance
    host: int
    variables: dict[str, Any]
    #: each with the id of the element that it is at
    tokens: tuple[tuple[str, Token], ...]
    rounds: Rounds | None
    #: by correlation key: what the messages of its conversation have
    conversations: dict[str, str]
    #: of a called process that was handed everything: the names that have got values since
    written: set[str] | None


@dataclass(frozen=True, slots=True)
class StoredState:
    """A state that doesn't contradict itself."""

    instance: str
    key: str
    #: number of the next token
    next: int
    ended: bool
    #: those outside before those inside of them; the instance's own is the first
    scopes: tuple[StoredScope, ...]


def read_state(state: bytes) -> StoredState:
    """The stored state of an instance. Raises `CorruptState`."""
    if len(state) > MAX_BYTES:
        raise CorruptState(said("The stored state has {count:,} bytes.", count=len(state)))
    try:
        text = state.decode()
        stored = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise CorruptState(said("The stored state isn't JSON.")) from error
    version = stored.get("format") if isinstance(stored, dict) else None
    if type(version) is not int or version not in _READ:
        raise CorruptState(
            said(
                "The stored state has the format {version}; this version of Iter reads {format}.",
                version=f"{version!r:.80}",
                format=FORMAT,
            )
        )
    try:
        if not _storable(text, stored):
            raise ValueError("values")
        ended = stored["ended"]
        if not isinstance(ended, bool):
            raise ValueError("ended")
        scopes = tuple(map(_scope, stored["scopes"]))
        numbered = number(stored["next"])
        return _checked(StoredState(_text(stored["instance"]), _text(stored["key"]), numbered, ended, scopes))
    except (KeyError, TypeError, ValueError) as error:
        raise contradicts(error) from error


def contradicts(error: Exception) -> CorruptState:
    """What a contradiction in a stored state is told as."""
    return CorruptState(
        said("The stored state contradicts itself or its definitions: {error}", error=f"{error!r:.200}")
    )


def number(text: Any) -> int:
    """A token's number as it is stored. Raises `ValueError`."""
    if isinstance(text, str) and DIGITS <= len(text) <= _MOST_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    raise ValueError(f"number {text!r:.80}")


def _checked(state: StoredState) -> StoredState:
    """The state, if its scopes and tokens fit together: so that nobody who reads it walks in a circle."""
    open_scopes = {0: 1}
    numbers: set[int] = set()
    for scope in state.scopes:
        depth = open_scopes.pop(scope.host)
        tokens = [token for _, token in scope.tokens]
        own = {token.number for token in tokens}
        fits = (
            depth < _MAX_DEPTH
            and len(own) == len(tokens)
            and own.isdisjoint(numbers)
            and all(0 < token.number < state.next and (token.host in own or not token.host) for token in tokens)
            and state.ended is not any(not token.host for token in tokens)
        )
        if not fits:
            raise ValueError(f"scope of {scope.host}")
        numbers |= own
        open_scopes |= {token.number: depth + 1 for token in tokens if token.waits == "scope"}
    if open_scopes or (state.ended and numbers) or state.next > _MOST_NUMBERS:
        raise ValueError("scopes and tokens")
    return state


def _scope(stored: Any) -> StoredScope:
    process, variables, tokens = stored["process"], stored["variables"], stored["tokens"]
    if not (isinstance(process, str) and isinstance(variables, dict) and isinstance(tokens, list)):
        raise ValueError("scope")
    rounds = _rounds(stored["rounds"]) if "rounds" in stored else None
    conversations = {_string(key): _text(value) for key, value in dict(stored.get("conversations", {})).items()}
    written = {_string(name) for name in stored["written"]} if "written" in stored else None
    own = tuple(map(_token, tokens))
    return StoredScope(process, number(stored["host"]), variables, own, rounds, conversations, written)


def _token(stored: Any) -> tuple[str, Token]:
    own, element, flow, host, waits, ordinal, repeat, since = stored
    if not (isinstance(element, str) and isinstance(waits, str) and waits in WAITS):
        raise ValueError(f"token {own!r:.80}")
    left = None if repeat is None else _count(repeat)
    token = Token(number(own), _string(flow), number(host), waits, _count(ordinal), left, _text(since))  # type: ignore[arg-type]
    if waits == "timer" and datetime.fromisoformat(token.since).tzinfo is None:
        raise ValueError(f"time {since!r:.80}")
    return element, token


def _rounds(stored: Any) -> Rounds:
    items, results, begun = stored
    if not (isinstance(items, list) and isinstance(results, list)):
        raise ValueError("rounds")
    return Rounds(items, results, _count(begun))


def _count(value: Any) -> int:
    if type(value) is int and 0 <= value <= MAX_INTEGER:
        return value
    raise ValueError(f"count {value!r:.80}")


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"text {value!r:.80}")


def _text(value: Any) -> str:
    if isinstance(value, str) and len(value) <= LINE:
        return value
    raise ValueError(f"text {value!r:.80}")


def _storable(text: str, stored: Any) -> bool:
    """Whether a database can hold all values again. Looks close only where there is something to be seen."""
    levels = text.count("[") + text.count("{")
    return not ("\\u" in text and _UNSTORABLE.search(text)) and (levels < _MAX_DEPTH or _is_flat(stored, _MAX_DEPTH))


def _is_flat(value: Any, levels: int) -> bool:
    return levels > 0 and all(_is_flat(part, levels - 1) for part in _parts(value) if isinstance(part, dict | list))


def _parts(value: Any) -> Iterator[Any]:
    return iter(value.values() if isinstance(value, dict) else value)


def _finite(text: str) -> float:
    if not math.isfinite(float(text)):
        raise ValueError("a number that is too large")
    return float(text)


def _constant(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_constant)
