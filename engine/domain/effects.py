"""What a step asks to be written: the second value that `advance` returns.

Effects are plain values in the order in which they arose. Each has an `id` that is stable (instance, token,
kind, ordinal), so that doing one twice can be told from doing two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

Outcome = Literal["completed", "cancelled", "failed"]
Mark = Literal["deadline", "warning"]


@dataclass(frozen=True, slots=True)
class At:
    """Due at an instant (aware, UTC)."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """Due at the closing time of a day (ISO date) in the package's calendar: a date alone means that."""

    day: str


@dataclass(frozen=True, slots=True)
class Working:
    """Due when so much working time has passed (`working("PT3H")`), in the named calendar or the package's."""

    #: ISO 8601 duration of days, hours, minutes
    duration: str
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """Due when a service level goal's clock says so (`deadline("quote")`, `warning("quote")`)."""

    goal: str
    mark: Mark = "deadline"


Due = At | Day | Working | Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Base of all effects."""

    kind: ClassVar[str] = ""
    #: stable: instance + token + kind + ordinal
    id: str
    token: int
    #: id of the BPMN element at which it arose
    element: str
    #: id of the process or subprocess that the element stands in: two files may use one element id
    process: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementEntered(Effect):
    """A token came to an element, by `flow` (empty for starts, boundaries and handlers)."""

    kind: ClassVar[str] = "element_entered"
    flow: str = ""
    #: why that flow: its condition, and the values that the condition read
    why: Mapping[str, Any] = field(default_factory=dict)
    #: key of the step that customers see, where the element names one
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementLeft(Effect):
    """A token left an element, or was taken away from it."""

    kind: ClassVar[str] = "element_left"
    outcome: Outcome = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskOpened(Effect):
    """Somebody has something to do."""

    kind: ClassVar[str] = "user_task_opened"
    name: str
    #: name of the lane that the element stands in, empty for none; the package maps it to groups
    lane: str = ""
    #: candidate groups that the element itself names; they come before the lane's
    groups: tuple[str, ...] = ()
    #: account that the element names, empty for none
    assignee: str = ""
    #: form that it shows, empty for none: `forms/<form>.form`
    form: str = ""
    #: goal whose deadline the user task is shown with, empty for none
    goal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskClosed(Effect):
    """Nobody has that to do any more."""

    kind: ClassVar[str] = "user_task_closed"
    outcome: Outcome = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerSet(Effect):
    """The token waits for a time. A token has at most one timer."""

    kind: ClassVar[str] = "timer_set"
    due: Due


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerCancelled(Effect):
    """The token's timer no longer matters (or has just fired)."""

    kind: ClassVar[str] = "timer_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCreated(Effect):
    """Something is to be done outside, and the token waits for its end."""

    kind: ClassVar[str] = "job_created"
    type: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCancelled(Effect):
    """The token no longer waits for its job."""

    kind: ClassVar[str] = "job_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailQueued(Effect):
    """A mail goes out, and no token waits for it."""

    kind: ClassVar[str] = "mail_queued"
    #: `mail/<template>.…` of the package
    template: str
    #: who gets it: involved, staff, requester, assignee, or group:<group>
    to: str = "involved"
    #: the variables that its text may use
    variables: Mapping[str, Any] = field(default_factory=dict)


#: the key of a subscription that any message of its name fits: the first one of a conversation
ANY_KEY = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionOpened(Effect):
    """The token waits for a message, or for a signal. A token has at most one subscription."""

    kind: ClassVar[str] = "subscription_opened"
    #: the message's or the signal's name
    message: str
    key: str = ""
    signal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionClosed(Effect):
    """The token no longer waits for its message."""

    kind: ClassVar[str] = "subscription_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageThrown(Effect):
    """A message leaves the instance; delivering it is another command."""

    kind: ClassVar[str] = "message_thrown"
    message: str
    key: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    #: how long it is kept where nobody waits for it
    time_to_live: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalThrown(Effect):
    """A signal leaves the instance; all who wait for it now get it, each by a command of its own."""

    kind: ClassVar[str] = "signal_thrown"
    signal: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChanged(Effect):
    """Fields of the ticket get new values (`status`, `request_type`, `category`, `assignee`, …)."""

    kind: ClassVar[str] = "ticket_changed"
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Effect):
    """A public note on the ticket, by whoever caused the step. It is no message: the process knows of it."""

    kind: ClassVar[str] = "note_written"
    text: str
    expects: Literal["staff", "customer", "nobody"] = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted(Effect):
    """The clock of a service level goal starts; one that runs already goes on (it isn't started anew)."""

    kind: ClassVar[str] = "clock_started"
    goal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped(Effect):
    """The clock of a goal stops: `met` says that what was promised was done, else it was given up."""

    kind: ClassVar[str] = "clock_stopped"
    goal: str
    met: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesChanged(Effect):
    """Variables got values; for the journal. `None` of a name that was deleted."""

    kind: ClassVar[str] = "variables_changed"
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceEnded(Effect):
    """The instance has no token left."""

    kind: ClassVar[str] = "instance_ended"
    outcome: Outcome = "completed"
