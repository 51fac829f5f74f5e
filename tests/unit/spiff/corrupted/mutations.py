"""Stored states with something wrong in them, in all the ways that chance can think of."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

#: what is written in place of something else
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 1.5, 10**17, 10**30, -(10**400), float("nan"), float("inf"), "", "x", "0",
    "00000000", "00000001", "00000002", "99999999", "9" * 18, "9" * 40, "-0000001", "00000001 ", "٠٠٠٠٠٠٠١",
    "\0", "\ud800", "é" * 600, "__import__('os').system('true')", "().__class__.__base__.__subclasses__()", "=1/0",
    "${x}", "2026-03-27", "2026-03-27T15:00:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00",
    "user_task", "scope", "join", "timer", "condition", "message", "signal", "job", "events", "eval",
    [], {}, [[]], [None], {"": ""}, [1, 2, 3], {"process": "p"}, [0] * 5000,
)  # fmt: skip
Path = tuple[str | int, ...]


def corrupted(state: bytes, chance: Random) -> bytes:
    """The state with one thing wrong, or a few."""
    if chance.random() < 0.3:
        return _of_bytes(state, chance)
    stored = json.loads(state)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(_WAYS)(stored, chance)
    return json.dumps(stored, ensure_ascii=chance.random() < 0.5, separators=(",", ":")).encode(errors="surrogatepass")


def _of_bytes(state: bytes, chance: Random) -> bytes:
    at, to = sorted(chance.randrange(len(state)) for _ in range(2))
    return chance.choice([
        state[:at],
        state[at:],
        state[:at] + bytes([chance.randrange(256)]) + state[at + 1 :],
        state[:at] + bytes([state[at] ^ 1 << chance.randrange(8)]) + state[at + 1 :],
        state[:at] + state[min(to, at + 20) :],
        state[:at] + state[at : at + 40] * 2 + state[at + 40 :],
        state.replace(b'"tokens":[', b'"tokens":[],"tokens":[', 1),
        state.replace(b'"variables":{', b'"variables":{"deep":' + b"[" * 5000 + b"]" * 5000 + b",", 1),
        state.replace(b'"variables":{', b'"variables":{"deep":' + b"[" * 200 + b"]" * 200 + b",", 1),
        state.replace(b'"variables":{', b'"variables":{"n":1e999,', 1),
        state.replace(b'"variables":{', b'"variables":{"n":' + b"9" * 5000 + b",", 1),
        state.decode().encode("utf-16"),
        b"",
    ])  # fmt: skip


def _replace(stored: Any, chance: Random) -> None:
    _set(stored, _anywhere(stored, chance), chance.choice(STRANGE))


def _swap(stored: Any, chance: Random) -> None:
    """Two values that stand somewhere change their places: names of other elements, numbers of other tokens."""
    one, other = _anywhere(stored, chance), _anywhere(stored, chance)
    given = json.dumps(_get(stored, one)), json.dumps(_get(stored, other))
    _set(stored, one, json.loads(given[1]))
    _set(stored, other, json.loads(given[0]))


def _delete(stored: Any, chance: Random) -> None:
    *above, last = _anywhere(stored, chance)
    holder = _get(stored, tuple(above))
    if isinstance(holder, dict) or (isinstance(last, int) and last < len(holder)):
        del holder[last]


def _double(stored: Any, chance: Random) -> None:
    *above, last = _anywhere(stored, chance)
    holder = _get(stored, tuple(above))
    if isinstance(holder, list) and holder:
        holder.insert(chance.randrange(len(holder)), json.loads(json.dumps(holder[int(last)])))


def _of_a_token(stored: Any, chance: Random) -> None:
    """One column of a token: what another token has there, or something strange."""
    tokens = [token for scope in _dicts(stored, "scopes") for token in _lists(scope, "tokens")]
    if tokens:
        token, other, column = chance.choice(tokens), chance.choice(tokens), chance.randrange(8)
        if len(token) > column and len(other) > column:
            token[column] = other[column] if chance.random() < 0.6 else chance.choice(STRANGE)


def _of_a_scope(stored: Any, chance: Random) -> None:
    """One thing of a scope: what another scope has there, or something strange."""
    if scopes := _dicts(stored, "scopes"):
        name = chance.choice(("process", "host", "variables", "rounds", "tokens", "conversations", "written"))
        other = chance.choice(scopes).get(name)
        chance.choice(scopes)[name] = json.loads(json.dumps(other)) if chance.random() < 0.6 else chance.choice(STRANGE)


def _of_variables(stored: Any, chance: Random) -> None:
    for scope in _dicts(stored, "scopes"):
        if isinstance(scope.get("variables"), dict):
            names = [*scope["variables"], "ticket", "now", "loopCounter", "", "__class__", "x" * 600, "a b"]
            scope["variables"][chance.choice(names)] = chance.choice(STRANGE)


def _dicts(stored: Any, name: str) -> list[dict[str, Any]]:
    found = stored.get(name) if isinstance(stored, dict) else None
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _lists(scope: dict[str, Any], name: str) -> list[list[Any]]:
    found = scope.get(name)
    return [part for part in found if isinstance(part, list)] if isinstance(found, list) else []


_WAYS: tuple[Callable[[Any, Random], None], ...] = (
    _replace, _swap, _delete, _double, _of_a_token, _of_a_token, _of_a_token, _of_a_scope, _of_variables,
)  # fmt: skip


def _anywhere(stored: Any, chance: Random) -> Path:
    path: Path = ()
    here = stored
    while isinstance(here, dict | list) and here and (not path or chance.random() < 0.85):
        key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
        path, here = (*path, key), here[key]
    return path or ("format",)


def _get(stored: Any, path: Path) -> Any:
    """What stands there; None where nothing does any more."""
    for key in path:
        try:
            stored = stored[key]
        except (KeyError, IndexError, TypeError):
            return None
    return stored


def _set(stored: Any, path: Path, value: Any) -> None:
    holder = _get(stored, path[:-1])
    if isinstance(holder, dict) or (isinstance(holder, list) and isinstance(path[-1], int) and path[-1] < len(holder)):
        holder[path[-1]] = value
