"""What a step's effects leave in the tables: one plain value, in which what came and went within the step is gone.

Pure: no statements. A token has at most one user task, timer, subscription and job at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from engine.domain import effects
from engine.domain.effects import Effect
from engine.domain.time.dues import due_to_json


@dataclass
class Waiting:
    """Of one kind of thing that tokens wait with: what was opened and still stands, and whose earlier one is gone."""

    opened: dict[int, Effect] = field(default_factory=dict)
    closed: dict[int, Effect] = field(default_factory=dict)
    #: a token may open it again: then an earlier one may stand although this step opened one too
    again: bool = False

    def open(self, effect: Effect) -> None:
        """The token has one now."""
        self.opened[effect.token] = effect

    def close(self, effect: Effect) -> None:
        """The token has none any more: neither one of this step nor one of before."""
        if self.opened.pop(effect.token, None) is None or self.again:
            self.closed[effect.token] = effect


@dataclass
class Left:
    """What a step leaves behind."""

    user_tasks: Waiting = field(default_factory=Waiting)
    timers: Waiting = field(default_factory=Waiting)
    subscriptions: Waiting = field(default_factory=lambda: Waiting(again=True))
    jobs: Waiting = field(default_factory=Waiting)
    mails: list[effects.MailQueued] = field(default_factory=list)
    notes: list[effects.NoteWritten] = field(default_factory=list)
    messages: list[effects.MessageThrown] = field(default_factory=list)
    #: each with the ids of the subscriptions that began after it, in the same step
    signals: list[tuple[effects.SignalThrown, set[str]]] = field(default_factory=list)
    ended: effects.InstanceEnded | None = None

    @property
    def gone(self) -> set[int]:
        """The tokens that wait no longer for what they waited for before the step."""
        waited = (self.user_tasks, self.timers, self.subscriptions, self.jobs)
        return {token for waiting in waited for token in waiting.closed}

    def take(self, effect: Effect) -> None:
        """Add what one more effect leaves."""
        match effect:
            case effects.MailQueued():
                self.mails.append(effect)
            case effects.NoteWritten():
                self.notes.append(effect)
            case effects.MessageThrown():
                self.messages.append(effect)
            case effects.SignalThrown():
                self.signals.append((effect, set()))
            case effects.InstanceEnded():
                self.ended = effect
            case _ if type(effect) in _OPENING:
                for _, beyond in self.signals:
                    beyond.add(effect.id)
                getattr(self, _OPENING[type(effect)]).open(effect)
            case _ if type(effect) in _CLOSING:
                getattr(self, _CLOSING[type(effect)]).close(effect)


_OPENING: dict[type[Effect], str] = {
    effects.UserTaskOpened: "user_tasks",
    effects.TimerSet: "timers",
    effects.SubscriptionOpened: "subscriptions",
    effects.JobCreated: "jobs",
}
_CLOSING: dict[type[Effect], str] = {
    effects.UserTaskClosed: "user_tasks",
    effects.TimerCancelled: "timers",
    effects.SubscriptionClosed: "subscriptions",
    effects.JobCancelled: "jobs",
}


def sort_out(happened: Iterable[Effect]) -> Left:
    """What the effects leave, in their order."""
    left = Left()
    for effect in happened:
        left.take(effect)
    return left


def journal_data(effect: Effect) -> dict[str, Any]:
    """An effect as the journal keeps it: JSON values, without what stands in columns, without what is empty."""
    named = {item.name: getattr(effect, item.name) for item in fields(effect)}
    told = {name: _jsonable(value) for name, value in named.items() if name not in ("id", "element")}
    return {name: value for name, value in told.items() if value not in ("", None, {}, [])}


def _jsonable(value: Any) -> Any:
    match value:
        case effects.At() | effects.Day() | effects.Working() | effects.Goal():
            return due_to_json(value)
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {name: _jsonable(part) for name, part in value.items()}
        case tuple() | list():
            return [_jsonable(part) for part in value]
    return value
