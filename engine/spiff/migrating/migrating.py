"""`migrate`: an instance's stored state as another version of its package goes on with it, or why it can't."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task

from engine.domain.effects import UserTaskOpened
from engine.domain.errors import CorruptState, IterError, StepFailed
from engine.spiff import state as states
from engine.spiff.definitions import Definitions
from engine.spiff.expressions import Sandbox
from engine.spiff.migrating.joining import check_joins
from engine.spiff.migrating.placing import Placed, place
from engine.spiff.migrating.rearming import Rearming
from engine.spiff.migrating.verdicts import Finding, Mapped, Moved, Verdict
from engine.spiff.running.execution import Execution
from engine.spiff.running.specs import UserTask
from engine.spiff.running.tokens import node_of, token_of
from engine.spiff.stored import StoredState, read_state


def migrate(
    old: Definitions,
    new: Definitions,
    state: bytes,
    mapping: Mapped,
    facts: Mapping[str, Any],
    now: datetime,
    sandbox: Sandbox,
) -> Verdict:
    """What becomes of an instance that runs on `old` and is to go on by `new`: by no token's moving on.

    Variables and conversations stay. `mapping` is asked where an element is gone, or has become another kind of
    thing. `facts` and `now` as for `advance`. What an expression fails with is a reason like any other.
    """
    try:
        stored = read_state(state)
        before = Execution(old, sandbox, facts, now)
        states.restore(stored, before)
        placed = place(stored, old, new, mapping)
        if placed.findings:
            return Verdict(tuple(placed.findings))
        return _moved(stored, before, placed, Execution(new, sandbox, facts, now))
    except (CorruptState, StepFailed) as error:
        return Verdict((_failed(error),))


def _moved(stored: StoredState, before: Execution, placed: Placed, on: Execution) -> Verdict:
    scopes = tuple(placed.scopes)
    states.restore(StoredState(stored.instance, stored.key, stored.next, stored.ended, scopes), on)
    if findings := tuple(check_joins(before.instance, on.instance)):
        return Verdict(findings)
    rearming = Rearming(on, before.definitions, placed)
    rearming.settle()
    state = states.dump(on)
    states.load(state, Execution(on.definitions, on.sandbox, on.facts, on.now))
    tasks = [task for scope in (on.instance, *on.instance.subprocesses.values()) for task in scope.tokens()]
    elements = {token_of(task).number: node_of(task).id for task in tasks}
    left = {token: at for token, at in elements.items() if token in placed.stood and placed.stood[token][1] != at}
    opened = tuple(_shown(task, on) for task in tasks if isinstance(task.task_spec, UserTask))
    return Verdict(moved=Moved(state, tuple(on.effects), rearming.since, opened, left))


def _shown(task: Task, on: Execution) -> UserTaskOpened:
    """An open user task, as the new version shows it. Whose it is stays as it was."""
    token, process = token_of(task).number, task.workflow.spec.process
    shown = task.task_spec.shown(task, on)
    return UserTaskOpened(id="", token=token, element=node_of(task).id, process=process.drawn_in or process.id, **shown)


def _failed(error: IterError) -> Finding:
    if not isinstance(error, StepFailed):
        return Finding("impossible", str(error))
    return Finding("impossible", error.problem, element=error.element, label=error.element)
