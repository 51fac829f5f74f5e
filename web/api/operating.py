"""What operators look at beside incidents, instances, jobs and mails: counts, timers, messages that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.queries.operations import messages, timers
from engine.queries.operations import overview as counts
from web.api.paging import PageQuery
from web.http.operations import Call, Output, Routes

routes = Routes("operating")

Key = Annotated[str, Field(max_length=100)]


class Overview(Output):
    """Counts of the packages that one operates, each up to 1,000; `worker_looks`: somebody does what is due."""

    incidents: int
    running: int
    troubled: int
    jobs_waiting: int
    jobs_failed: int
    mails_waiting: int
    mails_failed: int
    mails_kept: int
    timers: int
    timers_overdue: int
    messages_waiting: int
    oldest_incident: datetime | None
    oldest_job: datetime | None
    oldest_mail: datetime | None
    oldest_timer: datetime | None
    worker_seen: datetime | None
    worker_looks: bool


class Timer(Output):
    """A token waits for a time; `due_at` is empty while its clock is paused, and while an incident holds it."""

    id: str
    package: str
    ticket: int
    instance: str
    element: str
    label: str
    goal: str
    mark: str
    due_at: datetime | None
    late: bool
    incident: int | None


class Timers(Output):
    """A page of timers, the one that is due first first."""

    items: list[Timer]
    next: str | None


class TimersQuery(PageQuery):
    """Which timers."""

    which: Literal["due", "overdue", "standing"] = "due"
    package: Key | None = None
    goal: Key | None = None


class Message(Output):
    """A message that was published or thrown."""

    id: str
    package: str | None
    name: str
    key: str
    ticket: int | None
    state: Literal["waiting", "failed", "expired", "delivered"]
    published_at: datetime
    expires_at: datetime


class Messages(Output):
    """A page of messages, the one that expires first first."""

    items: list[Message]
    next: str | None


class MessagesQuery(PageQuery):
    """Which messages."""

    state: Literal["waiting", "failed", "expired", "delivered"] = "waiting"
    package: Key | None = None


@routes.add("GET", "/operations", scope="read", gives=Overview)
def overview(call: Call) -> Any:
    """Look at all that stands still, waits or is late, and at the worker."""
    return counts.overview(call.engine, call.actor)


@routes.add("GET", "/timers", scope="read", query=TimersQuery, gives=Timers)
def list_timers(call: Call, query: TimersQuery) -> Any:
    """List the timers of the packages that one operates."""
    return timers.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/messages", scope="read", query=MessagesQuery, gives=Messages)
def list_messages(call: Call, query: MessagesQuery) -> Any:
    """List the messages of the packages that one operates, as they wait for somebody to want them."""
    return messages.listed(call.engine, call.actor, **query.model_dump())
