"""Incidents: what stands still until somebody mends it, and trying again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands import incidents
from engine.queries.operations import incidents as reads
from web.api.paging import PageQuery
from web.http.operations import Call, Input, Output, Routes, example
from web.http.paths import Id
from web.http.told import Told

routes = Routes("incidents")


class Retry(Input):
    """Variables that are set before the step, job or mail is tried again."""

    model_config = example({"variables": {"amount": 120}})

    variables: dict[str, Any] = Field(default_factory=dict)


class Incident(Output):
    """Something that failed at an element."""

    id: int
    kind: str
    package: str | None
    ticket: int | None
    instance: str | None
    element: str
    problem: Told
    state: Literal["open", "resolved"]
    raised_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None


class Incidents(Output):
    """A page of incidents, newest first."""

    items: list[Incident]
    next: str | None


class IncidentsQuery(PageQuery):
    """Which incidents."""

    state: Literal["open", "resolved"] | None = "open"
    package: Annotated[str | None, Field(max_length=100)] = None
    ticket: Id | None = None


@routes.add("GET", "/incidents", scope="read", query=IncidentsQuery, gives=Incidents)
def list_incidents(call: Call, query: IncidentsQuery) -> Any:
    """List the incidents of the packages that one operates."""
    return reads.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/incidents/<id:incident_id>", scope="read", gives=Incident)
def read(call: Call, incident_id: int) -> Any:
    """Read an incident."""
    return reads.one(call.engine, call.actor, incident_id)


@routes.add("POST", "/incidents/<id:incident_id>/retry", scope="admin", body=Retry, gives=Incident)
def retry(call: Call, incident_id: int, body: Retry) -> Any:
    """Try again what failed."""
    incidents.retry(call.engine, incident_id, call.actor, body.variables)
    return reads.one(call.engine, call.actor, incident_id)
