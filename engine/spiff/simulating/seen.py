"""What a simulated instance did and waits for, in the form in which it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.domain import effects
from engine.spiff.state import Place, places, variables

#: what an event from outside can end; joins and scopes wait for tokens
_OUTSIDE = frozenset({"user_task", "timer", "message", "signal", "condition", "job"})


@dataclass(slots=True)
class Visit:
    """One time that a token was at an element."""

    element: str
    entered: datetime
    left: datetime | None = None
    outcome: str = "waiting"

    def to_json(self) -> dict[str, Any]:
        """As it is told."""
        left = self.left and instant(self.left)
        return {"element": self.element, "entered": instant(self.entered), "left": left, "outcome": self.outcome}


@dataclass
class Instance:
    """A process instance with its history."""

    name: str
    ticket: dict[str, Any] = field(default_factory=dict)
    state: bytes | None = None
    ended: bool = False
    #: by token: when its timer is due (None: never, for nothing says when), and what it has subscribed to
    dues: dict[int, datetime | None] = field(default_factory=dict)
    subscriptions: dict[int, effects.SubscriptionOpened] = field(default_factory=dict)
    path: list[Visit] = field(default_factory=list)
    #: (element, problem) of steps that failed
    incidents: list[tuple[str, str]] = field(default_factory=list)
    #: tokens whose last step failed; 0 for the start
    troubled: set[int] = field(default_factory=set)
    thrown: list[dict[str, Any]] = field(default_factory=list)
    #: where each token is, by its number
    _at: dict[int, Visit] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """`completed`, `waiting` or `incident`."""
        if self.ended:
            return "completed"
        return "incident" if self.troubled else "waiting"

    @property
    def waiting(self) -> list[Place]:
        """The tokens that wait for something from outside, in the order of their numbers."""
        standing = places(self.state) if self.state else []
        return sorted((place for place in standing if place.waits in _OUTSIDE), key=lambda place: place.token)

    def waits(self, kind: str, element: str) -> int | None:
        """The token that has waited longest at an element for this; None where none does."""
        return next((p.token for p in self.waiting if (p.waits, p.element) == (kind, element)), None)

    def take(self, effect: effects.Effect, now: datetime, due: datetime | None = None) -> None:
        """Keep what one effect tells; `due` is the instant of a timer."""
        match effect:
            case effects.ElementEntered():
                self._at[effect.token] = Visit(effect.element, now)
                self.path.append(self._at[effect.token])
            case effects.ElementLeft(outcome=outcome):
                self._leave(effect.token, outcome, now)
            case effects.TicketChanged(fields=fields):
                self.ticket.update(fields)
            case effects.MessageThrown(message=message, key=key, data=data):
                self.thrown.append({"message": message, "key": key, "data": dict(data)})
            case effects.SignalThrown(signal=signal, data=data):
                self.thrown.append({"signal": signal, "data": dict(data)})
            case effects.TimerSet():
                self.dues[effect.token] = due
            case effects.TimerCancelled():
                self.dues.pop(effect.token, None)
            case effects.SubscriptionOpened():
                self.subscriptions[effect.token] = effect
            case effects.SubscriptionClosed():
                self.subscriptions.pop(effect.token, None)

    def fail(self, happened: tuple[effects.Effect, ...], element: str, now: datetime) -> None:
        """Keep how far a step came that failed; its tokens stand where they stood before."""
        tried = Instance(self.name)
        for effect in happened:
            if isinstance(effect, effects.ElementEntered | effects.ElementLeft):
                tried.take(effect, now)
        for visit in tried.path:
            if visit.outcome == "waiting":
                visit.left, visit.outcome = now, "failed" if visit.element == element else "cancelled"
        self.path += tried.path

    def _leave(self, token: int, outcome: str, now: datetime) -> None:
        if token in self._at:
            visit = self._at.pop(token)
            visit.left, visit.outcome = now, outcome

    def to_json(self) -> dict[str, Any]:
        """As it is told."""
        return {
            "status": self.status,
            "variables": variables(self.state).get(0, {}) if self.state else {},
            "path": [visit.to_json() for visit in self.path],
            "waiting": [self._waiting(place) for place in self.waiting],
            "incidents": [{"element": element, "problem": problem} for element, problem in self.incidents],
            "thrown": self.thrown,
        }

    def _waiting(self, place: Place) -> dict[str, Any]:
        due = self.dues.get(place.token)
        return {"element": place.element, "kind": place.waits, "due": due and instant(due)}


def instant(at: datetime) -> str:
    """An instant as it is told: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat()


def report(instances: Mapping[str, Instance]) -> dict[str, Any]:
    """The first instance, and all of them by name in the same form."""
    told = {name: instance.to_json() for name, instance in instances.items()}
    first = next(iter(told.values()), Instance("").to_json())
    return {**first, "instances": told}
