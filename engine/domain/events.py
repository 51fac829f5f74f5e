"""What comes from outside to a process instance: the third argument of `advance`.

Every event is a plain value that can be stored as JSON (`to_json`, `from_json`), so that an incident can
keep the event that failed and a retry can apply it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, get_args

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Started:
    """The instance begins at the none start event of `process`."""

    kind: ClassVar[str] = "started"
    #: the instance's id: every token's and effect's id derives from it
    instance: str
    #: id of the process to run
    process: str
    #: what messages to this instance are correlated by, unless an element says otherwise: the ticket's id
    business_key: str = ""
    variables: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UserTaskCompleted:
    """Somebody completed the user task of a token; `data` was checked against its form."""

    kind: ClassVar[str] = "user_task_completed"
    token: int
    data: Data = field(default_factory=dict)
    #: the account that completed it, for expressions (`completed_by`) and the journal
    by: str = ""


@dataclass(frozen=True, slots=True)
class TimerDue:
    """The timer that a token set is due. The seam never compares times: who sends this has."""

    kind: ClassVar[str] = "timer_due"
    token: int


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message was correlated to the subscription of a token."""

    kind: ClassVar[str] = "message_received"
    token: int
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignalReceived:
    """A signal that a token waits for was thrown."""

    kind: ClassVar[str] = "signal_received"
    token: int
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactsChanged:
    """The ticket has changed outside of the process: conditional events are asked whether they have come."""

    kind: ClassVar[str] = "facts_changed"


@dataclass(frozen=True, slots=True)
class JobCompleted:
    """The job of a token's service task was done; `result` becomes variables."""

    kind: ClassVar[str] = "job_completed"
    token: int
    result: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The job of a token's service task failed for good.

    `error` is the BPMN error code that it reported, empty for a technical failure after the last try.
    """

    kind: ClassVar[str] = "job_failed"
    token: int
    problem: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The instance is ended from outside: every token is cancelled."""

    kind: ClassVar[str] = "cancelled"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VariablesSet:
    """Somebody who operates the process gives variables values; nothing moves by it.

    They are written as the token would: where a name is known to it already, else in its process.
    """

    kind: ClassVar[str] = "variables_set"
    token: int
    variables: Data = field(default_factory=dict)


Event = (
    Started
    | UserTaskCompleted
    | TimerDue
    | MessageReceived
    | SignalReceived
    | FactsChanged
    | JobCompleted
    | JobFailed
    | Cancelled
    | VariablesSet
)

_KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in get_args(Event)}


#: which part of an event somebody who tries it again may give other values for
GIVEN = {
    "started": "variables", "user_task_completed": "data", "message_received": "data", "signal_received": "data",
    "job_completed": "result",
}  # fmt: skip


def to_json(event: Event) -> dict[str, Any]:
    """The event as JSON values, with its `kind`."""
    return {"kind": event.kind, **asdict(event)}


def from_json(stored: Mapping[str, Any]) -> Event:
    """The event that `to_json` stored. Raises `KeyError` or `TypeError` where it isn't one."""
    values = dict(stored)
    return _KINDS[values.pop("kind")](**values)
