"""Process instances: the runs of processes on a ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands import instances
from engine.queries import instances as reads
from web.http.operations import Call, Input, Output, Routes, example

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


class Instances(Output):
    """All instances of a ticket, oldest first."""

    items: list[Instance]


@routes.add("GET", "/tickets/<id:ticket_id>/instances", scope="read", gives=Instances)
def of_ticket(call: Call, ticket_id: int) -> Any:
    """List the process instances of a ticket."""
    return {"items": reads.of_ticket(call.engine, call.actor, ticket_id)}


@routes.add("POST", "/instances/<key:instance>/cancel", scope="admin", body=Cancellation, gives=Instance)
def cancel(call: Call, instance: str, body: Cancellation) -> Any:
    """End an instance: all that it waits for is taken away."""
    instances.cancel(call.engine, instance, call.actor, body.reason)
    return reads.one(call.engine, call.actor, instance)
