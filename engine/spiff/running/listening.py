"""Tokens that wait for an event: a time, a message, a signal, a condition; beside an activity, or for a whole scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from SpiffWorkflow.task import Task

from engine.domain.effects import (
    Effect,
    JobCancelled,
    Outcome,
    SubscriptionClosed,
    SubscriptionOpened,
    TimerCancelled,
    TimerSet,
    UserTaskClosed,
)
from engine.spiff.expressions import is_builtin, names_used, strip
from engine.spiff.model import Conditional, Signal, Thrown, Timer
from engine.spiff.running.correlating import Correlating
from engine.spiff.running.naming import failing_at
from engine.spiff.running.tokens import node_of, token_of
from engine.spiff.timers import due_of, repetitions_of

_CLOSED: dict[str, Callable[..., Effect]] = {
    "user_task": UserTaskClosed,
    "timer": TimerCancelled,
    "message": SubscriptionClosed,
    "signal": SubscriptionClosed,
    "job": JobCancelled,
}


class Listening(Correlating):
    """The part of a step that lets tokens wait."""

    #: conditional events that began to wait in this step and haven't been asked yet
    armed: list[Task]
    #: conditional events by the names that they read; None as long as nobody has asked in this step
    readers: dict[str, list[Task]] | None
    #: names that got values since conditions were asked last (`ticket` for any of its fields)
    changed: set[str]

    def attach(self, host: Task, target: str, flow: str = "") -> Task:
        """A token that listens beside its host: a boundary event, or an event behind a gateway."""
        return self.spawn(host.workflow, target, flow, host=token_of(host).number)

    def attach_boundaries(self, host: Task) -> None:
        """Arms the boundary events of an activity. What is thrown needs no arming: it is looked for then."""
        for node in host.workflow.spec.process.boundaries(node_of(host).id):
            if not isinstance(node.event, Thrown):
                self.listen(self.attach(host, node.id))

    def arm_handlers(self, workflow: Any) -> None:
        """Arms the starts of a scope's event subprocesses."""
        for trigger in workflow.spec.triggers:
            if not isinstance(trigger.node.event, Thrown):
                self.listen(self.spawn(workflow, trigger.node.id, host=self.counter))

    def listen(self, task: Task) -> None:
        """The token waits for its event."""
        node, token = node_of(task), token_of(task)
        match node.event:
            case Timer() as timer:
                token.repeat, token.since = repetitions_of(timer), self.now.isoformat(timespec="microseconds")
                self.set_timer(task)
            case Conditional():
                token.repeat = 0
                self.armed.append(task)
                self.wait(task, "condition")
            case Signal(name):
                self.emit(task, SubscriptionOpened, message=name, signal=True)
                self.wait(task, "signal")
            case _:
                self.subscribe(task)
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

    # Conditions ----------------------------------------------------------------------------------------------

    def to_ask(self, tokens: Callable[[], Iterable[Task]]) -> list[Task]:
        """The conditional events whose answer may be another one now; they count as asked then.

        `tokens` gives all that there are. Some may not wait any more.
        """
        if self.readers is None:
            self.readers = {}
            self._note_readers(task for task in tokens() if token_of(task).waits == "condition")
        else:
            self._note_readers(self.armed)
        asked = {token_of(task).number: task for task in self.armed}
        for name in self.changed:
            asked |= {token_of(task).number: task for task in self.readers.get(name, ())}
        self.armed.clear()
        self.changed.clear()
        return [asked[number] for number in sorted(asked)]

    def _note_readers(self, waiting: Iterable[Task]) -> None:
        readers = cast(dict[str, list[Task]], self.readers)
        for task in waiting:
            for name in names_used(_condition(task)):
                readers.setdefault(name, []).append(task)

    def has_come(self, task: Task) -> bool:
        """Whether the condition of an event has just become true: it has to have been false before (BPMN 10.5.2).

        One that reads a name without a value doesn't hold.
        """
        condition, names, token = _condition(task), self.names(task) | self._counted(task), token_of(task)
        with failing_at(task):
            known = all(name in names or name == "now" or is_builtin(name) for name in names_used(condition))
            holds = known and bool(self.evaluate(condition, names))
        before, token.repeat = token.repeat, int(holds)
        return holds and not before

    def _counted(self, task: Task) -> dict[str, Any]:
        """What an activity with several instances counts, for the events at its boundary."""
        inside = self.instance.subprocesses.get(UUID(int=token_of(task).host))
        return inside.variables if inside is not None and inside.rounds is not None else {}

    # No longer waiting ---------------------------------------------------------------------------------------

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

    def close_handlers(self, workflow: Any) -> None:
        """No event subprocess of the scope starts any more."""
        for other in workflow.tokens():
            if token_of(other).starts_handler:
                self.close(other)
                workflow.drop(other)


def _condition(task: Task) -> str:
    event = cast(Conditional, node_of(task).event)
    with failing_at(task):
        return strip(event.condition)
