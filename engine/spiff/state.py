"""The stored form of an instance between two steps: its tokens and variables, nothing of its definitions.

Canonical JSON, so that equal states are equal bytes. What is read back is held against the definitions: a token
that could never have come to rest so is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.spiff.model import Process
from engine.spiff.running.execution import Execution
from engine.spiff.running.moving import MAX_DEPTH
from engine.spiff.running.resting import counts_right, may_rest, scope_of
from engine.spiff.running.tokens import Instance, Scope, token_of
from engine.spiff.stored import DIGITS, FORMAT, MAX_BYTES, StoredScope, StoredState, contradicts, read_state


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


def places(state: bytes, processes: Mapping[str, Process] | None = None) -> list[Place]:
    """Where all tokens of an instance stand, and nothing is run. Raises `CorruptState`.

    `processes`: those that it must be in, where somebody asks them what is there.
    """
    found = [
        Place(token.number, scope.process, element, token.waits, token.host, scope.host)
        for scope in read_state(state).scopes
        for element, token in scope.tokens
    ]
    for place in found if processes is not None else ():
        process = processes.get(place.process) if processes else None
        if process is None or not (place.host or place.element in process.nodes):
            raise contradicts(ValueError(f"element {place.element:.80}"))
    return found


def variables(state: bytes) -> dict[int, dict[str, Any]]:
    """The variables of each scope: {token of the activity around it, 0 for the instance: {name: value}}.

    Raises `CorruptState`.
    """
    return {scope.host: scope.variables for scope in read_state(state).scopes}


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
    restore(read_state(state), execution)


def restore(stored: StoredState, execution: Execution) -> None:
    """Puts a state that was read into a step. Raises `CorruptState`."""
    try:
        _restore(stored, execution)
    except (KeyError, ValueError) as error:
        raise contradicts(error) from error


def _restore(stored: StoredState, execution: Execution) -> None:
    execution.id, execution.business_key = stored.instance, stored.key
    execution.counter, execution.ended = stored.next, stored.ended
    first, *others = stored.scopes
    specs = execution.definitions.specs
    instance = execution.instance = Instance(specs[first.process], execution)
    tokens = _fill(instance, first)
    if first.rounds or instance.spec.process.drawn_in:
        raise ValueError(f"process {first.process:.80}")
    for scope in others:
        parent = tokens[scope.host]
        if scope.process != scope_of(parent.task_spec):
            raise ValueError(f"process {scope.process:.80}")
        inside = Scope(specs[scope.process], parent, instance)
        tokens |= _fill(inside, scope)
        inside.rounds = scope.rounds
        if inside.depth > MAX_DEPTH or not counts_right(inside):
            raise ValueError(f"scope of {scope.host}")


def _fill(workflow: Any, scope: StoredScope) -> dict[int, Task]:
    workflow.variables, workflow.conversations, workflow.written = scope.variables, scope.conversations, scope.written
    tasks = {
        token.number: workflow.add(workflow.spec.task_specs[element], token, TaskState.WAITING)
        for element, token in scope.tokens
    }
    for task in tasks.values():
        if not may_rest(task, tasks.get(token_of(task).host)):
            raise ValueError(f"token {token_of(task).number} at {task.task_spec.name:.80}")
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
    return f"{number:0{DIGITS}}"
