"""A ticket and its instances in memory, with their own clock. Verbs and expectations of scenarios stand elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.domain import effects
from engine.domain.casework import Case, due_of, facts_of, open_user_task, settle
from engine.domain.effects import ANY_KEY
from engine.domain.errors import CorruptState, IterError, StepFailed
from engine.domain.events import Event, FactsChanged, JobCompleted, MessageReceived, SignalReceived, Started, TimerDue
from engine.domain.said import said
from engine.spiff.advancing import advance
from engine.spiff.expressions import Sandbox
from engine.spiff.messages import published_key
from engine.spiff.scenarios.waiting import Buffered, Happened, OpenTask, Place, Running, SetTimer, Subscription

if TYPE_CHECKING:
    from engine.spiff.versions import PackageVersion

#: timers that fire in one lapse of time, jobs and messages in one instant; more is an endless loop
MAX_FIRED = 20_000
#: steps of the scenario, steps of the process and elements entered, of one scenario altogether
MAX_MOVES = 20_000
#: bytes of an instance's state that count as a move more: each step reads and writes all of it
STATE_OF_A_MOVE = 10_000
#: seconds that a scenario may take where the sandbox's stopwatch goes: others wait for who runs it
LONGEST = 20.0


class Stopped(IterError):
    """The scenario takes more than a scenario may, and goes no further."""

    code = "scenario-stopped"


@dataclass
class Effort:
    """What a scenario has taken so far: moves, which are the same every time, and seconds, where they are measured."""

    stopwatch: Callable[[], float]
    moves: int = 0
    begun: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.stopwatch()

    def spend(self, moves: int = 1) -> None:
        """So many moves more. Raises `Stopped` where that is too much."""
        self.moves += moves
        if self.moves > MAX_MOVES:
            told = said("stopped after {most:,} moves: a scenario is a test of some steps, not of endurance",
                        most=MAX_MOVES)  # fmt: skip
            raise Stopped(told)
        if self.stopwatch() - self.begun > LONGEST:
            told = said("stopped after {seconds} seconds: others wait for who runs it", seconds=round(LONGEST))
            raise Stopped(told)


@dataclass
class World:
    """All that a database and a worker hold for one ticket, as plain values."""

    version: PackageVersion
    sandbox: Sandbox
    case: Case
    now: datetime
    #: elements whose jobs wait for a step of the scenario; others are done at once
    held: Collection[str] = ()
    instances: list[Running] = field(default_factory=list)
    tasks: dict[Place, OpenTask] = field(default_factory=dict)
    timers: dict[Place, SetTimer] = field(default_factory=dict)
    subscriptions: dict[Place, Subscription] = field(default_factory=dict)
    jobs: dict[Place, str] = field(default_factory=dict)
    buffered: list[Buffered] = field(default_factory=list)
    happened: Happened = field(default_factory=Happened)
    effort: Effort = field(init=False)
    _thrown: list[effects.MessageThrown] = field(default_factory=list)
    #: signals on their way, each to one who waited for it when it was thrown
    _signals: list[tuple[Place, Mapping[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.effort = Effort(self.sandbox.stopwatch)

    @property
    def key(self) -> str:
        """What messages to the ticket are correlated by."""
        return str(self.case.ticket["id"])

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the last instance's own scope."""
        state = self.instances[-1].state if self.instances else None
        return dict(json.loads(state)["scopes"][0]["variables"]) if state else {}

    def start(self, process: str, variables: Mapping[str, Any]) -> None:
        """Start another instance on the ticket."""
        instance = Running(f"instance-{len(self.instances) + 1}")
        self.instances.append(instance)
        self.send(instance.id, Started(instance.id, process, self.key, dict(variables)))

    def send(self, instance_id: str, event: Event) -> None:
        """Apply an event, and all that follows from it at this very instant."""
        self._step(instance_id, event)
        self.pass_until(self.now)

    def publish(self, message: str, key: str, data: Mapping[str, Any], keep: timedelta) -> None:
        """Give a message to the one that has waited longest for it, else keep it so long."""
        made = published_key(self.version.definitions, self.sandbox, message, data, key, self.now)
        self.buffered.append(Buffered(message, made or "", data, self.now + keep))
        self.pass_until(self.now)

    def broadcast(self, signal: str, data: Mapping[str, Any]) -> None:
        """Give a signal to all who wait for it."""
        self._spread(signal, data)
        self.pass_until(self.now)

    def tell(self, message: str, data: Mapping[str, Any]) -> None:
        """Give a message of a note or action to whoever has waited longest on the ticket; it is never kept."""
        waiting = ((place, of) for place, of in self.subscriptions.items() if not of.signal)
        place = next((place for place, of in waiting if of.message == message), None)
        if place is not None:
            self.send(place[0], MessageReceived(place[1], dict(data)))

    def change(self, fields: Mapping[str, Any]) -> None:
        """Fields of the ticket get new values from outside. Raises `StepFailed`."""
        changed = effects.TicketChanged(id="edit", token=0, element="", fields=dict(fields))
        case = self._copy()
        if settle(case, [changed], self.now).rearm:
            self._rearm(case)
        self.case = case
        if self.version.definitions.asks_conditions:
            for instance in [running for running in self.instances if not running.ended]:
                self._step(instance.id, FactsChanged())
        self.pass_until(self.now)

    def pass_until(self, end: datetime) -> None:
        """Let time pass; what falls due is done in order, each at its instant."""
        self._settle_down()
        for _ in range(MAX_FIRED):
            place = min(
                (p for p, timer in self.timers.items() if timer.at is not None and timer.at <= end),
                key=lambda p: (self.timers[p].at, p),
                default=None,
            )
            if place is None:
                self.now = max(self.now, end)
                return
            self._fire(place)
        raise StepFailed("", said("More than {most:,} timers fired.", most=MAX_FIRED))

    def _fire(self, place: Place) -> None:
        timer = self.timers[place]
        self.now = max(self.now, timer.at or self.now)
        if isinstance(timer.due, effects.Goal):
            timer.at = due_of(timer.due, self.case, self.now)
            if timer.at is None or timer.at > self.now:
                return
        timer.at = None
        self._step(place[0], TimerDue(place[1]))
        self._settle_down()

    def _settle_down(self) -> None:
        """Do what needs no waiting: jobs that the scenario doesn't hold, messages thrown or buffered."""
        for _ in range(MAX_FIRED):
            if done := next((p for p, element in self.jobs.items() if element not in self.held), None):
                del self.jobs[done]
                self._step(done[0], JobCompleted(done[1]))
            elif self._thrown:
                thrown = self._thrown.pop(0)
                self.buffered.append(Buffered(thrown.message, thrown.key, thrown.data, self.now + thrown.time_to_live))
            elif self._signals:
                place, data = self._signals.pop(0)
                if place in self.subscriptions:
                    self._step(place[0], SignalReceived(place[1], dict(data)))
            elif not self._deliver():
                return
        raise StepFailed("", said("More than {most:,} jobs and messages in one instant.", most=MAX_FIRED))

    def _spread(self, signal: str, data: Mapping[str, Any]) -> None:
        reached = (place for place, of in self.subscriptions.items() if of.signal and of.message == signal)
        self._signals.extend((place, data) for place in reached)

    def _deliver(self) -> bool:
        self.buffered = [message for message in self.buffered if message.until >= self.now]
        for message in self.buffered:
            fitting = [place for place, waiting in self.subscriptions.items() if waiting.fits(message)]
            if fitting:  # whose conversation it is comes before who waits for any
                place = min(fitting, key=lambda place: self.subscriptions[place].key == ANY_KEY)
                self.buffered.remove(message)
                self._step(place[0], MessageReceived(place[1], dict(message.data)))
                return True
        return False

    def _step(self, instance_id: str, event: Event) -> None:
        """The same step as the server's; where it fails the old state stands, and an incident is kept."""
        instance = next(running for running in self.instances if running.id == instance_id)
        case = self._copy()
        try:
            step = advance(self.version.definitions, instance.state, event, facts_of(case), self.now, self.sandbox)
            settlement = settle(case, step.effects, self.now)
        except (StepFailed, CorruptState) as error:
            element = error.element if isinstance(error, StepFailed) else ""
            self.happened.incidents.append((element, str(error)))
            self._spend(error.happened if isinstance(error, StepFailed) else (), instance.state)
            return
        self._spend(step.effects, step.state)
        self.case, instance.state, instance.ended = case, step.state, step.ended
        if settlement.rearm:
            self._rearm(case)
        for effect in step.effects:
            self._take(instance_id, effect, settlement.dues)

    def _spend(self, done: Sequence[effects.Effect], state: bytes | None) -> None:
        entered = sum(isinstance(effect, effects.ElementEntered) for effect in done)
        self.effort.spend(1 + entered + len(state or b"") // STATE_OF_A_MOVE)

    def _copy(self) -> Case:
        case = self.case
        return Case(case.package, case.policy, dict(case.ticket), dict(case.clocks), case.earlier_policies)

    def _rearm(self, case: Case) -> None:
        for timer in self.timers.values():
            if isinstance(timer.due, effects.Goal):
                timer.at = due_of(timer.due, case, self.now)

    def _take(self, instance: str, effect: effects.Effect, dues: Mapping[int, datetime | None]) -> None:
        place = (instance, effect.token)
        match effect:
            case effects.UserTaskOpened(assignee=assignee, form=form, goal=goal):
                groups = open_user_task(effect, self.case)
                self.tasks[place] = OpenTask(effect.element, groups, assignee, form, goal)
            case effects.TimerSet(due=due):
                self.timers[place] = SetTimer(effect.element, due, dues.get(effect.token))
            case effects.SubscriptionOpened(message=message, key=key, signal=signal):
                self.subscriptions[place] = Subscription(effect.element, message, key, signal)
            case effects.JobCreated():
                self.jobs[place] = effect.element
            case effects.MessageThrown():
                self._thrown.append(effect)
            case effects.SignalThrown(signal=signal, data=data):
                self._spread(signal, data)
            case _ if type(effect) in _CLOSES:
                _CLOSES[type(effect)](self).pop(place, None)
            case _:
                self.happened.take(effect, self.now)


_CLOSES: dict[type[effects.Effect], Callable[[World], dict[Place, Any]]] = {
    effects.UserTaskClosed: lambda world: world.tasks,
    effects.TimerCancelled: lambda world: world.timers,
    effects.SubscriptionClosed: lambda world: world.subscriptions,
    effects.JobCancelled: lambda world: world.jobs,
}
