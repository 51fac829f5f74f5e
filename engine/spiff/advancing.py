"""`advance`: one step of a process instance as a pure function. Everything else follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.domain.effects import Effect
from engine.domain.errors import Conflict, StepFailed
from engine.domain.events import (
    Cancelled,
    Event,
    FactsChanged,
    JobCompleted,
    JobFailed,
    MessageReceived,
    SignalReceived,
    Started,
    TimerDue,
    UserTaskCompleted,
    VariablesSet,
)
from engine.domain.said import said
from engine.spiff import state as states
from engine.spiff.definitions import Definitions
from engine.spiff.expressions import Sandbox
from engine.spiff.running.execution import Execution
from engine.spiff.running.gateways import InclusiveGateway
from engine.spiff.running.happening import happened
from engine.spiff.running.tokens import Instance, node_of, token_of

_ToToken = UserTaskCompleted | JobCompleted | JobFailed | TimerDue | MessageReceived | SignalReceived | VariablesSet


@dataclass(frozen=True, slots=True)
class Step:
    """What a step gives: the state to store, and what is to be written beside it."""

    state: bytes
    effects: tuple[Effect, ...]
    ended: bool


def advance(
    definitions: Definitions,
    state: bytes | None,
    event: Event,
    facts: Mapping[str, Any],
    now: datetime,
    sandbox: Sandbox,
) -> Step:
    """Applies one event, and runs on until every token waits.

    `state` is None for `Started` alone; `facts` has the ticket's fields under `ticket`; `now` is aware. The same
    inputs give the same bytes. Raises `StepFailed` (the old state stands), `Conflict` (no token waits for such an
    event), `CorruptState`.
    """
    execution = Execution(definitions, sandbox, facts, now)
    try:
        _take(execution, state, event)
        return Step(states.dump(execution), tuple(execution.effects), execution.ended)
    except StepFailed as failure:
        failure.happened = tuple(execution.effects)
        raise


def _take(execution: Execution, state: bytes | None, event: Event) -> None:
    if isinstance(event, Started):
        _start(execution, event)
    else:
        states.load(state or b"", execution)
        match event:
            case Cancelled():
                execution.clear(execution.instance)
                execution.end("cancelled")
            case FactsChanged():
                execution.changed.add("ticket")
                if execution.definitions.follows_variables:
                    execution.follow({"ticket": None})
            case _:
                _apply(execution, event)
    _run(execution)


def _start(execution: Execution, event: Started) -> None:
    if event.process not in execution.definitions.processes:
        raise StepFailed("", said("There is no process '{process}'.", process=event.process))
    execution.id, execution.business_key = event.instance, event.business_key
    execution.instance = Instance(execution.definitions.specs[event.process], execution)
    execution.instance.variables = dict(event.variables)
    execution.start(execution.instance)


def _apply(execution: Execution, event: _ToToken) -> None:
    task = _find(execution, event.token)
    match event:
        case UserTaskCompleted():
            _expect(task, "user_task")
            execution.by = event.by
            execution.close(task, "completed")
            execution.received(task, event.data)
            task.complete()
        case JobCompleted():
            _expect(task, "job")
            execution.close(task)
            name = node_of(task).result_variable
            execution.write(task, {name: dict(event.result)} if name else event.result)
            task.run()
        case JobFailed():
            _expect(task, "job")
            if not execution.raise_error(task, event.error, event.problem, inside=True):
                raise StepFailed(
                    node_of(task).id, event.problem or said("Error '{error}'.", error=event.error), event.token
                )
        case TimerDue():
            _expect(task, "timer")
            happened(execution, task, {})
        case MessageReceived():
            _expect(task, "message")
            happened(execution, task, event.data)
        case SignalReceived():
            _expect(task, "signal")
            happened(execution, task, event.data)
        case VariablesSet():
            execution.write(task, event.variables)


def _run(execution: Execution) -> None:
    """One token at a time arrives, or does its work, in the order in which they got so far, until all wait."""
    while True:
        _settle(execution)
        while execution.queue:
            task = execution.queue.popleft()
            if _alive(execution, task):
                _move(task)
                _settle(execution)
        if execution.ended or not _join(execution):
            break
    _refuse_standstill(execution)


def _move(task: Task) -> None:
    if task.state == TaskState.FUTURE:
        task._set_state(TaskState.WAITING)  # it has arrived, whatever becomes of it
        task.task_spec._update(task)
    else:
        task.run()


def _settle(execution: Execution) -> None:
    """Conditions are asked, then scopes end that have become empty, one after the other."""
    _ask_conditions(execution)
    while execution.emptied:
        workflow = execution.emptied.popleft()
        if workflow is execution.instance or execution.instance.subprocesses.get(workflow.parent.id) is workflow:
            execution.end_if_empty(workflow)
            _ask_conditions(execution)


def _ask_conditions(execution: Execution) -> None:
    """Conditional events happen as soon as what they read makes them true, before anything else moves."""
    if not execution.definitions.asks_conditions:
        execution.changed.clear()
    while execution.armed or execution.changed:
        for task in execution.to_ask(lambda: _all_tokens(execution)):
            if token_of(task).waits == "condition" and _alive(execution, task) and execution.has_come(task):
                happened(execution, task, {})


def _alive(execution: Execution, task: Task) -> bool:
    """Whether the token is still there, and so is the scope that it stands in."""
    if not task.workflow.holds(task):
        return False
    if task.workflow is execution.instance:
        return True
    return execution.instance.subprocesses.get(task.workflow.parent.id) is task.workflow


def _join(execution: Execution) -> bool:
    """Joins what may, in each scope one; says whether any did."""
    joined: set[int] = set()
    for task in _waiting_joins(execution):
        if id(task.workflow) not in joined and task.workflow.holds(task) and task.task_spec.try_join(task, execution):
            joined.add(id(task.workflow))
    return bool(joined)


def _all_tokens(execution: Execution) -> list[Task]:
    workflows = [execution.instance, *execution.instance.subprocesses.values()]
    return [task for workflow in workflows for task in workflow.tokens()]


def _waiting_joins(execution: Execution) -> list[Task]:
    return [t for t in _all_tokens(execution) if isinstance(t.task_spec, InclusiveGateway) and token_of(t).waits]


def _refuse_standstill(execution: Execution) -> None:
    """Tokens that only wait for one another would wait for ever, unseen."""
    tokens = _all_tokens(execution)
    if tokens and all(token_of(t).waits in ("join", "scope") for t in tokens):
        stuck = next(t for t in tokens if token_of(t).waits == "join")
        node = node_of(stuck)
        raise StepFailed(
            node.id,
            said("'{label}' waits for a branch that can't come any more.", label=node.label),
            token_of(stuck).number,
        )


def _find(execution: Execution, number: int) -> Task:
    for task in _all_tokens(execution):
        if token_of(task).number == number:
            return task
    raise Conflict(said("The process has moved on: nothing waits for this any more."))


def _expect(task: Task, waits: str) -> None:
    if token_of(task).waits != waits:
        raise Conflict(said("'{label}' doesn't wait for this.", label=node_of(task).label))
