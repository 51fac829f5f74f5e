"""Where a token may stand between two steps, and what it may wait for there: what a stored state is held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task

from engine.spiff.model import Loop, MultiInstance
from engine.spiff.running import specs
from engine.spiff.running.repeating import INSTANCES
from engine.spiff.running.tokens import Rounds, node_of, token_of


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


def scope_of(spec: specs.Element) -> str:
    """Id of the process that runs inside an activity at which a token waits for it."""
    if isinstance(spec, specs.Repeated):
        return spec.node.id + INSTANCES
    return spec.node.called if isinstance(spec, specs.CallActivity) else spec.node.id


def counts_right(scope: Any) -> bool:
    """Whether what is counted in a scope of instances, or in that of one of them, can be so."""
    spec, variables = scope.parent.task_spec, scope.variables
    if isinstance(spec, specs.Repeated):
        return scope.rounds is not None and _adds_up(scope.rounds, node_of(scope.parent).loop, variables)
    if isinstance(spec, specs.Item) and isinstance(node_of(scope.parent.workflow.parent).loop, MultiInstance):
        number = variables.get("loopCounter")
        return scope.rounds is None and type(number) is int and 0 <= number < scope.parent.workflow.rounds.begun
    return scope.rounds is None


def _adds_up(rounds: Rounds, loop: Loop | None, variables: Mapping[str, Any]) -> bool:
    if not isinstance(loop, MultiInstance):
        return not (rounds.items or rounds.results)
    counted = [variables.get(f"nrOf{kind}Instances") for kind in ("", "Active", "Completed")]
    return len(rounds.items) + rounds.begun == len(rounds.results) and all(type(n) is int for n in counted)


def _is_attached(task: Task, host: Task | None) -> bool:
    node = node_of(task)
    if isinstance(task.task_spec, specs.Trigger):
        return token_of(task).starts_handler
    if host is None or host is task:
        return host is None and not node.attached_to
    if host.task_spec.rests == "events":
        return token_of(task).flow in set(node.incoming).intersection(node_of(host).outgoing)
    return node.attached_to == node_of(host).id
