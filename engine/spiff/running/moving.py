"""Tokens on their way: they enter elements and leave them, open scopes and close them, and give variables values."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.domain.effects import (
    ClockStarted,
    ClockStopped,
    ElementEntered,
    ElementLeft,
    InstanceEnded,
    MailQueued,
    NoteWritten,
    Outcome,
    TicketChanged,
    VariablesChanged,
)
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.domain.storable import value_problem
from engine.spiff.model import Flow, Node, Process
from engine.spiff.running.listening import Listening
from engine.spiff.running.naming import COUNTERS, RESERVED
from engine.spiff.running.tokens import Scope, node_of, token_of

#: elements that one step may enter; then it is taken for an endless loop
MAX_ELEMENTS = 10_000
#: scopes inside one another: a process that calls itself without end stops here
MAX_DEPTH = 20


class Moving(Listening):
    """The part of a step that moves tokens."""

    #: how many elements were entered
    entered: int
    #: who completed the user task that this step is about
    by: str
    ended: bool
    #: scopes in which a branch has ended: they end when conditions were asked and nothing stands there
    emptied: deque[Any]

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
        if task.task_spec.silent:
            return
        arrived = task.internal_data.pop("why", None) or why or {}
        self.emit(task, ElementEntered, flow=token_of(task).flow, why=arrived, step=properties.get("step", ""))
        if not properties:
            return
        texts = {"status": properties.get("status", ""), "request_type": properties.get("requestType", "")}
        if changes := self.values(task, {key: text for key, text in texts.items() if text}):
            self.change_ticket(task, changes)
        self._run_clocks(task, properties)
        if template := properties.get("mail", ""):
            to = str(self.value(task, properties.get("mailTo", "")) or "involved")
            self.emit(task, MailQueued, template=template, to=to, variables=self.variables(task))

    def change_ticket(self, task: Task, fields: Mapping[str, Any]) -> None:
        """Ticket fields get values, and the rest of the step sees them."""
        self.ticket.update(fields)
        self.changed.add("ticket")
        self.emit(task, TicketChanged, fields=dict(fields))
        if self.definitions.follows_variables:
            self.follow({"ticket": None})

    def _run_clocks(self, task: Task, properties: Mapping[str, str]) -> None:
        for goal in properties.get("clockStart", "").split():
            self.emit(task, ClockStarted, goal=goal)
        for name, met in (("clockMeet", True), ("clockStop", False)):
            for goal in properties.get(name, "").split():
                self.emit(task, ClockStopped, goal=goal, met=met)

    # Moving --------------------------------------------------------------------------------------------------

    def flows_of(self, task: Task) -> list[Flow]:
        """The flows out of the token's element, in the order of the file."""
        process: Process = task.workflow.spec.process
        return [process.flows[flow] for flow in node_of(task).outgoing]

    def leave(self, task: Task) -> None:
        """The element's work is done: fields are set, what was attached is taken away."""
        self.close_attached(task)
        if task.task_spec.silent:
            return
        node = node_of(task)
        self._set_fields(task, node)
        if text := str(self.value(task, node.properties.get("note", "")) or "").strip():
            self.emit(task, NoteWritten, text=text, expects=node.properties.get("noteExpects", "nobody"))
        self.emit(task, ElementLeft, outcome="completed")

    def take(self, task: Task, flows: Iterable[tuple[Flow, dict[str, Any]]]) -> None:
        """New tokens go along the flows, and arrive when all of them are there; without any, this branch ends."""
        workflow = task.workflow
        workflow.drop(task)
        for flow, why in flows:
            child = self.spawn(workflow, flow.target, flow.id)
            child.internal_data["why"] = why
            self.queue.append(child)
        self.emptied.append(workflow)

    def _set_fields(self, task: Task, node: Node) -> None:
        settings = {k.removeprefix("set."): v for k, v in node.properties.items() if k.startswith("set.")}
        if settings:
            names = {**self.names(task), "completed_by": self.by}
            self.change_ticket(task, self.values(task, settings, names))

    def leave_for(self, gateway: Task, event: Task) -> None:
        """An event gateway is left by the flow to the event that came first."""
        token_of(event).host = 0
        self.leave(gateway)
        gateway.workflow.drop(gateway)

    def end_if_empty(self, workflow: Any) -> None:
        """A scope in which no token stands is complete, and so is its activity. Nobody listens for it any more."""
        if any(True for _ in workflow.standing()):
            return
        self.close_handlers(workflow)
        if workflow is self.instance:
            self.end("completed")
            return
        parent: Task = workflow.parent
        if self.instance.subprocesses.pop(parent.id, None) is None:
            return
        parent.task_spec.take_back(parent, self, workflow)
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

    def forget(self, task: Task) -> None:
        """A cancelled token goes, with what is inside its scope and what is attached to it."""
        scope = self.instance.subprocesses.pop(task.id, None)
        if scope is not None:
            self.clear(scope)
        self.close_attached(task)
        self.close(task)
        if not (token_of(task).host or task.task_spec.silent):
            self.emit(task, ElementLeft, outcome="cancelled")
        task.workflow.drop(task)

    def remove(self, task: Task) -> None:
        """Takes a token away: also one that has done its work already, or has not arrived yet."""
        if task.state == TaskState.FUTURE:
            task.workflow.drop(task)
            return
        task.cancel()
        if task.workflow.holds(task):
            self.forget(task)

    def clear(self, workflow: Any, but: Task | None = None) -> None:
        """Every token of a scope is cancelled; nobody listens for it any more. `but`: a token that stays."""
        for task in list(workflow.standing()):
            if task is not but and workflow.holds(task):
                self.remove(task)
        self.close_handlers(workflow)

    def join(self, task: Task, consumed: Iterable[Task]) -> None:
        """The tokens at a join become the one of `task`."""
        for other in consumed:
            token_of(other).waits = ""
            if other is not task:
                self.emit(other, ElementLeft, outcome="completed")
                other.workflow.drop(other)

    # Scopes and variables -----------------------------------------------------------------------------------------

    def open_scope(self, task: Task, process_id: str, variables: Mapping[str, Any]) -> Scope:
        """What is inside an activity: a scope with its variables, in which nothing stands yet."""
        scope = Scope(self.definitions.specs[process_id], task, self.instance)
        if scope.depth > MAX_DEPTH:
            raise StepFailed(
                node_of(task).id,
                said("Calls are nested more than {max_depth} deep.", max_depth=MAX_DEPTH),
                token_of(task).number,
            )
        scope.variables = dict(copy.deepcopy(variables))
        return scope

    def start(self, workflow: Any, flow: str = "", why: Mapping[str, Any] | None = None) -> None:
        """A token at the start event; the scope's event subprocesses listen from now on."""
        self.arm_handlers(workflow)
        task = self.spawn(workflow, workflow.spec.process.start.id, flow)
        if why:
            task.internal_data["why"] = why
        self.queue.append(task)

    def write(self, task: Task, values: Mapping[str, Any]) -> None:
        """Variables get values: where the name is known already, else in the process."""
        if not values:
            return
        if clash := sorted(RESERVED.intersection(values)):
            raise StepFailed(
                node_of(task).id, said("'{clash}' is Iter's own name and can't be a variable.", clash=clash[0])
            )
        if problem := value_problem(values):
            raise StepFailed(node_of(task).id, problem, token_of(task).number)
        holders = list(self.holders(task))
        if clash := sorted(name for name in COUNTERS.intersection(values) if any(name in h for h in holders)):
            raise StepFailed(node_of(task).id, said("'{clash}' is counted by Iter.", clash=clash[0]))
        for name, value in values.items():
            holder = next((h for h in holders if name in h), holders[-1])
            holder[name] = copy.deepcopy(value)
            self._note_written(task, holder, name)
        self.changed.update(values)
        self.emit(task, VariablesChanged, variables=dict(copy.deepcopy(values)))
        if self.definitions.follows_variables:
            self.follow(values)

    def _note_written(self, task: Task, holder: Mapping[str, Any], name: str) -> None:
        for scope in self.scopes(task):
            if scope.variables is holder and scope.written is not None:
                scope.written.add(name)

    def received(self, task: Task, data: Mapping[str, Any]) -> None:
        """What came in becomes variables."""
        self.write(task, self.taken(task, data))

    def taken(self, task: Task, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The variables that what came in becomes: each key, or all of it one that the element names."""
        node = node_of(task)
        if node.correlation is not None:
            with suppress(StepFailed):  # one that was given to this instance without what its key is made of
                self.converse(task, node.correlation, data)
        return {node.payload_variable: dict(data)} if node.payload_variable else data

    def happen(self, task: Task) -> None:
        """An event that was waited for is here: the token enters it and goes on."""
        token_of(task).host = 0
        self.enter(task)
        task.complete()

    def start_handler(self, workflow: Any, handler: str, data: Mapping[str, Any], *, interrupting: bool) -> None:
        """An event subprocess starts; an interrupting one in place of all that the scope did (BPMN 13.5.4)."""
        task = self.spawn(workflow, handler)
        if interrupting:
            self.clear(workflow, but=task)
        self.write(task, data)
        self.queue.append(task)
