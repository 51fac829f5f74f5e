"""Tokens: SpiffWorkflow's tasks, numbered by the instance's own counter, in a tree that is always flat.

A finished token leaves the tree at once and its children hang on the root, so that a step costs the same for
ever (compaction). No behaviour of ours looks at ancestors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import UUID

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.model import Node

if TYPE_CHECKING:
    from engine.spiff.compiling import ProcessSpec
    from engine.spiff.running.execution import Execution

Wait = Literal["", "user_task", "timer", "message", "signal", "condition", "job", "join", "scope", "events"]
WAITS: frozenset[str] = frozenset(get_args(Wait)) - {""}


@dataclass(slots=True)
class Token:
    """What we keep of a token beside its place."""

    number: int
    #: flow by which it came
    flow: str = ""
    #: number of the token that it is attached to (boundary events, events behind a gateway); 0 for none. One that
    #: waits to start an event subprocess is attached to nothing but its scope: this is its own number
    host: int = 0
    #: what it waits for
    waits: Wait = ""
    #: how many effects it has had: part of their ids
    ordinal: int = 0
    #: cycle timers: repetitions left, None for no end; conditions: 1 where it held when it was last asked
    repeat: int | None = None
    #: timers: the instant (ISO 8601) from which cycles count
    since: str = ""

    @property
    def starts_handler(self) -> bool:
        """Whether it waits to start an event subprocess."""
        return self.host == self.number


@dataclass(slots=True)
class Rounds:
    """What the instances of an activity keep between them (BPMN 2.0, 10.3.8)."""

    #: the items of instances that are still to come; those of running ones are their variables
    items: list[Any]
    #: what each instance gave, in the order of the items
    results: list[Any]
    #: how many have begun
    begun: int = 0


class RefusingScripts(PythonScriptEngine):  # type: ignore[misc]
    """SpiffWorkflow's own way to evaluate code, shut: every expression goes through the sandbox."""

    def __init__(self) -> None:
        super().__init__(environment=object())

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """Always refuses."""
        raise RuntimeError("Expressions are evaluated in the sandbox only.")

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        """Always refuses."""
        raise RuntimeError("Scripts are executed in the sandbox only.")


class _Flat:
    """What an instance and a scope share: variables, and a tree in which every token is a child of the root."""

    task_tree: Task
    tasks: dict[UUID, Task]
    spec: ProcessSpec
    variables: dict[str, Any]
    #: token number of the activity that the scope belongs to; 0 for the instance
    host: int
    #: where its tokens are the instances of an activity
    rounds: Rounds | None = None
    #: where a called process was handed everything: the names that have got values since
    written: set[str] | None = None
    #: by correlation key: what the messages of its conversation have
    conversations: dict[str, str]

    def plant(self) -> None:
        """Gives the empty workflow its root."""
        number = self.host
        self.task_tree = Task(self, self.spec.start, state=TaskState.COMPLETED, id=UUID(int=(1 << 64) + number))

    def tokens(self) -> Iterator[Task]:
        """The live tokens, in the order in which they were made."""
        root = self.task_tree
        return (task for task in list(self.tasks.values()) if task is not root)

    def holds(self, task: Task) -> bool:
        """Whether the token is still there."""
        return task.id in self.tasks

    def standing(self) -> Iterator[Task]:
        """The tokens that are somewhere: those that only listen beside them, or for the scope, left out."""
        return (task for task in self.tokens() if not token_of(task).host)

    def add(self, spec: Any, token: Token, state: int) -> Task:
        """A new token at an element."""
        task = Task(self, spec, self.task_tree, state=state, id=UUID(int=token.number))
        task.internal_data["token"] = token
        return task

    def drop(self, task: Task) -> None:
        """Takes a token out of the tree."""
        if self.holds(task):
            self.task_tree._children.remove(task.id)
            del self.tasks[task.id]

    def _task_completed_notify(self, task: Task) -> None:
        """SpiffWorkflow calls this when a token has moved on."""
        self.drop(task)

    def update_waiting_tasks(self) -> None:
        """Tokens wait for events alone; nothing is polled."""


class Instance(_Flat, BpmnWorkflow):  # type: ignore[misc]
    """A process instance in memory, for the time of one step."""

    def __init__(self, spec: ProcessSpec, execution: Execution) -> None:
        BpmnWorkflow.__init__(self, spec, script_engine=RefusingScripts(), deserializing=True)
        self.execution, self.variables, self.conversations, self.host = execution, {}, {}, 0
        self.plant()


class Scope(_Flat, BpmnSubWorkflow):  # type: ignore[misc]
    """What runs inside a subprocess or call activity."""

    def __init__(self, spec: ProcessSpec, parent: Task, instance: Instance) -> None:
        self.parent, self._inside = parent, 0 if spec.process.drawn_in else 1
        BpmnSubWorkflow.__init__(self, spec, parent.id, instance, deserializing=True)
        self.variables, self.conversations, self.host = {}, {}, token_of(parent).number
        instance.subprocesses[parent.id] = self
        self.plant()

    def _calculate_depth(self) -> int:
        return int(self.parent.workflow.depth) + self._inside

    @property
    def parent_workflow(self) -> Any:
        """The scope that the activity stands in."""
        return self.parent.workflow


def token_of(task: Task) -> Token:
    """Our part of a SpiffWorkflow task."""
    token: Token = task.internal_data["token"]
    return token


def node_of(task: Task) -> Node:
    """The element that a token is at."""
    node: Node = task.task_spec.node
    return node
