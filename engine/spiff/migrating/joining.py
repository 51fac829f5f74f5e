"""Joins in the new version: whether the tokens that stand there, or come there, still make sense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.domain.said import said
from engine.spiff.migrating.verdicts import Finding
from engine.spiff.model import Node
from engine.spiff.running.gateways import InclusiveGateway
from engine.spiff.running.joins import incoming_by_flow, ready_inclusive, upstream
from engine.spiff.running.tokens import Instance, node_of, token_of


def check_joins(before: Instance, after: Instance) -> Iterator[Finding]:
    """What joins would do that they didn't before: wait for ever, or go on by the move itself.

    `before`, `after`: the instance in the old and in the new version.
    """
    scopes = {token_of(scope.parent).number: scope for scope in before.subprocesses.values()}
    for workflow in (after, *after.subprocesses.values()):
        earlier = before if workflow is after else scopes[workflow.host]
        starved = {node.id for node in _starved(earlier)}
        for node in _starved(workflow):
            if node.id not in starved:
                told = said("'{label}' would wait for a branch that this ticket never began.", label=node.label)
                yield Finding("impossible", told, workflow.spec.process.id, node.id, node.label)
        for node in _complete(workflow):
            told = said("Nothing is missing any more at '{label}': it would go on by the move.", label=node.label)
            yield Finding("impossible", told, workflow.spec.process.id, node.id, node.label)


def _complete(workflow: Any) -> Iterator[Node]:
    """The joins that have all that they wait for."""
    waiting = {task.task_spec.node.id: task for task in workflow.standing() if token_of(task).waits == "join"}
    for task in waiting.values():
        node = node_of(task)
        if isinstance(task.task_spec, InclusiveGateway):
            complete = ready_inclusive(task)
        else:
            complete = incoming_by_flow(task).keys() >= set(node.incoming)
        if complete:
            yield node


def _starved(workflow: Any) -> Iterator[Node]:
    """The parallel joins that have tokens, or get some, and can't get those of another flow."""
    process = workflow.spec.process
    places = [(node_of(task).id, token_of(task)) for task in workflow.standing()]
    for node in process.nodes.values():
        if node.type != "parallelGateway" or len(node.incoming) < 2:
            continue
        filled = {token.flow for element, token in places if element == node.id}
        sources = {element for element, _ in places if element != node.id}
        coming = {flow for flow in node.incoming if not sources.isdisjoint(upstream(process, flow, node.id))}
        if filled | coming and not (filled | coming).issuperset(node.incoming):
            yield node
