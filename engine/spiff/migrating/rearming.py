"""What tokens listen for after the move: what is new is armed from now, what says another time counts from before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from SpiffWorkflow.task import Task

from engine.domain.effects import (
    Effect,
    SubscriptionClosed,
    SubscriptionOpened,
    TimerCancelled,
    TimerSet,
    Working,
)
from engine.spiff.compiling import ProcessSpec
from engine.spiff.definitions import Definitions
from engine.spiff.migrating.placing import Placed
from engine.spiff.model import Conditional, Message, Node, Signal, Thrown, Timer
from engine.spiff.running.execution import Execution, is_interrupted
from engine.spiff.running.naming import failing_at
from engine.spiff.running.tokens import Token, node_of, token_of
from engine.spiff.timers import due_of, repetitions_of

_CLOSED = {"timer": TimerCancelled, "message": SubscriptionClosed, "signal": SubscriptionClosed}


@dataclass
class Rearming:
    """The tokens of an instance that has been put into a step of the new version."""

    on: Execution
    old: Definitions
    placed: Placed
    #: by token: since when the timers that are set run
    since: dict[int, datetime] = field(default_factory=dict)

    def settle(self) -> None:
        """Let everything listen as the new version says. Raises `StepFailed` where an expression fails."""
        self.on.effects.extend(self._closed())
        for workflow in (self.on.instance, *self.on.instance.subprocesses.values()):
            listening = list(workflow.tokens())
            for task in listening:
                self._renew(task)
            for task in [task for task in listening if not token_of(task).host]:
                self._attach(task)
            self._arm_handlers(workflow)
        for effect in self.on.effects:
            if isinstance(effect, TimerSet):
                self.since.setdefault(effect.token, self.on.now)

    def _closed(self) -> Iterator[Effect]:
        """Nobody listens any more for events that are gone."""
        for token, process, element in self.placed.dropped:
            if kind := _CLOSED.get(token.waits):
                yield kind(id=self._id(token, kind), token=token.number, element=element, process=process)

    def _id(self, token: Token, kind: type[Effect]) -> str:
        return f"{self.on.id}:{token.number}:{kind.kind}:{token.ordinal + 1}"

    # What was listened for before -------------------------------------------------------------------------------

    def _renew(self, task: Task) -> None:
        token, node = token_of(task), node_of(task)
        before = self._before(token)
        if before.id == node.id and _awaited(before) == _awaited(node):
            return
        match token.waits:
            case "timer":
                self._reset(task, before)
            case "message":
                self.on.subscribe(task)
            case "signal":
                self.on.emit(task, SubscriptionOpened, message=cast(Signal, node.event).name, signal=True)
            case "condition":
                self.on.has_come(task)

    def _before(self, token: Token) -> Node:
        process, element = self.placed.stood[token.number]
        return cast(Node, self.old.specs[process].task_specs[element].node)

    def _reset(self, task: Task, before: Node) -> None:
        """The timer is due as if it had been drawn so from the beginning: the time that it has run counts."""
        on, token = self.on, token_of(task)
        timer, earlier = cast(Timer, node_of(task).event), cast(Timer, before.event)
        if not self._repeats(task, timer, earlier):
            on.close(task)
            task.workflow.drop(task)
            return
        since, now, names = datetime.fromisoformat(token.since), on.now, on.names(task)
        on.now = now if timer.kind == "cycle" else since
        try:
            with failing_at(task):
                due = due_of(timer, on.now, since, on.definitions.zone, lambda text: on.evaluate(text, names))
        finally:
            on.now = now
        if timer.kind == earlier.kind == "cycle" and isinstance(due, Working) and before.id == node_of(task).id:
            return  # it counts from its last firing, which isn't known: what has begun ends as it was
        on.emit(task, TimerSet, due=due)
        self.since[token.number] = since

    def _repeats(self, task: Task, timer: Timer, earlier: Timer) -> bool:
        """Takes from the new number of repetitions those that have been; whether one is left."""
        token = token_of(task)
        most, total = repetitions_of(earlier), repetitions_of(timer)
        fired = most - token.repeat if most is not None and token.repeat is not None else 0
        token.repeat = None if total is None else total - fired
        return token.repeat is None or token.repeat > 0

    # What is new ------------------------------------------------------------------------------------------------

    def _attach(self, host: Task) -> None:
        """Boundary events, and events behind a gateway, that the element didn't have."""
        on, waits = self.on, token_of(host).waits
        if waits == "join":
            return
        process, element = self.placed.stood[token_of(host).number]
        earlier, spec = self.old.specs[process], host.workflow.spec
        have = {node_of(task).id for task in host.workflow.tokens() if token_of(task).host == token_of(host).number}
        if waits == "events":
            for flow in on.flows_of(host):
                if flow.target not in have:
                    self._listen(on.attach(host, flow.target, flow.id))
            return
        known = {node.id for node in earlier.process.boundaries(element)}
        for node in spec.process.boundaries(node_of(host).id):
            if node.id not in have and _begins(node, known, earlier, spec):
                self._listen(on.attach(host, node.id))

    def _arm_handlers(self, workflow: Any) -> None:
        """Event subprocesses that the scope didn't have; none where one runs in place of everything else."""
        if is_interrupted(workflow):
            return
        spec = workflow.spec
        earlier = self.old.specs[spec.process.id]
        known = {trigger.node.id for trigger in earlier.triggers}
        have = {node_of(task).id for task in workflow.tokens() if token_of(task).starts_handler}
        for trigger in spec.triggers:
            if trigger.node.id not in have and _begins(trigger.node, known, earlier, spec):
                self._listen(self.on.spawn(workflow, trigger.node.id, host=self.on.counter))

    def _listen(self, task: Task) -> None:
        """From now on. A condition that holds already comes when it has been false: nothing moves by the move."""
        self.on.listen(task)
        if isinstance(node_of(task).event, Conditional):
            self.on.has_come(task)


def _begins(node: Node, known: Collection[str], earlier: ProcessSpec, spec: ProcessSpec) -> bool:
    """Whether an event that nobody listens for is to be armed: a known one has come as often as it may."""
    if isinstance(node.event, Thrown):
        return False
    return node.id not in known or earlier.task_specs[node.id].rests != spec.task_specs[node.id].rests


def _awaited(node: Node) -> tuple[object, ...]:
    """What is waited for at an element."""
    event = None if isinstance(node.event, Message) else node.event
    return event, node.message_name, node.correlation, node.properties.get("correlationKey", "")
