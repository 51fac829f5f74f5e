"""A world of instances in memory, moved on by a list of events, with its own clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from engine.domain import effects, events
from engine.domain.errors import Conflict, Invalid, StepFailed
from engine.domain.time.calendars import always
from engine.domain.time.durations import WorkingDuration, parse_elapsed, parse_instant
from engine.spiff.advancing import advance
from engine.spiff.expressions import Sandbox
from engine.spiff.messages import published_key
from engine.spiff.simulating.drawing import Drawn
from engine.spiff.simulating.events import Event, WrongEvent, kind_of
from engine.spiff.simulating.seen import Instance, report

#: where the clock stands until an event says otherwise
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
#: timers that fire in one lapse of time, jobs and messages in one instant; more is an endless loop
MAX_DONE = 20_000
#: how long a message is kept that nobody waits for
KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that waits for somebody; `key` None fits every subscription."""

    name: str
    key: str | None
    data: Mapping[str, Any]
    until: datetime
    #: the only instance that it is for, empty for any
    to: str = ""


@dataclass
class Simulation:
    """All instances, and what is on its way between them."""

    drawn: Drawn
    sandbox: Sandbox
    now: datetime = BEGINNING
    instances: dict[str, Instance] = field(default_factory=dict)
    #: events that are still to come
    coming: list[Event] = field(default_factory=list)
    messages: list[Sent] = field(default_factory=list)
    #: signals on their way: (instance, token, data)
    signals: list[tuple[str, int, Mapping[str, Any]]] = field(default_factory=list)
    #: (instance, token, element) of jobs that nothing has been decided about
    jobs: list[tuple[str, int, str]] = field(default_factory=list)

    # Events --------------------------------------------------------------------------------------------------

    def do(self, event: Event) -> None:
        """One event. Raises `Invalid` where it can't happen now."""
        match kind_of(event):
            case "now":
                self._set(parse_instant(event["now"], self.drawn.definitions.zone))
            case "advance":
                self._pass_until(parse_elapsed(event["advance"]).after(self.now, self.drawn.definitions.zone))
            case "start":
                self.start(event["start"], event.get("as", ""), event.get("variables", {}))
            case "complete":
                instance, token = self._waiting("user_task", event["complete"], event)
                self._step(instance, events.UserTaskCompleted(token, dict(event.get("data", {}))))
            case "message":
                self._send(event)
            case "signal":
                self._spread(event["signal"], event.get("data", {}), event.get("instance", ""))
            case "job":
                self._job(event)
        self._settle_down()

    def start(self, process: str, name: str, variables: Mapping[str, Any]) -> None:
        """Starts an instance; without a name it gets the process's, with a number if there is one already."""
        if process not in self.drawn.definitions.processes or self.drawn.definitions.processes[process].parent:
            raise Invalid(f"there is no process '{process}'; there are: {_listed(self.drawn.startable)}")
        if name in self.instances:
            raise Invalid(f"there is an instance '{name}' already")
        name = name or next(each for each in _names(process) if each not in self.instances)
        instance = self.instances[name] = Instance(name)
        self._step(instance, events.Started(name, process, variables=dict(variables)))

    def _set(self, instant: datetime) -> None:
        if not self.instances and not self.messages:
            self.now = instant
        if instant < self.now:
            raise Invalid("time doesn't go back")
        self._pass_until(instant)

    def _send(self, event: Event) -> None:
        key = event.get("key")
        told = None if key is None else str(key)
        data = event.get("data", {})
        told = published_key(self.drawn.definitions, self.sandbox, event["message"], data, told, self.now)
        to = self._named(event)
        self.messages.append(Sent(event["message"], told, data, self.now + KEPT, to))

    def _job(self, event: Event) -> None:
        instance, token = self._waiting("job", event["job"], event)
        self.jobs = [job for job in self.jobs if job[:2] != (instance.name, token)]
        if "fails" in event or "error" in event:
            self._step(instance, events.JobFailed(token, event.get("fails", ""), event.get("error", "")))
        else:
            self._step(instance, events.JobCompleted(token, dict(event.get("result", {}))))

    def _waiting(self, kind: str, element: str, event: Event) -> tuple[Instance, int]:
        """Who waits there: in the instance that the event names, else in the first in which somebody does."""
        name = self._named(event)
        for instance in [self.instances[name]] if name else self.instances.values():
            if (token := instance.waits(kind, element)) is not None:
                return instance, token
        found = [place.element for each in self.instances.values() for place in each.waiting if place.waits == kind]
        raise Invalid(f"nothing waits at '{element}'; what waits so: {_listed(found)}")

    def _named(self, event: Event) -> str:
        name = str(event.get("instance", ""))
        if name and name not in self.instances:
            raise Invalid(f"there is no instance '{name}'; there are: {_listed(self.instances)}")
        return name

    # What follows by itself ----------------------------------------------------------------------------------

    def _pass_until(self, end: datetime) -> None:
        """Time passes; what falls due is done in order, each at its instant."""
        self._settle_down()
        for _ in range(MAX_DONE):
            due = min(
                ((at, n, token) for n, i in enumerate(self.instances.values()) for token, at in i.dues.items() if at),
                default=None,
            )
            if due is None or due[0] > end:
                self.now = max(self.now, end)
                return
            self.now = max(self.now, due[0])
            instance = list(self.instances.values())[due[1]]
            if not self._step(instance, events.TimerDue(due[2])):
                instance.dues[due[2]] = None  # an incident holds it
            self._settle_down()
        raise Invalid(f"more than {MAX_DONE:,} timers fired")

    def _settle_down(self) -> None:
        """Does what needs no waiting: jobs that no later event names, signals, messages."""
        for _ in range(MAX_DONE):
            if not (self._do_job() or self._do_signal() or self._deliver()):
                return
        raise Invalid(f"more than {MAX_DONE:,} jobs and messages in one instant")

    def _do_job(self) -> bool:
        named = {(event["job"], event.get("instance")) for event in self.coming if "job" in event}
        for job in self.jobs:
            name, token, element = job
            if not {(element, None), (element, name)} & named:
                self.jobs.remove(job)
                self._step(self.instances[name], events.JobCompleted(token))
                return True
        return False

    def _do_signal(self) -> bool:
        if not self.signals:
            return False
        name, token, data = self.signals.pop(0)
        if token in self.instances[name].subscriptions:
            self._step(self.instances[name], events.SignalReceived(token, dict(data)))
        return True

    def _deliver(self) -> bool:
        self.messages = [message for message in self.messages if message.until >= self.now]
        for message in self.messages:
            if (receiver := self._receiver(message)) is not None:
                instance, token = receiver
                self.messages.remove(message)
                if not self._step(instance, events.MessageReceived(token, dict(message.data))):
                    instance.subscriptions.pop(token, None)  # an incident has it
                return True
        return False

    def _receiver(self, message: Sent) -> tuple[Instance, int] | None:
        """Who has waited longest for it; whose conversation it is comes before who waits for any."""
        waiting = [
            (one.key == effects.ANY_KEY and message.key is not None, instance, token)
            for instance in self.instances.values()
            for token, one in instance.subscriptions.items()
            if _fits(message, instance, one)
        ]
        return min(waiting, key=itemgetter(0))[1:] if waiting else None

    def _spread(self, signal: str, data: Mapping[str, Any], to: str = "") -> None:
        for instance in [self.instances[to]] if to else self.instances.values():
            reached = [token for token, of in instance.subscriptions.items() if of.signal and of.message == signal]
            self.signals.extend((instance.name, token, data) for token in reached)

    def _step(self, instance: Instance, event: events.Event) -> bool:
        """The same step as the server's; where it fails the old state stands, and an incident is kept."""
        token = getattr(event, "token", 0)
        try:
            step = advance(
                self.drawn.definitions, instance.state, event, {"ticket": instance.ticket}, self.now, self.sandbox
            )
        except StepFailed as failure:
            instance.fail(failure.happened, failure.element, self.now)
            instance.incidents.append((failure.element, failure.problem))
            instance.troubled.add(token)
            return False
        except Conflict as conflict:
            raise Invalid(str(conflict)) from conflict
        instance.state, instance.ended = step.state, step.ended
        instance.troubled.discard(token)
        for effect in step.effects:
            self._take(instance, effect)
        return True

    def _take(self, instance: Instance, effect: effects.Effect) -> None:
        due = self._due_of(effect.due) if isinstance(effect, effects.TimerSet) else None
        instance.take(effect, self.now, due)
        match effect:
            case effects.JobCreated():
                self.jobs.append((instance.name, effect.token, effect.element))
            case effects.JobCancelled():
                self.jobs = [job for job in self.jobs if job[:2] != (instance.name, effect.token)]
            case effects.MessageThrown(message=name, key=key, data=data, time_to_live=life):
                self.messages.append(Sent(name, key, data, self.now + life))
            case effects.SignalThrown(signal=name, data=data):
                self._spread(name, data)

    def _due_of(self, due: effects.Due) -> datetime | None:
        """With no package around, working time is all time, a day ends at midnight, and goals have no deadlines."""
        zone = self.drawn.definitions.time_zone
        match due:
            case effects.At(instant):
                return instant
            case effects.Day(day):
                return datetime.combine(date.fromisoformat(day), time.max, self.drawn.definitions.zone)
            case effects.Working(duration):
                return always(zone).add(self.now, WorkingDuration.parse(duration))
            case effects.Goal():
                return None


def simulate(drawn: Drawn, planned: Sequence[Event], sandbox: Sandbox) -> dict[str, Any]:
    """What came of the events, as JSON values (`iter simulate --json`). Raises `WrongEvent`."""
    running = Simulation(drawn, sandbox)
    steps: list[tuple[int, Event]] = list(enumerate(planned, 1))
    if not any("start" in event for event in planned):
        steps.insert(_first(planned), (0, _only_start(drawn)))
    for position, (number, event) in enumerate(steps):
        running.coming = [later for _, later in steps[position + 1 :]]
        try:
            running.do(event)
        except Invalid as error:
            raise WrongEvent(number, str(error)) from error
    return report(running.instances)


def _first(planned: Sequence[Event]) -> int:
    """Where the start goes that no event names: behind the instant from which all is reckoned."""
    return 1 if planned and "now" in planned[0] else 0


def _only_start(drawn: Drawn) -> Event:
    if len(drawn.startable) != 1:
        raise WrongEvent(0, f"no event starts a process, and there are several: {_listed(drawn.startable)}")
    return {"start": drawn.startable[0]}


def _fits(message: Sent, instance: Instance, waiting: effects.SubscriptionOpened) -> bool:
    if waiting.signal or waiting.message != message.name or message.to not in ("", instance.name):
        return False
    return message.key is None or waiting.key in (message.key, effects.ANY_KEY)


def _names(process: str) -> Iterator[str]:
    yield process
    yield from (f"{process}-{number}" for number in range(2, MAX_DONE))


def _listed(names: Any) -> str:
    return ", ".join(sorted(set(names))) or "none"
