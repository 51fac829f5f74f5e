"""What every part of a step in progress does: number tokens, and keep the effects that they cause."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.domain.effects import Effect
from engine.spiff.running.naming import Names
from engine.spiff.running.tokens import Token, Wait, token_of


class Recording(Names):
    """The tokens and effects of a step."""

    id: str
    #: number of the next token
    counter: int
    effects: list[Effect]
    #: tokens that may run, in the order in which they became ready
    queue: deque[Task]

    def emit(self, task: Task, kind: Callable[..., Effect], **values: Any) -> None:
        """Adds an effect of a token, with its stable id."""
        token, process = token_of(task), task.workflow.spec.process
        token.ordinal += 1
        name = getattr(kind, "kind", "effect")
        self.effects.append(
            kind(
                id=f"{self.id}:{token.number}:{name}:{token.ordinal}",
                token=token.number,
                element=task.task_spec.name,
                process=process.drawn_in or process.id,
                **values,
            )
        )

    def spawn(self, workflow: Any, target: str, flow: str = "", host: int = 0) -> Task:
        """A new token at an element; it hasn't arrived yet."""
        token = Token(number=self.counter, flow=flow, host=host)
        self.counter += 1
        return workflow.add(workflow.spec.task_specs[target], token, TaskState.FUTURE)

    def wait(self, task: Task, what: Wait) -> None:
        """The token stays until an event comes."""
        token_of(task).waits = what
        task._set_state(TaskState.WAITING)
