"""An event has come for a token that listened for it: what that means depends on what it is attached to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task

from engine.spiff.running.execution import Execution
from engine.spiff.running.gateways import EventGateway
from engine.spiff.running.tokens import node_of, token_of


def happened(execution: Execution, task: Task, data: Mapping[str, Any]) -> None:
    """The event that a token listened for has come, with data that become variables."""
    if token_of(task).starts_handler:
        _handler(execution, task, data)
        return
    host = next((t for t in task.workflow.tokens() if token_of(t).number == token_of(task).host), None)
    if host is None:
        execution.close(task)
        execution.received(task, data)
        task.complete()
    elif isinstance(host.task_spec, EventGateway):
        execution.leave_for(host, task)
        execution.close(task)
        execution.received(task, data)
        execution.happen(task)
    elif node_of(task).interrupting:
        execution.close(task)
        token_of(task).host = 0
        host.cancel()
        execution.received(task, data)
        execution.happen(task)
    else:
        _listen_again(execution, task)
        branch = execution.spawn(task.workflow, node_of(task).id)
        execution.received(branch, data)
        execution.happen(branch)


def _handler(execution: Execution, task: Task, data: Mapping[str, Any]) -> None:
    """An event subprocess starts: one that doesn't interrupt as often as its event comes (BPMN 13.5.4)."""
    workflow, interrupting = task.workflow, node_of(task).interrupting
    values = execution.taken(task, data)
    if not interrupting:
        _listen_again(execution, task)
    execution.start_handler(workflow, task.task_spec.handler, values, interrupting=interrupting)


def _listen_again(execution: Execution, task: Task) -> None:
    """What doesn't interrupt goes on listening; a timer only while it has repetitions left."""
    token = token_of(task)
    if token.waits != "timer":
        return
    execution.close(task)
    token.repeat = None if token.repeat is None else token.repeat - 1
    if token.repeat is None or token.repeat > 0:
        execution.set_timer(task)
    else:
        task.workflow.drop(task)
