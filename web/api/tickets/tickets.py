"""Tickets: open, list, read, edit; and their journal."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from flask import Response
from pydantic import Field

from engine.commands import tickets
from engine.queries import journal as journal_reads
from engine.queries import tickets as reads
from engine.queries.packages.retelling import scenario_of
from engine.queries.tickets.orders import ORDERS
from web.api.paging import PageQuery
from web.http.operations import Call, Created, Input, Output, Routes, example
from web.http.paths import Id

routes = Routes("tickets")

#: one line: it stands in lists and in the subjects of mails
Subject = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")]
Text = Annotated[str, Field(max_length=20_000)]
Key = Annotated[str, Field(max_length=100)]


class NewTicket(Input):
    """A request. Staff with the permission name a requester; everybody else opens it for themselves."""

    model_config = example({"package": "workshop", "subject": "Squeaks", "text": "When braking, on the left."})

    package: Key
    subject: Subject
    text: Text = ""
    fields: dict[str, Any] = Field(default_factory=dict)
    requester: Id | None = None
    company: Id | None = None


class TicketChange(Input):
    """What changes; what is left out stays. `fields` are the package's own, `category`, `department`, `assignee`, …"""

    model_config = example({"subject": "Squeaks when braking", "fields": {"agreed_date": "2026-04-30"}})

    subject: Subject | None = None
    text: Text | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    seen: Annotated[
        dict[str, Any], Field(description="what the fields held when they were read: another value now is a conflict")
    ] = Field(default_factory=dict)


class Clock(Output):
    """A goal's clock: `deadline` is empty while it is paused, and what it was judged by once it has stopped.

    `met` says whether what was promised was done in time; it is empty while the clock runs, and where it was given up.
    """

    goal: str
    started_at: datetime
    deadline: datetime | None
    warning_at: datetime | None
    paused_since: datetime | None
    stopped_at: datetime | None
    met: bool | None


class Ticket(Output):
    """A ticket as the reader may see it: keys whose labels are the package's, `turn` for who is to move next,
    and the earliest `deadline` of a clock that runs."""

    id: int
    package: str
    number: str
    subject: str
    text: str
    status: str
    status_kind: str
    turn: Literal["staff", "customer", "nobody"]
    request_type: str
    category: str
    department: str
    step: str
    assignee: int | None
    assignee_name: str
    requester: int | None
    requester_name: str
    company: int | None
    company_name: str
    fields: dict[str, Any]
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    deadline: datetime | None
    deadline_goal: str


class FullTicket(Ticket):
    """A ticket with its clocks."""

    clocks: list[Clock]


class Tickets(Output):
    """A page of tickets."""

    items: list[Ticket]
    next: str | None


#: a ticket without a value to be sorted by comes last in either order
SORTS = tuple(sign + name for name in ORDERS for sign in ("", "-"))


class TicketsQuery(PageQuery):
    """Which tickets, in which order."""

    package: Key | None = None
    status: Key | None = None
    request_type: Key | None = None
    category: Key | None = None
    department: Key | None = None
    assignee: Id | None = None
    requester: Id | None = None
    company: Id | None = None
    opened_by: Id | None = None
    deadline: Annotated[Literal["late", "soon"] | None, Field(description="past, or less than a day away")] = None
    closed: bool | None = None
    text: Annotated[str | None, Field(max_length=200, description="words of number, subject, text and notes")] = None
    sort: Annotated[Literal[SORTS], Field(description="with a minus the greatest first")] = "-changed_at"  # type: ignore[valid-type]


class JournalEntry(Output):
    """One command, or one effect of it."""

    id: int
    at: datetime
    actor: int
    actor_name: str
    command: str
    kind: str
    element: str
    instance: str | None
    data: dict[str, Any]


class Journal(Output):
    """A page of a ticket's journal, oldest first."""

    items: list[JournalEntry]
    next: str | None


@routes.add("POST", "/tickets", scope="write", body=NewTicket, gives=FullTicket, status=201)
def open_ticket(call: Call, body: NewTicket) -> Created:
    """Open a ticket: its package's process starts."""
    opened = tickets.open(
        call.engine, call.actor, body.package, body.subject, body.text,
        fields=body.fields, requester=body.requester, company=body.company,
    )  # fmt: skip
    return Created(reads.one(call.engine, call.actor, opened.ticket_id), f"/tickets/{opened.ticket_id}")


@routes.add("GET", "/tickets", scope="read", query=TicketsQuery, gives=Tickets)
def list_tickets(call: Call, query: TicketsQuery) -> Any:
    """List the tickets that one may see."""
    return reads.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/tickets/<id:ticket_id>", scope="read", gives=FullTicket)
def read(call: Call, ticket_id: int) -> Any:
    """Read a ticket."""
    return reads.one(call.engine, call.actor, ticket_id)


@routes.add("PATCH", "/tickets/<id:ticket_id>", scope="write", body=TicketChange, gives=FullTicket)
def edit(call: Call, ticket_id: int, body: TicketChange) -> Any:
    """Change a ticket by hand; its clocks and timers follow, its status comes from the process alone."""
    texts = {"subject": body.subject, "text": body.text}
    given = {name: value for name, value in texts.items() if value is not None}
    tickets.edit(call.engine, call.actor, ticket_id, {**body.fields, **given}, body.seen)
    return reads.one(call.engine, call.actor, ticket_id)


@routes.add("GET", "/tickets/<id:ticket_id>/journal", scope="read", query=PageQuery, gives=Journal)
def journal(call: Call, ticket_id: int, query: PageQuery) -> Any:
    """Read what happened to a ticket."""
    return journal_reads.of_ticket(call.engine, call.actor, ticket_id, **query.model_dump())


@routes.add("GET", "/tickets/<id:ticket_id>/scenario", scope="read", gives=None)
def scenario(call: Call, ticket_id: int) -> Response:
    """Make a scenario (YAML) out of a ticket: it goes the same way, with invented names and texts.

    For who may deploy the ticket's package; 409 where the ticket can't be told.
    """
    return Response(scenario_of(call.engine, call.actor, ticket_id), content_type="text/yaml; charset=utf-8")
