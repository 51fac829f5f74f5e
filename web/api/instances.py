"""Process instances: the runs of processes on a ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from engine.commands import instances
from engine.queries import diagrams
from engine.queries import instances as reads
from engine.queries.operations import instances as operated
from web.api.paging import PageQuery
from web.http.operations import Call, Input, Output, Routes, example
from web.http.paths import Id

routes = Routes("instances")


class Cancellation(Input):
    """Why."""

    model_config = example({"reason": "Opened twice by mistake"})

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Instance(Output):
    """One run of a process on a ticket; `outcome` is empty while it runs."""

    id: str
    ticket: int
    package: str
    version: int
    process: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Literal["completed", "cancelled", "failed"] | None


class VariablesGiven(Input):
    """Values that variables get where a token sees them; a `revision` that isn't the present one is a conflict."""

    model_config = example({"token": 12, "variables": {"amount": 120}, "reason": "Wrongly typed"})

    token: Id
    variables: dict[str, Any]
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    revision: int | None = None


class Token(Output):
    """Where an instance stands, and what it waits for there."""

    token: int
    process: str
    element: str
    label: str
    waits: Literal["user_task", "timer", "message", "job", "join", "events", ""]
    since: datetime | None


class Variable(Output):
    """A variable; `text` is the value as text or JSON, `cut` where it is longer than shown."""

    name: str
    kind: Literal["text", "number", "boolean", "nothing", "list", "record"]
    text: str
    cut: bool


class Scope(Output):
    """The variables of the instance, a subprocess or a call activity; `token` is one that sees them."""

    name: str
    token: int | None
    variables: list[Variable]


class InstanceInside(Instance):
    """An instance with where it stands and what it knows."""

    revision: int
    tokens: list[Token]
    scopes: list[Scope]


class RunningInstance(Instance):
    """An instance in a list; `troubled` while a step of it has failed."""

    troubled: bool


class RunningInstances(Output):
    """A page of instances, the one started last first."""

    items: list[RunningInstance]
    next: str | None


class InstancesQuery(PageQuery):
    """Which instances; `before`: those that were started before then."""

    state: Literal["running", "troubled", "completed", "cancelled", "failed"] | None = None
    package: Annotated[str | None, Field(max_length=100)] = None
    process: Annotated[str | None, Field(max_length=200)] = None
    ticket: Id | None = None
    before: AwareDatetime | None = None


class Instances(Output):
    """All instances of a ticket, oldest first."""

    items: list[Instance]


@routes.add("GET", "/tickets/<id:ticket_id>/instances", scope="read", gives=Instances)
def of_ticket(call: Call, ticket_id: int) -> Any:
    """List the process instances of a ticket."""
    return {"items": reads.of_ticket(call.engine, call.actor, ticket_id)}


@routes.add("GET", "/instances", scope="read", query=InstancesQuery, gives=RunningInstances)
def list_instances(call: Call, query: InstancesQuery) -> Any:
    """List the instances of the packages that one operates."""
    return operated.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/instances/<key:instance>", scope="read", gives=InstanceInside)
def read(call: Call, instance: str) -> Any:
    """Read an instance that one operates: where it stands, what it knows."""
    found = operated.one(call.engine, call.actor, instance)
    tokens = diagrams.of_instance(call.engine, call.actor, instance).stands
    shown = {name: getattr(found.row, name) for name in Instance.model_fields}
    return {**shown, "revision": found.revision, "tokens": tokens, "scopes": found.scopes}


@routes.add("PATCH", "/instances/<key:instance>/variables", scope="admin", body=VariablesGiven, gives=InstanceInside)
def set_variables(call: Call, instance: str, body: VariablesGiven) -> Any:
    """Give variables of a running instance other values."""
    instances.set_variables(
        call.engine, instance, call.actor, body.variables, body.reason, token=body.token, revision=body.revision
    )
    return read(call, instance)


@routes.add("POST", "/instances/<key:instance>/cancel", scope="admin", body=Cancellation, gives=Instance)
def cancel(call: Call, instance: str, body: Cancellation) -> Any:
    """End an instance: all that it waits for is taken away."""
    instances.cancel(call.engine, instance, call.actor, body.reason)
    return reads.one(call.engine, call.actor, instance)
