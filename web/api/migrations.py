"""Migrations: what would become of open tickets, moving one or all of them to a version, how far that is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands import tickets
from engine.commands.packages import migrations
from engine.queries.migrations import progress, verdicts
from web.api.paging import PageQuery
from web.http.operations import Call, Created, Input, Output, Routes, example
from web.http.told import Told

routes = Routes("migrations")

Verdict = Literal["safe", "choice", "impossible"]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Instead(Input):
    """Where the tokens at an element go that the version lacks: to another element of the same process."""

    process: Name
    element: Name
    to: Name


class Move(Input):
    """The version to go to, by its number, and where tokens go whose elements are gone."""

    model_config = example({"version": 2, "mapping": [{"process": "repair", "element": "look", "to": "examine"}]})

    version: Version
    mapping: Annotated[list[Instead], Field(max_length=500)] = Field(default_factory=list)

    @property
    def mapped(self) -> dict[tuple[str, str], str]:
        """The mapping by place."""
        return {(each.process, each.element): each.to for each in self.mapping}


class MoveAll(Move):
    """The same for all open tickets on other versions, or on one, `source`."""

    source: Version | None = None


class TicketsQuery(PageQuery):
    """Which tickets: all, or those of one verdict."""

    limit: Annotated[int, Field(ge=1, le=100)] = 25
    verdict: Verdict | None = None


class Option(Output):
    """An element to which tokens could go."""

    element: str
    label: str


class Finding(Output):
    """What keeps a ticket from moving as it is; `element` is empty for what concerns the ticket itself."""

    kind: Literal["choice", "impossible"]
    problem: Told
    process: str
    element: str
    label: str
    options: list[Option]


class Group(Output):
    """Tickets of which the same is said; a ticket is in a group for each reason."""

    verdict: Literal["choice", "impossible"]
    problem: Told
    process: str
    element: str
    label: str
    options: list[Option]
    tickets: int


class Check(Output):
    """The open tickets on other versions, counted by what would become of them; no process runs on `ended` others."""

    package: str
    version: int
    tickets: int
    safe: int
    choice: int
    impossible: int
    groups: list[Group]
    ended: int


class TicketCheck(Output):
    """A ticket with its verdict; `subject` is empty where one doesn't see it."""

    ticket: int
    number: str
    subject: str
    verdict: Verdict
    findings: list[Finding]


class TicketChecks(Output):
    """A page of tickets, the oldest first."""

    items: list[TicketCheck]
    next: str | None


class Migration(Output):
    """A migration: it has come to `moved`, `choice`, `impossible`; `left` are to come, `gone` ended or moved before."""

    id: int
    package: str
    version: int
    sources: list[int]
    state: Literal["running", "done", "failed", "stopped"]
    problem: str
    tickets: int
    moved: int
    choice: int
    impossible: int
    left: int
    gone: int
    started_at: datetime
    finished_at: datetime | None
    by: str


class Moved(Output):
    """How many processes of a ticket were moved."""

    instances: int


@routes.add("POST", "/packages/<key:package>/migrations/check", scope="admin", body=MoveAll, gives=Check, keyed=False)
def check(call: Call, package: str, body: MoveAll) -> Any:
    """Count what would become of the open tickets that run on other versions; nothing is moved."""
    return verdicts.check(call.engine, call.actor, package, body.version, body.mapped, source=body.source)


@routes.add(
    "POST", "/packages/<key:package>/migrations/check/tickets", scope="admin", body=MoveAll, query=TicketsQuery,
    gives=TicketChecks, keyed=False,
)  # fmt: skip
def check_tickets(call: Call, package: str, body: MoveAll, query: TicketsQuery) -> Any:
    """List these tickets with what would become of each, and why."""
    where = {"source": body.source, **query.model_dump()}
    return verdicts.tickets(call.engine, call.actor, package, body.version, body.mapped, **where)


@routes.add("POST", "/packages/<key:package>/migrations", scope="admin", body=MoveAll, gives=Migration, status=201)
def start(call: Call, package: str, body: MoveAll) -> Any:
    """Move the open tickets that run on other versions: each that is safe at that moment; the others stay."""
    number = migrations.start(call.engine, call.actor, package, body.version, body.mapped, body.source)
    begun = progress.one(call.engine, call.actor, package, number)
    return Created(begun, f"/packages/{package}/migrations/{number}")


@routes.add("GET", "/packages/<key:package>/migrations/<id:migration_id>", scope="admin", gives=Migration)
def read(call: Call, package: str, migration_id: int) -> Any:
    """Read how far a migration is."""
    return progress.one(call.engine, call.actor, package, migration_id)


@routes.add(
    "GET", "/packages/<key:package>/migrations/<id:migration_id>/stayed", scope="admin", query=PageQuery,
    gives=TicketChecks,
)  # fmt: skip
def stayed(call: Call, package: str, migration_id: int, query: PageQuery) -> Any:
    """List the tickets that a migration has left where they were, with why."""
    return progress.stayed(call.engine, call.actor, package, migration_id, **query.model_dump())


@routes.add("POST", "/packages/<key:package>/migrations/<id:migration_id>/stop", scope="admin", gives=Migration)
def stop(call: Call, package: str, migration_id: int) -> Any:
    """Have it move no further ticket; those that it has moved stay moved. A 409 says that it has ended already."""
    migrations.stop(call.engine, call.actor, package, migration_id)
    return progress.one(call.engine, call.actor, package, migration_id)


@routes.add("POST", "/tickets/<id:ticket_id>/migrate", scope="admin", body=Move, gives=Moved)
def migrate(call: Call, ticket_id: int, body: Move) -> Any:
    """Move one ticket with all that runs on it to a version of its package; a 409 says why it can't be."""
    return {"instances": tickets.migrate(call.engine, call.actor, ticket_id, body.version, body.mapped)}
