"""Where a token may stand between two steps, and what it may wait for there: what a stored state is held against."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task

from engine.spiff.model import MultiInstance
from engine.spiff.running import specs
from engine.spiff.running.repeating import INSTANCES
from engine.spiff.running.tokens import node_of, token_of


def may_rest(task: Task, host: Task | None) -> bool:
    """Whether the token can have come to rest so; `host`: the one that it is attached to, None for none."""
    token = token_of(task)
    if token.waits != task.task_spec.rests or not _is_attached(task, host):
        return False
    match token.waits:
        case "join":
            return token.flow in node_of(task).incoming
        case "condition":
            return token.repeat in (0, 1)
        case "timer":
            return token.repeat != 0
    return True


def scope_of(task: Task) -> str:
    """Id of the process that runs inside the activity at which the token stands."""
    node = node_of(task)
    if isinstance(task.task_spec, specs.Repeated):
        return node.id + INSTANCES
    return node.called if isinstance(task.task_spec, specs.CallActivity) else node.id


def counts_right(scope: Any) -> bool:
    """Whether what is counted in a scope of instances, or in that of one of them, can be so."""
    rounds, node, variables = scope.rounds, node_of(scope.parent), scope.variables
    if isinstance(scope.parent.task_spec, specs.Item):
        most = _most(scope.parent.workflow)
        return rounds is None and type(n := variables.get("loopCounter")) is int and 0 <= n < most
    if not isinstance(scope.parent.task_spec, specs.Repeated):
        return rounds is None
    if rounds is None:
        return False
    if not isinstance(node.loop, MultiInstance):
        return bool(rounds.begun) and not (rounds.items or rounds.results)
    counted = [variables.get(f"nrOf{kind}Instances") for kind in ("", "Active", "Completed")]
    return len(rounds.items) + rounds.begun == len(rounds.results) and all(type(n) is int for n in counted)


def _most(scope: Any) -> int:
    """How many instances have begun in the scope of all instances."""
    return int(scope.rounds.begun)


def _is_attached(task: Task, host: Task | None) -> bool:
    node = node_of(task)
    if isinstance(task.task_spec, specs.Trigger):
        return token_of(task).starts_handler
    if host is None or host is task:
        return host is None and not node.attached_to
    if host.task_spec.rests == "events":
        return token_of(task).flow in set(node.incoming).intersection(node_of(host).outgoing)
    return node.attached_to == node_of(host).id
