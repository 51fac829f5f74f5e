"""Incidents: found, understood, mended."""

from __future__ import annotations

from typing import Any

from engine.commands import incidents
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.said import said
from engine.queries import diagrams
from engine.queries.operations import incidents as reads
from engine.queries.operations.mending import mending
from engine.queries.reading import reading
from web.pages.operations.access import one_of, operated, ticket_of
from web.pages.operations.variables import changed, mark, placed
from web.pages.operations.words import CAUSES, EVENTS, INCIDENT_STATES, KINDS
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("operations incidents")
#: tried again together, at most
MANY = 200


@pages.get("/operations/incidents", to="staff")
def index(visit: Visit) -> Answer:
    """What stands still until somebody mends it, newest first."""
    packages, query = operated(visit), visit.query
    state = one_of(query.get("state", ""), tuple(INCIDENT_STATES), "open")
    chosen: dict[str, Any] = {
        "package": one_of(query.get("package", ""), tuple(package.id for package in packages)) or None,
        "cause": one_of(query.get("cause", ""), tuple(CAUSES)) or None,
        "ticket": ticket_of(visit),
    }
    found = reads.listed(visit.engine, visit.actor, state=state, cursor=query.get("cursor"), **chosen)
    counts = reads.by_cause(visit.engine, visit.actor)
    return render(
        "operations/incidents.html", found=found, counts=counts, packages=packages, state=state, causes=CAUSES,
        states=INCIDENT_STATES,
        **chosen,
    )  # fmt: skip


@pages.get("/operations/incidents/<id:incident_id>", to="staff")
def show(visit: Visit, incident_id: int) -> Answer:
    """One incident: what failed where, what to do, and the values to change before it is tried again."""
    return _page(visit, incident_id)


def _page(visit: Visit, incident_id: int, status: int = 200, **more: Any) -> Answer:
    with reading(visit.engine, visit.actor, visit.language):
        found = mending(visit.engine, visit.actor, incident_id)
        instance = found.incident.instance
        way = diagrams.of_instance(visit.engine, visit.actor, instance) if instance else None
    given = {"errors": {}, "problem": "", "typed": None, **more}
    return render(
        "operations/incident.html", status=status, found=found, incident=found.incident, way=way, causes=CAUSES,
        events=EVENTS, kinds=KINDS, mark=mark, **given,
    )  # fmt: skip


@pages.post("/operations/incidents/<id:incident_id>/retry", to="staff")
def retry(visit: Visit, incident_id: int) -> Answer:
    """Try it again, with other values where some were changed."""
    given: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    try:
        given, seen = changed(visit.form, "given"), changed(visit.form, "seen")
        incidents.retry(visit.engine, incident_id, visit.actor, given, seen)
    except Invalid as error:
        wrong = placed(error.fields, seen=seen, given=given)
        return _page(visit, incident_id, 422, errors=wrong, typed=visit.form)
    except Conflict as error:
        return _page(visit, incident_id, 409, problem=str(error), typed=visit.form)
    return visit.see("/operations/incidents", said=visit.say("It was tried again, and went on."))


@pages.post("/operations/incidents/<id:incident_id>/resolve", to="staff")
def resolve(visit: Visit, incident_id: int) -> Answer:
    """Leave it as it is, for a reason."""
    try:
        incidents.resolve(visit.engine, incident_id, visit.actor, visit.form.text("reason"))
    except Invalid as error:
        return _page(visit, incident_id, 422, errors=error.fields, typed=visit.form)
    except Conflict as error:
        return _page(visit, incident_id, 409, problem=str(error), typed=visit.form)
    return visit.see("/operations/incidents", said=visit.say("The incident is resolved."))


@pages.post("/operations/incidents/retry", to="staff")
def retry_many(visit: Visit) -> Answer:
    """Try all that fit the filter again, each by itself."""
    packages = operated(visit)
    package = one_of(visit.form.text("package"), tuple(package.id for package in packages)) or None
    cause = one_of(visit.form.text("cause"), tuple(CAUSES)) or None
    if (package or "", cause or "") != (visit.form.text("package"), visit.form.text("cause")):
        raise NotFound(said("There is nothing here, or nothing that you may see."))  # not: all of them
    wanted = reads.open_ones(visit.engine, visit.actor, package=package, cause=cause, limit=MANY)
    retried = incidents.retry_each(visit.engine, wanted, visit.actor)
    told = visit.say(
        "{done} went on, {failed} failed again, {left} were not tried yet.",
        done=len(retried.done), failed=len(retried.failed), left=len(retried.left),
    )  # fmt: skip
    back = "&".join(f"{name}={value}" for name, value in (("package", package), ("cause", cause)) if value)
    return visit.see("/operations/incidents" + (f"?{back}" if back else ""), said=told)
