"""What each kind of element does when a token arrives, when it runs, and where the token goes then.

SpiffWorkflow drives: arrival is its `_update_hook`, work its `_run_hook`, moving on its `_on_complete_hook`.
Sources: BPMN 2.0 (formal/2011-01-03), chapters 10 and 13.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task

from engine.domain.effects import JobCreated, UserTaskOpened
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.spiff.model import Conditional, Error, Escalation, Flow, Message, Node, Signal, Timer, handed_over
from engine.spiff.running import repeating
from engine.spiff.running.tokens import Wait, token_of

if TYPE_CHECKING:
    from engine.spiff.running.execution import Execution

_WAITS: dict[type, Wait] = {Timer: "timer", Conditional: "condition", Signal: "signal", Message: "message"}


class Element(BpmnSpecMixin):  # type: ignore[misc]
    """Any flow node; by itself one that does nothing and goes on at once (tasks without a type, starts)."""

    #: not drawn by itself, so that nothing is told of its tokens
    silent = False
    #: what a token that comes to rest here waits for; empty where none does
    rests: Wait = ""

    def __init__(self, wf_spec: Any, node: Node) -> None:
        super().__init__(wf_spec, node.id, bpmn_name=node.name, lane=node.lane)
        self.node = node

    # What SpiffWorkflow calls.
    def _predict(self, my_task: Task, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted: the tree holds tokens, not possibilities."""

    def test(self) -> None:
        """The check before deploying has seen to it."""

    def _update_hook(self, my_task: Task) -> bool:
        on = _execution(my_task)
        on.enter(my_task)
        return on.run_before(my_task) and self.arrive(my_task, on)

    def _on_ready_hook(self, my_task: Task) -> None:
        _execution(my_task).queue.append(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        return self.work(my_task, _execution(my_task))

    def _on_complete_hook(self, my_task: Task) -> None:
        on = _execution(my_task)
        if not on.run_after(my_task):
            return
        on.leave(my_task)
        on.take(my_task, self.choose(my_task, on))

    def _on_cancel(self, my_task: Task) -> None:
        _execution(my_task).forget(my_task)

    # What the kinds of elements say.
    def arrive(self, task: Task, on: Execution) -> bool:
        """Whether the token may run at once; where not, it says what it waits for."""
        return True

    def work(self, task: Task, on: Execution) -> bool | None:
        """Does the element's work; None where the token has been taken away by it."""
        return True

    def take_back(self, task: Task, on: Execution, scope: Any) -> None:
        """What the element's own scope, which has come to its end, leaves behind."""

    def choose(self, task: Task, on: Execution) -> list[tuple[Flow, dict[str, Any]]]:
        """The flows that the token takes, with why (BPMN 13.3.2: conditions on an activity's flows split it)."""
        flows = on.flows_of(task)
        if not any(flow.condition for flow in flows):
            return [(flow, {}) for flow in flows]
        chosen = list(true_flows(task, on, flows, self.node.default))
        return chosen or default_flow(task, flows, self.node)


class UserTask(Element):
    """Somebody has something to do."""

    rests: Wait = "user_task"

    def arrive(self, task: Task, on: Execution) -> bool:
        """Opens the user task."""
        names = on.names(task)
        assignee = str(on.value(task, self.node.assignee, names) or "") if self.node.assignee else ""
        on.emit(task, UserTaskOpened, assignee=assignee, **self.shown(task, on))
        on.wait(task, "user_task")
        on.attach_boundaries(task)
        return False

    def shown(self, task: Task, on: Execution) -> dict[str, Any]:
        """What the diagram says of it to those who see it: values of `UserTaskOpened`."""
        return {
            "name": self.node.label,
            "lane": self.node.lane or on.lane_around(task),
            "groups": self.node.groups,
            "form": self.node.form,
            "goal": self.node.properties.get("goal", ""),
        }


class ScriptTask(Element):
    """A script in the sandbox; what it assigns become variables."""

    def work(self, task: Task, on: Execution) -> bool | None:
        """Runs the script; a failing one reaches an error boundary without a code, and is never retried."""
        return on.guarded(task, lambda: on.write(task, on.execute(task, self.node.script)))


class DecisionTask(Element):
    """A business rule task: asks a decision table."""

    def work(self, task: Task, on: Execution) -> bool | None:
        """Writes the outputs, or the result variable."""
        return on.guarded(task, lambda: on.write(task, on.decide(task)))


class JobTask(Element):
    """A service task: something done outside, that the token waits for."""

    def __init__(self, wf_spec: Any, node: Node) -> None:
        super().__init__(wf_spec, node)
        self.rests = "job" if node.job else ""

    def arrive(self, task: Task, on: Execution) -> bool:
        """Asks for the job; a service task that names none goes on at once (its mail, its status are all it does)."""
        if not self.node.job:
            return True
        on.emit(task, JobCreated, type=self.node.job, parameters=on.values(task, self.node.parameters))
        on.wait(task, "job")
        on.attach_boundaries(task)
        return False


class Thrower(JobTask):
    """Send tasks, throwing events and end events: a message, signal or escalation where one is named, else nothing."""

    def work(self, task: Task, on: Execution) -> bool | None:
        """Throws it. Who catches an escalation may interrupt the very token that threw it."""
        match self.node.event:
            case Message(name):
                on.throw(task, name)
            case Signal(name):
                on.broadcast(task, name)
            case Escalation(code):
                on.escalate(task, code)
                return True if task.workflow.holds(task) else None
            case _ if self.node.message:
                on.throw(task, self.node.message)
        return True


class Catcher(Element):
    """Catching events and receive tasks."""

    def __init__(self, wf_spec: Any, node: Node) -> None:
        super().__init__(wf_spec, node)
        self.rests = _WAITS.get(type(node.event), "message" if node.message else "")

    def arrive(self, task: Task, on: Execution) -> bool:
        """Waits for the message or the time. A boundary event that is entered has happened already."""
        if self.node.attached_to:
            return True
        on.listen(task)
        on.attach_boundaries(task)
        return False


class Trigger(Catcher):
    """The start of an event subprocess, as it is waited for in the scope around."""

    def __init__(self, wf_spec: Any, node: Node, handler: str) -> None:
        super().__init__(wf_spec, node)
        #: id of the event subprocess
        self.handler = handler


class TerminateEnd(Element):
    """Ends its scope with all tokens (BPMN 10.5.3)."""

    def work(self, task: Task, on: Execution) -> bool | None:
        """Cancels every other token of the scope."""
        on.clear(task.workflow, but=task)
        return True


class ErrorEnd(Element):
    """Throws a BPMN error to the innermost boundary that catches it."""

    def work(self, task: Task, on: Execution) -> bool | None:
        """The token ends here; the boundary's goes on."""
        payload = on.thrown_value(task)
        if not on.run_after(task):
            return None
        code = self.node.event.code if isinstance(self.node.event, Error) else ""
        on.leave(task)
        task.workflow.drop(task)
        problem = self.node.event.problem if isinstance(self.node.event, Error) else ""
        if not on.raise_error(task, code, problem or self.node.label, payload, inside=False):
            raise StepFailed(self.node.id, said("Nobody catches the error '{code}'.", code=code), token_of(task).number)
        return None


class SubProcess(Element):
    """An embedded subprocess: sees the variables around it. An event subprocess is one, once it has been started."""

    rests: Wait = "scope"

    def arrive(self, task: Task, on: Execution) -> bool:
        """Starts what is inside."""
        on.wait(task, "scope")
        on.attach_boundaries(task)
        on.start(on.open_scope(task, self.node.id, {}))
        return False


class CallActivity(Element):
    """A process of the package, with variables of its own: it gets and gives what its mapping names."""

    rests: Wait = "scope"

    def arrive(self, task: Task, on: Execution) -> bool:
        """Starts the called process."""
        on.wait(task, "scope")
        on.attach_boundaries(task)
        called = on.definitions.processes[self.node.called]
        lines = handed_over(called.takes) if self.node.hands_over else self.node.inputs
        given = on.mapped(task, lines, on.names(task))
        if missing := _missing(called.takes, on.variables(task) if self.node.hands_over else given):
            told = said("'{called}' needs '{name}', which has no value.", called=called.id, name=missing)
            raise StepFailed(self.node.id, told, token_of(task).number)
        scope = on.open_scope(task, self.node.called, given)
        everything = any(line.everything for line in lines)
        scope.written = {line.target for line in lines if not line.everything} if everything else None
        on.start(scope)
        return False

    def take_back(self, task: Task, on: Execution, scope: Any) -> None:
        """Takes over what the mapping names."""
        called = on.definitions.processes[self.node.called]
        if missing := _missing(called.gives, scope.variables):
            told = said("'{called}' gives '{name}', but it has no value.", called=called.id, name=missing)
            raise StepFailed(self.node.id, told, token_of(task).number)
        lines = handed_over(called.gives) if self.node.hands_over else self.node.outputs
        on.write(task, on.mapped(task, lines, scope.variables, scope.written))


class Repeated(Element):
    """An activity with a loop: its instances run inside of it."""

    silent = True
    rests: Wait = "scope"

    def arrive(self, task: Task, on: Execution) -> bool:
        """Starts the instances."""
        why = task.internal_data.pop("why", None) or {}
        on.wait(task, "scope")
        on.attach_boundaries(task)
        repeating.begin(on, task, why)
        return False

    def take_back(self, task: Task, on: Execution, scope: Any) -> None:
        """Takes over the results."""
        repeating.give(on, task, scope)


class Item(Element):
    """One instance of an activity that has several."""

    silent = True
    rests: Wait = "scope"

    def take_back(self, task: Task, on: Execution, scope: Any) -> None:
        """Keeps its result, and lets the next one begin."""
        repeating.end_one(on, task, scope)


def _missing(names: tuple[str, ...] | None, values: Mapping[str, Any]) -> str:
    """The first variable that a called process declares and that isn't there (BPMN 2.0, 10.3.1)."""
    return next((name for name in names or () if name not in values), "")


def true_flows(task: Task, on: Execution, flows: Iterable[Flow], default: str) -> Iterator[tuple[Flow, dict[str, Any]]]:
    """The flows whose conditions hold, with why, and those that have none; the default left out."""
    offered = [flow for flow in flows if flow.id != default]
    reasons = on.reasons(task, (flow for flow in offered if flow.condition))
    for flow in offered:
        if not flow.condition:
            yield flow, {}
        elif why := next(reasons):
            yield flow, why


def default_flow(task: Task, flows: Iterable[Flow], node: Node) -> list[tuple[Flow, dict[str, Any]]]:
    """The default flow. Raises `StepFailed` where there is none."""
    for flow in flows:
        if flow.id == node.default:
            return [(flow, {"default": True})]
    raise StepFailed(
        node.id,
        said("No condition of '{label}' holds, and it has no default flow.", label=node.label),
        token_of(task).number,
    )


def _execution(task: Task) -> Execution:
    return cast("Execution", task.workflow.top_workflow.execution)
