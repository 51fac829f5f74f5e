"""What a job handler gets and gives. No handler stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class HandlerSettings:
    """What the operator says about the world outside."""

    #: `smtp://`, `smtps://` or `smtp+starttls://[user:password@]host[:port]`; empty: mail is kept
    smtp_url: str = ""
    #: hosts that webhooks may reach although their addresses are private or loopback
    webhook_private_hosts: frozenset[str] = frozenset()
    #: seconds for which the other side may keep silent
    timeout: float = 20.0
    #: how long after each failed attempt the next one is made; after the last, it is an incident
    retry_after: tuple[timedelta, ...] = (
        timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    )  # fmt: skip
    #: how long an attempt is nobody else's; whoever was killed meanwhile is followed by the next
    lease: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class JobValues:
    """One thing to do outside. `id` is the same at every attempt: it is the idempotency key."""

    id: str
    type: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    #: 1 at the first attempt
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Done:
    """It was done; `result` becomes variables of the process."""

    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BpmnError:
    """It was done and came to an end that the diagram may catch: an error boundary event with this code."""

    code: str
    problem: str = ""


class JobFailure(Exception):
    """The attempt failed; another one may succeed. Its text stands in the incident after the last."""


class PermanentFailure(JobFailure):
    """No further attempt would succeed."""


Handler = Callable[[JobValues, HandlerSettings], Done | BpmnError]
