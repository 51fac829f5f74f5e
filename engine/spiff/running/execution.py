"""One step in progress: what the behaviours in `specs` may ask for and cause.

Holds the values that were handed in (facts, now) and what the step has caused so far. Nothing here outlives a step.
What tokens do is in layers: `recording` their effects, `listening` for events, `moving`; here: what they throw.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from engine.domain.effects import Effect, MessageThrown, SignalThrown
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.spiff.decisions import DecisionFailed
from engine.spiff.expressions import ExpressionFailed, Sandbox
from engine.spiff.model import Error, Escalation, Node, Thrown
from engine.spiff.running.moving import Moving
from engine.spiff.running.naming import failing_at
from engine.spiff.running.tokens import Instance, node_of, token_of

if TYPE_CHECKING:
    from engine.spiff.definitions import Definitions


@dataclass(frozen=True, slots=True)
class Catcher:
    """Who catches what was thrown: a boundary event of `host`, else an event subprocess of the scope `workflow`."""

    node: Node
    workflow: Any
    host: Task | None = None
    #: the event subprocess
    handler: str = ""


@dataclass
class Execution(Moving):
    """A step in progress."""

    definitions: Definitions
    sandbox: Sandbox
    facts: Mapping[str, Any]
    now: datetime
    id: str = ""
    business_key: str = ""
    counter: int = 1
    effects: list[Effect] = field(default_factory=list)
    queue: deque[Task] = field(default_factory=deque)
    armed: list[Task] = field(default_factory=list)
    emptied: deque[Any] = field(default_factory=deque)
    readers: dict[str, list[Task]] | None = None
    changed: set[str] = field(default_factory=set)
    entered: int = 0
    evaluating: float = 0.0
    by: str = ""
    ended: bool = False
    instance: Instance = field(init=False)

    def __post_init__(self) -> None:
        self.ticket = copy.deepcopy(dict(self.facts.get("ticket", {})))

    def throw(self, task: Task, message: str) -> None:
        """A message leaves the instance."""
        payload = self._payload(task)
        self.emit(task, MessageThrown, message=message, key=self.thrown_key(task, payload), data=payload)

    def broadcast(self, task: Task, signal: str) -> None:
        """A signal leaves the instance, for all who wait for it."""
        self.emit(task, SignalThrown, signal=signal, data=self._payload(task))

    def _payload(self, task: Task) -> dict[str, Any]:
        node, names = node_of(task), self.names(task)
        whole = self.thrown_value(task) if node.payload else {}
        if not isinstance(whole, dict):
            told = said("What '{label}' sends isn't a record.", label=node.label)
            raise StepFailed(node.id, told, token_of(task).number)
        texts = {k.removeprefix("data."): text for k, text in node.properties.items() if k.startswith("data.")}
        return whole | self.mapped(task, node.inputs, names) | self.values(task, texts, names)

    def thrown_value(self, task: Task) -> Any:
        """What an element says of the payload of what it throws; None where it says nothing."""
        with failing_at(task):
            text = node_of(task).payload
            return self.evaluate(text, self.names(task)) if text else None

    def run_before(self, task: Task) -> bool:
        """Runs the script before an element's work; False where its failure took the token away."""
        return self._run_script(task, node_of(task).before)

    def run_after(self, task: Task) -> bool:
        """Gives variables what the element's results are; runs the script after its work.

        False where a failure took the token away.
        """
        node = node_of(task)
        if node.results and node.loop is None and not self.guarded(task, lambda: self.write(task, self._results(task))):
            return False
        return self._run_script(task, node.after)

    def _results(self, task: Task) -> dict[str, Any]:
        return self.computed(node_of(task).results, self.names(task))

    def _run_script(self, task: Task, script: str) -> bool:
        if not script.strip() or not _runs_scripts(task):
            return True
        return bool(self.guarded(task, lambda: self.write(task, self.execute(task, script))))

    def guarded(self, task: Task, work: Callable[[], None]) -> bool | None:
        """Does an automatic element's work; its failure reaches an error event without a code, else fails."""
        try:
            work()
        except (ExpressionFailed, DecisionFailed) as failure:
            if self.raise_error(task, "", str(failure), inside=True):
                return None
            raise StepFailed(node_of(task).id, str(failure), token_of(task).number) from failure
        return True

    def raise_error(self, task: Task, code: str, problem: str = "", payload: Any = None, *, inside: bool) -> bool:
        """Sends an error to the innermost event that catches it; says whether one did.

        `inside`: the error arose in the activity of `task` itself, so its own boundaries are asked first;
        otherwise in the scope that `task` stands in.
        """
        catcher = next(self._catching(task, Error, code, inside=inside), None)
        if catcher is None:
            return False
        event = catcher.node.event
        data = {event.code_variable: code, event.problem_variable: problem} if isinstance(event, Error) else {}
        self._catch(catcher, {name: value for name, value in data.items() if name} | _told(catcher, payload))
        return True

    def escalate(self, task: Task, code: str) -> None:
        """Sends an escalation to the innermost event that catches it; where none does, nothing happens."""
        payload = self.thrown_value(task)
        catcher = next(self._catching(task, Escalation, code, inside=False), None)
        if catcher is not None:
            event = catcher.node.event
            name = event.code_variable if isinstance(event, Escalation) else ""
            if catcher.node.interrupting:  # the branch ends by it: the event is done before
                if not self.run_after(task):
                    return
                self.leave(task)
                task.workflow.drop(task)
            self._catch(catcher, ({name: code} if name else {}) | _told(catcher, payload))

    def _catch(self, catcher: Catcher, data: Mapping[str, Any]) -> None:
        interrupting = catcher.node.interrupting
        if catcher.host is None:
            self.start_handler(catcher.workflow, catcher.handler, data, interrupting=interrupting)
            return
        caught = self.spawn(catcher.workflow, catcher.node.id)
        if interrupting:
            self.remove(catcher.host)
        self.write(caught, data)
        self.happen(caught)

    def _catching(self, task: Task, kind: type[Thrown], code: str, *, inside: bool) -> Iterator[Catcher]:
        """Who catches it, from the innermost on: boundaries of an activity, then handlers of the scope around it."""
        host, workflow = task if inside else None, task.workflow
        while True:
            if host is not None:
                nodes = workflow.spec.process.boundaries(node_of(host).id)
                yield from (Catcher(node, workflow, host) for node in _matching(nodes, kind, code))
            if not is_interrupted(workflow):
                owners = {trigger.node.id: trigger.handler for trigger in workflow.spec.triggers}
                nodes = (trigger.node for trigger in workflow.spec.triggers)
                yield from (Catcher(node, workflow, handler=owners[node.id]) for node in _matching(nodes, kind, code))
            if workflow is self.instance:
                return
            host = workflow.parent
            workflow = host.workflow


def _told(catcher: Catcher, payload: Any) -> dict[str, Any]:
    """The payload under the name that the catching event has for it."""
    name = catcher.node.payload_variable
    return {name: payload} if name else {}


def _runs_scripts(task: Task) -> bool:
    """Of an activity that repeats, the scripts around it run once, unless it says that each instance has its own."""
    loop = node_of(task).loop
    return loop is None or not loop.scripts_inside


def _matching(nodes: Any, kind: type[Thrown], code: str) -> list[Node]:
    """The events that catch the code; those that name it before those that catch every one."""
    events = [(node, node.event) for node in nodes if isinstance(node.event, kind)]
    exact = [node for node, event in events if code and event.code == code]
    return exact + [node for node, event in events if not event.code]


def is_interrupted(workflow: Any) -> bool:
    """Whether an interrupting event subprocess runs in place of the scope: then no other one starts (BPMN 13.5.4)."""
    interrupting = {trigger.handler for trigger in workflow.spec.triggers if trigger.node.interrupting}
    return any(node_of(task).id in interrupting for task in workflow.standing())
