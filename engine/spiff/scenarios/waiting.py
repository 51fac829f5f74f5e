"""What waits in a scenario's world: user tasks, timers, subscriptions, jobs; and what has gone out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain import effects
from engine.domain.effects import ANY_KEY, Due

#: instance and token
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that somebody has to do."""

    element: str
    groups: tuple[str, ...]
    assignee: str
    form: str
    goal: str


@dataclass(slots=True)
class SetTimer:
    """A timer and when it is due; None: not armed."""

    element: str
    due: Due
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Buffered:
    """A message that waits for somebody."""

    message: str
    key: str
    data: Mapping[str, Any]
    until: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A message or signal that somebody waits for."""

    element: str
    message: str
    key: str
    signal: bool = False

    def fits(self, message: Buffered) -> bool:
        """Whether a message is the one that is waited for."""
        named = self.message == message.message and not self.signal
        return named and self.key in (message.key, ANY_KEY)


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that went out."""

    template: str
    to: str
    at: datetime


@dataclass
class Running:
    """A process instance."""

    id: str
    state: bytes | None = None
    ended: bool = False


@dataclass
class Happened:
    """All that the world's instances did, in order."""

    #: texts of the public notes that the process wrote
    notes: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    #: (process, element or flow) for all that was entered and taken
    taken: set[tuple[str, str]] = field(default_factory=set)
    mails: list[Sent] = field(default_factory=list)
    #: (element, problem) of steps that failed
    incidents: list[tuple[str, str]] = field(default_factory=list)

    def take(self, effect: effects.Effect, now: datetime) -> None:
        """Keep what one effect tells."""
        match effect:
            case effects.ElementEntered(flow=flow):
                self.path.append(effect.element)
                self.taken |= {(effect.process, effect.element), (effect.process, flow)}
            case effects.MailQueued(template=template, to=to):
                self.mails.append(Sent(template, to, now))
            case effects.NoteWritten(text=text):
                self.notes.append(text)
