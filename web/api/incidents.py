"""Incidents: what stands still until somebody mends it, and trying again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands import incidents
from engine.domain.remedies import Cause
from engine.queries.operations import incidents as reads
from engine.queries.operations.mending import mending
from web.api.paging import PageQuery
from web.http.operations import Call, Input, Output, Routes, example
from web.http.paths import Id
from web.http.told import Told

routes = Routes("incidents")


class Retry(Input):
    """What is changed before the step, job, mail or message is tried again.

    `variables` take the place of values that the event brought; `instance_variables` are written into the process.
    """

    model_config = example({"variables": {"amount": 120}, "instance_variables": {"rate": 22}})

    variables: dict[str, Any] = Field(default_factory=dict)
    instance_variables: dict[str, Any] = Field(default_factory=dict)


class Resolution(Input):
    """Why it isn't tried again."""

    model_config = example({"reason": "The customer was told by phone"})

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Incident(Output):
    """Something that failed at an element."""

    id: int
    kind: Literal["step", "job", "mail", "message"]
    cause: Cause
    package: str | None
    ticket: int | None
    instance: str | None
    element: str
    label: str
    problem: Told
    tries: int
    state: Literal["open", "resolved"]
    raised_at: datetime
    failed_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None
    reason: str


class IncidentToMend(Incident):
    """An incident with what to do about it; `may_stay`: it may be resolved without another try."""

    remedy: list[Told]
    #: kind of the event whose step failed
    event: str
    may_stay: bool


class Incidents(Output):
    """A page of incidents, newest first."""

    items: list[Incident]
    next: str | None


class IncidentsQuery(PageQuery):
    """Which incidents."""

    state: Literal["open", "resolved"] | None = "open"
    package: Annotated[str | None, Field(max_length=100)] = None
    ticket: Id | None = None
    cause: Cause | None = None


@routes.add("GET", "/incidents", scope="read", query=IncidentsQuery, gives=Incidents)
def list_incidents(call: Call, query: IncidentsQuery) -> Any:
    """List the incidents of the packages that one operates."""
    return reads.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/incidents/<id:incident_id>", scope="read", gives=IncidentToMend)
def read(call: Call, incident_id: int) -> Any:
    """Read an incident, with what to do about it."""
    found = mending(call.engine, call.actor, incident_id)
    shown = {name: getattr(found.incident, name) for name in Incident.model_fields}
    return {**shown, "remedy": found.remedy, "event": found.event, "may_stay": found.may_stay}


@routes.add("POST", "/incidents/<id:incident_id>/retry", scope="admin", body=Retry, gives=Incident)
def retry(call: Call, incident_id: int, body: Retry) -> Any:
    """Try again what failed."""
    incidents.retry(call.engine, incident_id, call.actor, body.variables, body.instance_variables)
    return reads.one(call.engine, call.actor, incident_id)


@routes.add("POST", "/incidents/<id:incident_id>/resolve", scope="admin", body=Resolution, gives=Incident)
def resolve(call: Call, incident_id: int, body: Resolution) -> Any:
    """Leave it as it is, where nothing stands still by it."""
    incidents.resolve(call.engine, incident_id, call.actor, body.reason)
    return reads.one(call.engine, call.actor, incident_id)
