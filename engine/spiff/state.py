"""The stored form of an instance between two steps: its tokens and variables, nothing of its definitions.

Canonical JSON, so that equal states are equal bytes. It is data: an unknown version or a contradiction is
refused, and nothing in it is ever evaluated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.domain.errors import CorruptState, StepFailed
from engine.domain.said import said
from engine.spiff.running.execution import Execution
from engine.spiff.running.tokens import Instance, Rounds, Scope, Token, token_of

FORMAT = 3
#: formats that can be read: in the first one, no activity had several instances; in the second, there were no
#: conversations, and called processes didn't know which variables they had set
_READ = (1, 2, 3)
#: bytes; states are small, and one larger than this is neither written nor read
MAX_BYTES = 8_000_000
#: that a token's number has at least
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stands, as a stored state says."""

    token: int
    #: id of the process or subprocess that the element stands in
    process: str
    element: str
    #: what the token waits for: `engine.spiff.running.tokens.Wait`
    waits: str
    #: token that it is attached to (boundary events, events behind a gateway); 0 for none
    host: int
    #: token of the activity around it; 0 in the instance's own process
    scope: int


def places(state: bytes) -> list[Place]:
    """Where all tokens of an instance stand; nothing is run, no definitions are needed. Raises `CorruptState`."""
    stored = _parsed(state)
    try:
        return [
            Place(_number(number), str(scope["process"]), str(element), str(waits), _number(host), int(scope["host"]))
            for scope in stored["scopes"]
            for number, element, _flow, host, waits, *_rest in scope["tokens"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorruptState(said("The stored state contradicts itself: {error}", error=f"{error!r}")) from error


def variables(state: bytes) -> dict[int, dict[str, Any]]:
    """The variables of each scope: {token of the activity around it, 0 for the instance: {name: value}}.

    Raises `CorruptState`.
    """
    stored = _parsed(state)
    try:
        return {_number(scope["host"]): dict(scope["variables"]) for scope in stored["scopes"]}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorruptState(said("The stored state contradicts itself: {error}", error=f"{error!r}")) from error


def dump(execution: Execution) -> bytes:
    """The state of a step that has come to rest. Raises `StepFailed` where it is too large to be read again."""
    instance = execution.instance
    scopes = [instance, *sorted(instance.subprocesses.values(), key=lambda scope: int(scope.host))]
    state = json.dumps(
        {
            "format": FORMAT,
            "instance": execution.id,
            "key": execution.business_key,
            "next": _fixed(execution.counter),
            "ended": execution.ended,
            "scopes": [_scope(scope) for scope in scopes],
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode()
    if len(state) > MAX_BYTES:
        raise StepFailed("", said("The variables have grown larger than {max_bytes:,} bytes.", max_bytes=MAX_BYTES))
    return state


def load(state: bytes, execution: Execution) -> None:
    """Puts a stored state into a step. Raises `CorruptState`."""
    stored = _parsed(state)
    try:
        _restore(stored, execution)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorruptState(
            said("The stored state contradicts itself or its definitions: {error}", error=f"{error!r}")
        ) from error


def _parsed(state: bytes) -> dict[str, Any]:
    if len(state) > MAX_BYTES:
        raise CorruptState(said("The stored state has {count:,} bytes.", count=len(state)))
    try:
        stored = json.loads(state)
    except (ValueError, RecursionError) as error:
        raise CorruptState(said("The stored state isn't JSON.")) from error
    version = stored.get("format") if isinstance(stored, dict) else None
    if version not in _READ:
        raise CorruptState(
            said(
                "The stored state has the format {version}; this version of Iter reads {format}.",
                version=f"{version!r}",
                format=FORMAT,
            )
        )
    return dict(stored)


def _restore(stored: dict[str, Any], execution: Execution) -> None:
    execution.id, execution.business_key = str(stored["instance"]), str(stored["key"])
    execution.counter, execution.ended = _number(stored["next"]), stored["ended"] is True
    first, *others = stored["scopes"]
    specs = execution.definitions.specs
    instance = execution.instance = Instance(specs[first["process"]], execution)
    tokens = _fill(instance, first)
    for scope in others:
        parent = tokens[_number(scope["host"])]
        inside = Scope(specs[scope["process"]], parent, instance)
        tokens |= _fill(inside, scope)
        if rounds := scope.get("rounds"):
            items, results, begun = rounds
            inside.rounds = Rounds(list(items), list(results), int(begun))


def _fill(workflow: Any, scope: dict[str, Any]) -> dict[int, Any]:
    workflow.variables = dict(scope["variables"])
    workflow.conversations = {str(key): str(value) for key, value in scope.get("conversations", {}).items()}
    workflow.written = {str(name) for name in scope["written"]} if "written" in scope else None
    tasks = {}
    for text, element, flow, host, waits, ordinal, repeat, since in scope["tokens"]:
        number = _number(text)
        if not (number > 0 and isinstance(ordinal, int) and number not in tasks):
            raise ValueError(f"token {number!r}")
        token = Token(number, str(flow), _number(host), waits, ordinal, repeat, str(since))
        tasks[number] = workflow.add(workflow.spec.task_specs[element], token, TaskState.WAITING)
    return tasks


def _scope(workflow: Any) -> dict[str, Any]:
    rounds = workflow.rounds
    return {
        **({"rounds": [rounds.items, rounds.results, rounds.begun]} if rounds else {}),
        **({"written": sorted(workflow.written)} if workflow.written is not None else {}),
        **({"conversations": workflow.conversations} if workflow.conversations else {}),
        "process": workflow.spec.name,
        "host": _fixed(workflow.host),
        "variables": workflow.variables,
        "tokens": list(_tokens(workflow)),
    }


def _tokens(workflow: Any) -> Iterable[list[Any]]:
    for task in workflow.tokens():
        token = token_of(task)
        number, host = _fixed(token.number), _fixed(token.host)
        yield [number, task.task_spec.name, token.flow, host, token.waits, token.ordinal, token.repeat, token.since]


def _fixed(number: int) -> str:
    """A token's number, as long for the millionth as for the first: the turns of a loop don't make a state grow."""
    return f"{number:0{_DIGITS}}"


def _number(text: Any) -> int:
    if not (isinstance(text, str) and len(text) >= _DIGITS and text.isascii() and text.isdigit()):
        raise ValueError(f"number {text!r}")
    return int(text)
