"""When a join may go on. Says only that; what is consumed is the execution's business."""

from __future__ import annotations

from SpiffWorkflow.task import Task

from engine.spiff.model import Process
from engine.spiff.running.tokens import node_of, token_of


def incoming_by_flow(task: Task) -> dict[str, list[Task]]:
    """The tokens that wait at the join of `task`, by the flow they came by, oldest first."""
    waiting: dict[str, list[Task]] = {}
    for other in sorted(task.workflow.tokens(), key=lambda t: token_of(t).number):
        if other.task_spec is task.task_spec and token_of(other).waits == "join":
            waiting.setdefault(token_of(other).flow, []).append(other)
    return waiting


def ready_inclusive(task: Task) -> bool:
    """Whether no token could still come by an empty flow that couldn't come by a filled one (BPMN table 13.3)."""
    process: Process = task.workflow.spec.process
    join = node_of(task)
    filled = set(incoming_by_flow(task))
    sources = [
        node_of(t).id for t in task.workflow.tokens() if t.task_spec is not task.task_spec and not token_of(t).host
    ]
    empty_reach = [upstream(process, flow, join.id) for flow in join.incoming if flow not in filled]
    filled_reach = [upstream(process, flow, join.id) for flow in filled]
    return not any(
        any(source in reach for reach in empty_reach) and not any(source in reach for reach in filled_reach)
        for source in sources
    )


def upstream(process: Process, flow: str, join: str) -> set[str]:
    """The nodes from which a token can reach a flow without passing the join."""
    found: set[str] = set()
    stack = [process.flows[flow].source]
    while stack:
        node_id = stack.pop()
        if node_id in found or node_id == join:
            continue
        found.add(node_id)
        node = process.nodes[node_id]
        stack.extend(process.flows[incoming].source for incoming in node.incoming)
        if node.attached_to:
            stack.append(node.attached_to)
    return found
