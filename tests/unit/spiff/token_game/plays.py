"""An instance of which nothing is ever forgotten or stored: what `advance` gives must not depend on either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from SpiffWorkflow.task import Task

from engine.domain.events import Event
from engine.spiff import advancing, state
from engine.spiff.advancing import Step
from engine.spiff.running.execution import Execution
from engine.spiff.running.tokens import Instance, Scope
from tests.unit.spiff.drawing import SANDBOX, Play


class Kept(Play):
    """Stays in memory from step to step, with all tokens that it ever had in its tree: uncompacted."""

    execution: Execution | None = None

    def send(self, event: Event) -> Step:
        first = self.execution is None
        execution = self.execution or Execution(self.definitions, SANDBOX, self.facts, self.now)
        execution.effects, execution.now, execution.entered, execution.by = [], self.now, 0, ""
        with uncompacted():
            if first:
                advancing._start(execution, event)  # type: ignore[arg-type]
            else:
                advancing._apply(execution, event)  # type: ignore[arg-type]
            advancing._run(execution)
            self.execution, self.state = execution, state.dump(execution)
        self.effects += execution.effects
        self.ended = execution.ended
        return Step(self.state, tuple(execution.effects), self.ended)


def uncompacted() -> Any:
    """Within it, finished tokens stay in the tree."""

    def drop(self: Any, task: Task) -> None:
        task.internal_data["gone"] = True

    def holds(self: Any, task: Task) -> bool:
        return "gone" not in task.internal_data

    def tokens(self: Any) -> Iterator[Task]:
        return (task for task in list(self.tasks.values()) if task is not self.task_tree and self.holds(task))

    kinds = Instance.__mro__[1]
    assert kinds is Scope.__mro__[1]
    return patch.multiple(kinds, drop=drop, holds=holds, tokens=tokens)
