"""One step in progress: what the behaviours in `specs` may ask for and cause.

Holds the values that were handed in (facts, now), collects effects, numbers tokens. Nothing here outlives a step.
One class, because all of it is about the same few tokens: arriving, waiting, leaving, being taken away.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.domain.effects import (
    ClockStarted,
    ClockStopped,
    Effect,
    ElementEntered,
    ElementLeft,
    InstanceEnded,
    JobCancelled,
    MailQueued,
    MessageThrown,
    NoteWritten,
    Outcome,
    SubscriptionClosed,
    SubscriptionOpened,
    TicketChanged,
    TimerCancelled,
    TimerSet,
    UserTaskClosed,
    VariablesChanged,
)
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.domain.storable import LINE
from engine.spiff.decisions import DecisionFailed
from engine.spiff.expressions import ExpressionFailed, Sandbox
from engine.spiff.model import Error, Flow, Message, Node, Process, Timer
from engine.spiff.naming import RESERVED, Names, failing_at
from engine.spiff.timers import due_of, repetitions_of
from engine.spiff.tokens import Instance, Scope, Token, Wait, node_of, token_of

if TYPE_CHECKING:
    from engine.spiff.definitions import Definitions

#: elements that one step may enter; then it is taken for an endless loop
MAX_ELEMENTS = 10_000
#: scopes inside one another: a process that calls itself without end stops here
MAX_DEPTH = 20

_CLOSED: dict[str, Callable[..., Effect]] = {
    "user_task": UserTaskClosed,
    "timer": TimerCancelled,
    "message": SubscriptionClosed,
    "job": JobCancelled,
}


@dataclass
class Execution(Names):
    """A step in progress."""

    definitions: Definitions
    sandbox: Sandbox
    facts: Mapping[str, Any]
    now: datetime
    id: str = ""
    business_key: str = ""
    #: number of the next token
    counter: int = 1
    effects: list[Effect] = field(default_factory=list)
    queue: deque[Task] = field(default_factory=deque)
    entered: int = 0
    #: who completed the user task that this step is about
    by: str = ""
    ended: bool = False
    instance: Instance = field(init=False)

    def __post_init__(self) -> None:
        self.ticket = copy.deepcopy(dict(self.facts.get("ticket", {})))

    # Effects -------------------------------------------------------------------------------------------------

    def emit(self, task: Task, kind: Callable[..., Effect], **values: Any) -> None:
        """Adds an effect of a token, with its stable id."""
        token = token_of(task)
        token.ordinal += 1
        name = getattr(kind, "kind", "effect")
        self.effects.append(
            kind(
                id=f"{self.id}:{token.number}:{name}:{token.ordinal}",
                token=token.number,
                element=task.task_spec.name,
                process=task.workflow.spec.name,
                **values,
            )
        )

    def enter(self, task: Task, why: Mapping[str, Any] | None = None) -> None:
        """A token comes to an element: what the element says of the ticket happens."""
        self.entered += 1
        node = node_of(task)
        if self.entered > MAX_ELEMENTS:
            raise StepFailed(
                node.id,
                said(
                    "More than {max_elements:,} elements in one step: a loop without a wait.", max_elements=MAX_ELEMENTS
                ),
            )
        properties = node.properties
        arrived = task.internal_data.pop("why", None) or why or {}
        self.emit(task, ElementEntered, flow=token_of(task).flow, why=arrived, step=properties.get("step", ""))
        if not properties:
            return
        texts = {"status": properties.get("status", ""), "request_type": properties.get("requestType", "")}
        if changes := {key: self.value(task, text) for key, text in texts.items() if text}:
            self.change_ticket(task, changes)
        self._run_clocks(task, properties)
        if template := properties.get("mail", ""):
            to = str(self.value(task, properties.get("mailTo", "")) or "involved")
            self.emit(task, MailQueued, template=template, to=to, variables=self.variables(task))

    def change_ticket(self, task: Task, fields: Mapping[str, Any]) -> None:
        """Ticket fields get values, and the rest of the step sees them."""
        self.ticket.update(fields)
        self.emit(task, TicketChanged, fields=dict(fields))

    def _run_clocks(self, task: Task, properties: Mapping[str, str]) -> None:
        for goal in properties.get("clockStart", "").split():
            self.emit(task, ClockStarted, goal=goal)
        for name, met in (("clockMeet", True), ("clockStop", False)):
            for goal in properties.get(name, "").split():
                self.emit(task, ClockStopped, goal=goal, met=met)

    # Moving --------------------------------------------------------------------------------------------------

    def spawn(self, workflow: Any, target: str, flow: str = "", host: int = 0) -> Task:
        """A new token at an element; it hasn't arrived yet."""
        token = Token(number=self.counter, flow=flow, host=host)
        self.counter += 1
        return workflow.add(workflow.spec.task_specs[target], token, TaskState.FUTURE)

    def flows_of(self, task: Task) -> list[Flow]:
        """The flows out of the token's element, in the order of the file."""
        process: Process = task.workflow.spec.process
        return [process.flows[flow] for flow in node_of(task).outgoing]

    def leave(self, task: Task) -> None:
        """The element's work is done: fields are set, what was attached is taken away."""
        self.close_attached(task)
        node = node_of(task)
        self._set_fields(task, node)
        if text := str(self.value(task, node.properties.get("note", "")) or "").strip():
            self.emit(task, NoteWritten, text=text, expects=node.properties.get("noteExpects", "nobody"))
        self.emit(task, ElementLeft, outcome="completed")

    def take(self, task: Task, flows: Iterable[tuple[Flow, dict[str, Any]]]) -> None:
        """New tokens go along the flows; without any, this branch ends."""
        workflow = task.workflow
        workflow.drop(task)
        for flow, why in flows:
            child = self.spawn(workflow, flow.target, flow.id)
            child.internal_data["why"] = why
            child.task_spec._update(child)
        self.end_if_empty(workflow)

    def _set_fields(self, task: Task, node: Node) -> None:
        settings = {k.removeprefix("set."): v for k, v in node.properties.items() if k.startswith("set.")}
        if settings:
            names = {**self.names(task), "completed_by": self.by}
            self.change_ticket(task, {field: self.value(task, text, names) for field, text in settings.items()})

    def leave_for(self, gateway: Task, event: Task) -> None:
        """An event gateway is left by the flow to the event that came first."""
        token_of(event).host = 0
        self.leave(gateway)
        gateway.workflow.drop(gateway)

    def end_if_empty(self, workflow: Any) -> None:
        """A scope without tokens is complete, and so is its activity."""
        if any(True for _ in workflow.tokens()):
            return
        if workflow is self.instance:
            self.end("completed")
            return
        parent: Task = workflow.parent
        if self.instance.subprocesses.pop(parent.id, None) is None:
            return
        if node_of(parent).type == "callActivity":
            self.write(parent, self.mapped(parent, node_of(parent).outputs, workflow.variables))
        parent.complete()

    def end(self, outcome: Outcome) -> None:
        """No token is left."""
        if not self.ended:
            self.ended = True
            self.effects.append(
                InstanceEnded(
                    id=f"{self.id}:0:instance_ended:1",
                    token=0,
                    element="",
                    process=self.instance.spec.name,
                    outcome=outcome,
                )
            )

    # Waiting -------------------------------------------------------------------------------------------------

    def wait(self, task: Task, what: Wait) -> None:
        """The token stays until an event comes."""
        token_of(task).waits = what
        task._set_state(TaskState.WAITING)

    def attach(self, host: Task, target: str, flow: str = "") -> Task:
        """A token that listens beside its host: a boundary event, or an event behind a gateway."""
        return self.spawn(host.workflow, target, flow, host=token_of(host).number)

    def attach_boundaries(self, host: Task) -> None:
        """Arms the boundary events of an activity. Errors need no arming: they are looked for when thrown."""
        for node in host.workflow.spec.process.boundaries(node_of(host).id):
            if not isinstance(node.event, Error):
                self.listen(self.attach(host, node.id))

    def listen(self, task: Task) -> None:
        """The token waits for its event's time or message."""
        node = node_of(task)
        if isinstance(node.event, Timer):
            token = token_of(task)
            token.repeat, token.since = repetitions_of(node.event), self.now.isoformat(timespec="microseconds")
            self.set_timer(task)
            return
        name = node.event.name if isinstance(node.event, Message) else node.message
        self.emit(task, SubscriptionOpened, message=name, key=self._key(task))
        self.wait(task, "message")

    def set_timer(self, task: Task) -> None:
        """Sets, or sets again, the token's timer."""
        timer = cast(Timer, node_of(task).event)
        names = self.names(task)
        since = datetime.fromisoformat(token_of(task).since)
        with failing_at(task):
            due = due_of(timer, self.now, since, self.definitions.zone, lambda text: self.evaluate(text, names))
        self.emit(task, TimerSet, due=due)
        self.wait(task, "timer")

    def close(self, task: Task, outcome: Outcome = "cancelled") -> None:
        """The token no longer waits for what it waited for."""
        token = token_of(task)
        if kind := _CLOSED.get(token.waits):
            self.emit(task, kind, **({"outcome": outcome} if token.waits == "user_task" else {}))
        token.waits = ""

    def close_attached(self, host: Task) -> None:
        """Those beside the host stop listening; they were never entered, so they aren't left."""
        number = token_of(host).number
        for other in host.workflow.tokens():
            if token_of(other).host == number:
                self.close(other)
                other.workflow.drop(other)

    def forget(self, task: Task) -> None:
        """A cancelled token goes, with what is inside its scope and what is attached to it."""
        scope = self.instance.subprocesses.pop(task.id, None)
        if scope is not None:
            for inner in list(scope.tokens()):
                if inner.id in scope.tasks and not token_of(inner).host:
                    inner.cancel()
        self.close_attached(task)
        self.close(task)
        if not token_of(task).host:
            self.emit(task, ElementLeft, outcome="cancelled")
        task.workflow.drop(task)

    def join(self, task: Task, consumed: Iterable[Task]) -> None:
        """The tokens at a join become the one of `task`."""
        for other in consumed:
            token_of(other).waits = ""
            if other is not task:
                self.emit(other, ElementLeft, outcome="completed")
                other.workflow.drop(other)

    # Scopes and variables -----------------------------------------------------------------------------------------

    def open_scope(self, task: Task, process_id: str, variables: Mapping[str, Any]) -> None:
        """Starts what is inside a subprocess or call activity."""
        if task.workflow.depth + 1 > MAX_DEPTH:
            raise StepFailed(
                node_of(task).id,
                said("Calls are nested more than {max_depth} deep.", max_depth=MAX_DEPTH),
                token_of(task).number,
            )
        scope = Scope(self.definitions.specs[process_id], task, self.instance)
        scope.variables = dict(copy.deepcopy(variables))
        self.start(scope)

    def start(self, workflow: Any) -> None:
        """A token at the start event."""
        node = workflow.spec.process.start
        task = self.spawn(workflow, node.id)
        task.task_spec._update(task)

    def write(self, task: Task, values: Mapping[str, Any]) -> None:
        """Variables get values: where the name is known already, else in the process."""
        if not values:
            return
        if clash := sorted(RESERVED.intersection(values)):
            raise StepFailed(
                node_of(task).id, said("'{clash}' is Iter's own name and can't be a variable.", clash=clash[0])
            )
        holders = list(self.holders(task.workflow))
        for name, value in values.items():
            next((h for h in holders if name in h), holders[-1])[name] = copy.deepcopy(value)
        self.emit(task, VariablesChanged, variables=dict(copy.deepcopy(values)))

    def guarded(self, task: Task, work: Callable[[], None]) -> bool | None:
        """Does an automatic element's work; its failure reaches an error boundary without a code, else fails."""
        try:
            work()
        except (ExpressionFailed, DecisionFailed) as failure:
            if self.raise_error(task, "", inside=True):
                return None
            raise StepFailed(node_of(task).id, str(failure), token_of(task).number) from failure
        return True

    # Messages and errors -------------------------------------------------------------------------------------

    def throw(self, task: Task, message: str) -> None:
        """A message leaves the instance."""
        names = self.names(task)
        payload = {
            key.removeprefix("data."): self.value(task, text, names)
            for key, text in node_of(task).properties.items()
            if key.startswith("data.")
        }
        self.emit(task, MessageThrown, message=message, key=self._key(task), data=payload)

    def _key(self, task: Task) -> str:
        text = node_of(task).properties.get("correlationKey", "")
        key = str(self.value(task, text)) if text else self.business_key
        if len(key) > LINE:
            told = said(
                "The correlation key has {count:,} characters; at most {line} are compared.", count=len(key), line=LINE
            )
            raise StepFailed(node_of(task).id, told, token_of(task).number)
        return key

    def raise_error(self, task: Task, code: str, inside: bool) -> bool:
        """Sends an error to the innermost boundary that catches it; says whether one did.

        `inside`: the error arose in the activity of `task` itself, so its own boundaries are asked first;
        otherwise in the scope that `task` stands in.
        """
        host, workflow = (task, task.workflow) if inside else (None, task.workflow)
        while True:
            if host is None:
                if workflow is self.instance:
                    return False
                host = workflow.parent
                workflow = host.workflow
            if node := self._catching(host, code):
                self._catch_error(host, node)
                return True
            host = None

    def _catching(self, host: Task, code: str) -> Node | None:
        nodes = [n for n in host.workflow.spec.process.boundaries(node_of(host).id) if isinstance(n.event, Error)]
        exact = [n for n in nodes if code and isinstance(n.event, Error) and n.event.code == code]
        general = [n for n in nodes if isinstance(n.event, Error) and not n.event.code]
        return next(iter(exact + general), None)

    def _catch_error(self, host: Task, node: Node) -> None:
        workflow = host.workflow
        caught = self.spawn(workflow, node.id)
        host.cancel()
        self.happen(caught)

    def happen(self, task: Task) -> None:
        """An event that was waited for is here: the token enters it and goes on."""
        token_of(task).host = 0
        self.enter(task)
        task.complete()
