"""Process instances: many, and one with its tokens on the diagram, its variables and its history; cancelling one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from engine.commands import instances
from engine.domain.errors import Conflict, Invalid
from engine.domain.storable import read_id
from engine.queries import diagrams
from engine.queries.operations import history
from engine.queries.operations import instances as reads
from engine.queries.operations.instances import State
from engine.queries.reading import reading
from web.pages.operations.access import one_of, operated, ticket_of
from web.pages.operations.variables import changed, mark, placed
from web.pages.operations.words import AGES, HAPPENED, INSTANCE_STATES, KINDS, WAITS
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("operations instances")


@pages.get("/operations/instances", to="staff")
def index(visit: Visit) -> Answer:
    """Processes, the one that was started last first."""
    packages, query = operated(visit), visit.query
    names = reads.processes(visit.engine, visit.actor)
    chosen: dict[str, Any] = {
        "package": one_of(query.get("package", ""), tuple(package.id for package in packages)) or None,
        "process": one_of(query.get("process", ""), tuple(names)) or None,
        "state": cast(State | None, one_of(query.get("state", ""), tuple(INSTANCE_STATES)) or None),
        "ticket": ticket_of(visit),
    }
    days = next((days for days in AGES if query.get("days") == str(days)), None)
    before = visit.now - timedelta(days=days) if days else None
    found = reads.listed(visit.engine, visit.actor, before=before, cursor=query.get("cursor"), **chosen)
    return render(
        "operations/instances.html", found=found, packages=packages, processes=names, days=days, ages=AGES,
        states=INSTANCE_STATES, **chosen,
    )  # fmt: skip


@pages.get("/operations/instances/<key:instance_id>", to="staff")
def show(visit: Visit, instance_id: str) -> Answer:
    """One process: where it stands on the diagram, what it knows, what happened to it."""
    return _page(visit, instance_id)


def _page(visit: Visit, instance_id: str, status: int = 200, **more: Any) -> Answer:
    cursor = visit.query.get("cursor")
    with reading(visit.engine, visit.actor, visit.language):
        found = reads.one(visit.engine, visit.actor, instance_id)
        way = diagrams.of_instance(visit.engine, visit.actor, instance_id)
        happened = history.of_instance(visit.engine, visit.actor, instance_id, limit=30, cursor=cursor)
    given = {"errors": {}, "problem": "", "typed": None, "scope": None, **more}
    return render(
        "operations/instance.html", status=status, found=found, row=found.row, way=way, happened=happened,
        states=INSTANCE_STATES, waits=WAITS, happenings=HAPPENED, kinds=KINDS, mark=mark, **given,
    )  # fmt: skip


@pages.post("/operations/instances/<key:instance_id>/variables", to="staff")
def change_variables(visit: Visit, instance_id: str) -> Answer:
    """Give its variables other values."""
    form, scope = visit.form, visit.form.number("token")
    given: dict[str, Any] = {}
    try:
        given = changed(form, "variables")
        instances.set_variables(
            visit.engine, instance_id, visit.actor, given, form.text("reason"),
            token=scope or 0, revision=read_id(form.text("revision")) or 0,
        )  # fmt: skip
    except Invalid as error:
        wrong = placed(error.fields, variables=given)
        return _page(visit, instance_id, 422, errors=wrong, typed=form, scope=scope)
    except Conflict as error:
        return _page(visit, instance_id, 409, problem=str(error), typed=form, scope=scope)
    return visit.see(f"/operations/instances/{instance_id}", said=visit.say("The variables are changed."))


@pages.get("/operations/instances/<key:instance_id>/cancel", to="staff")
def ask_to_cancel(visit: Visit, instance_id: str) -> Answer:
    """Whether it is really to be cancelled, and why."""
    found = reads.one(visit.engine, visit.actor, instance_id)
    return render("operations/cancel.html", row=found.row, errors={})


@pages.post("/operations/instances/<key:instance_id>/cancel", to="staff")
def cancel(visit: Visit, instance_id: str) -> Answer:
    """End it, with all that it waits for."""
    place = f"/operations/instances/{instance_id}"
    try:
        instances.cancel(visit.engine, instance_id, visit.actor, visit.form.text("reason"))
    except Invalid as error:
        with reading(visit.engine, visit.actor, visit.language):
            found = reads.one(visit.engine, visit.actor, instance_id)
        return render("operations/cancel.html", status=422, row=found.row, errors=error.fields)
    except Conflict as error:
        return visit.see(place, said=visit.say(error.args[0]))
    return visit.see(place, said=visit.say("The process is cancelled."))
