"""Activities that run more than once: several instances, and loops (BPMN 2.0, 10.3.8 and 13.3.7).

The activity's token opens a scope of its own, in which each instance is a token (`ITEM`) with a scope of its own
again: its item, its counter, its result. Inside that runs the activity as if it had no loop.
An activity that has variables of its own runs so once. Neither scope is drawn,
so neither token leaves a trace in the journal.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.task import Task

from engine.domain.effects import ElementEntered, ElementLeft
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.spiff.expressions import strip
from engine.spiff.model import Locals, Loop, MultiInstance, Node, Process, StandardLoop
from engine.spiff.running.naming import failing_at
from engine.spiff.running.tokens import Rounds, node_of, token_of

if TYPE_CHECKING:
    from engine.spiff.running.execution import Execution

#: how the ids of what isn't drawn end; no XML id has a slash
INSTANCES, ITEM = "/instances", "/item"
#: instances of one activity
MAX_INSTANCES = 1_000


def bodies(process: Process) -> Iterator[Process]:
    """What runs inside the activities of a process that have a loop: the scope of all instances, and that of each."""
    for node in process.nodes.values():
        if node.loop is None:
            continue
        item = Node(id=node.id + ITEM, type="subProcess", name=node.name, line=node.line)
        once = replace(node, loop=None, incoming=(), outgoing=(), default="")
        if not node.loop.scripts_inside:
            once = replace(once, before="", after="")
        for key, inside in ((node.id + INSTANCES, item), (item.id, once)):
            yield Process(id=key, file=process.file, name=node.name, nodes={inside.id: inside}, drawn_in=process.id)


def begin(on: Execution, task: Task, why: Mapping[str, Any]) -> None:
    """The activity's token has come: its instances begin, as many as may at once."""
    node, loop = node_of(task), _loop(task)
    items = _items(on, task, loop) if isinstance(loop, MultiInstance) else []
    counters = {"nrOfInstances": len(items), "nrOfActiveInstances": 0, "nrOfCompletedInstances": 0}
    scope = on.open_scope(task, node.id + INSTANCES, counters if isinstance(loop, MultiInstance) else {})
    scope.rounds = Rounds(items, [None] * len(items))
    at_once = len(items) if isinstance(loop, MultiInstance) and not loop.sequential else 1
    while scope.rounds.begun < at_once and _another(on, task, scope, {}):
        _begin_one(on, scope, token_of(task).flow, why)
    if not scope.rounds.begun:
        on.emit(task, ElementEntered, flow=token_of(task).flow, why=dict(why), step="")
        on.emit(task, ElementLeft, outcome="completed")
        on.end_if_empty(scope)


def end_one(on: Execution, item: Task, inside: Any) -> None:
    """An instance is done, and `inside` were its variables: its result is kept, and the next one may begin."""
    scope = item.workflow
    activity: Task = scope.parent
    loop, rounds = _loop(activity), scope.rounds
    if isinstance(loop, MultiInstance):
        rounds.results[inside.variables["loopCounter"]] = copy.deepcopy(inside.variables.get(loop.result))
        scope.variables["nrOfActiveInstances"] -= 1
        scope.variables["nrOfCompletedInstances"] += 1
        on.changed.update(scope.variables)
        if loop.completion and _holds(on, activity, loop.completion, {**on.names(item), **inside.variables}):
            rounds.items.clear()
            on.clear(scope, but=item)
            return
    if isinstance(loop, StandardLoop) or (isinstance(loop, MultiInstance) and loop.sequential):
        names = {**on.names(item), **inside.variables, "loopCounter": rounds.begun}
        if _another(on, activity, scope, names):
            _begin_one(on, scope, token_of(activity).flow, {})


def give(on: Execution, activity: Task, scope: Any) -> None:
    """All instances are done: the list of their results gets its name."""
    loop = _loop(activity)
    if isinstance(loop, MultiInstance) and loop.results:
        on.write(activity, {loop.results: scope.rounds.results})


def _another(on: Execution, activity: Task, scope: Any, names: Mapping[str, Any]) -> bool:
    """Whether a further instance begins now."""
    loop, begun = _loop(activity), scope.rounds.begun
    if isinstance(loop, MultiInstance):
        return bool(scope.rounds.items)
    if isinstance(loop, Locals):
        return not begun
    if loop.maximum and begun >= loop.maximum:
        return False
    if not loop.condition or (not begun and not loop.test_before):
        return True
    return _holds(on, activity, loop.condition, names or {**on.names(activity), "loopCounter": 0})


def _begin_one(on: Execution, scope: Any, flow: str, why: Mapping[str, Any]) -> None:
    rounds, loop = scope.rounds, _loop(scope.parent)
    variables: dict[str, Any] = {"loopCounter": rounds.begun}
    if isinstance(loop, Locals):
        variables = _own(on, scope.parent, loop)
    if isinstance(loop, MultiInstance):
        own = rounds.items.pop(0)
        given = {name: None for name in (loop.result,) if name} | {name: own for name in (loop.item,) if name}
        variables = given | variables
        scope.variables["nrOfActiveInstances"] += 1
    rounds.begun += 1
    item = on.spawn(scope, node_of(scope.parent).id + ITEM, flow)
    on.wait(item, "scope")
    on.start(on.open_scope(item, item.task_spec.name, variables), flow, why)


def _own(on: Execution, activity: Task, loop: Locals) -> dict[str, Any]:
    """The variables of the activity's own scope; each may be made of those before it."""
    own: dict[str, Any] = {}
    for name, text in loop.values.items():
        own[name] = on.value(activity, text, {**on.names(activity), **own})
    return own


def _items(on: Execution, task: Task, loop: MultiInstance) -> list[Any]:
    """The items of the instances, fixed from now on. Raises `StepFailed` where there can't be so many."""
    names = on.names(task)
    with failing_at(task):
        value = on.evaluate(strip(loop.collection or loop.cardinality), names)
    if loop.collection:
        if not isinstance(value, list):
            raise _wrong(task, said("'{text}' isn't a list: instances need one.", text=loop.collection))
        items = value
    else:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise _wrong(
                task, said("'{text}' isn't a whole number: there can't be so many instances.", text=loop.cardinality)
            )
        items = [None] * min(value, MAX_INSTANCES + 1)
    if len(items) > MAX_INSTANCES:
        raise _wrong(task, said("There are more than {most:,} instances.", most=MAX_INSTANCES))
    return list(items)


def _holds(on: Execution, task: Task, condition: str, names: Mapping[str, Any]) -> bool:
    with failing_at(task):
        return bool(on.evaluate(strip(condition), names))


def _loop(task: Task) -> Loop:
    return cast(Loop, node_of(task).loop)


def _wrong(task: Task, problem: str) -> StepFailed:
    return StepFailed(node_of(task).id, problem, token_of(task).number)
