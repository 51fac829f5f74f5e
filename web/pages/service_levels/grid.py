"""The service level policy of a package as a grid, edited in place; its calendars; and its earlier versions."""

from __future__ import annotations

from typing import Any

from engine.commands.packages import policies
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.package_files.calendars import ALWAYS
from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.queries.packages import policies as reads
from engine.queries.reading import reading
from web.pages.rendering import render
from web.pages.service_levels import calendars, rows
from web.pages.service_levels.rearranging import rearrange
from web.pages.service_levels.rows import Grid
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("service level policies")

#: the ticket's fields that conditions ask for
_ASKED = ("category", "request_type", "department", "status")


@pages.get("/service-levels/<key:package>", to="staff")
def show(visit: Visit, package: str) -> Answer:
    """The policy that counts for clocks that start now."""
    with reading(visit.engine, visit.actor, visit.language):
        found, current = _package(visit, package), reads.current(visit.engine, visit.actor, package)
        return _page(visit, found, current, rows.of_policy(current.policy, found, visit.language))


@pages.post("/service-levels/<key:package>", to="staff")
def save(visit: Visit, package: str) -> Answer:
    """Save a new version; or add, move and remove rows and calendars of what isn't saved yet."""
    with reading(visit.engine, visit.actor, visit.language):
        found, current = _package(visit, package), reads.current(visit.engine, visit.actor, package)
        uses = reads.uses(visit.engine, visit.actor, package)
    grid = rows.of_form(visit.form, found)
    # what stands in the field of a new calendar isn't lost, though Enter or Save was pressed there
    deed = visit.form.text("do") or ("calendar" if grid.new_calendar.strip() else "")
    if deed:
        rearrange(grid, deed, visit.form.text("field"), found, uses)
        return _page(visit, found, current, grid, status=422 if grid.errors else 200, changed=True)
    expected = visit.form.number("expected_version") or 0
    wanted = rows.to_policy(grid, visit.language)
    try:
        Policy.from_json({"calendars": wanted["calendars"]})
        if not grid.errors:
            number = policies.change(visit.engine, visit.actor, package, wanted, expected, visit.form.text("reason"))
            return visit.see(f"/service-levels/{package}", visit.say("Saved as version {number}.", number=number))
    except Invalid as error:
        _note(grid, error)
    except Conflict as error:
        grid.errors["grid"] = [str(error)]
    return _page(visit, found, current, grid, status=422, changed=True)


def _package(visit: Visit, package_id: str) -> Package:
    """A package whose service levels the reader may change. Raises `NotFound`."""
    with reading(visit.engine, visit.actor) as reader:
        package = reader.package(package_id)
        if not visit.actor.may("edit_policy", package):
            raise NotFound(said("There is no such package."))
        return package


def _page(
    visit: Visit, package: Package, current: Any, grid: Grid, status: int = 200, *, changed: bool = False
) -> Answer:
    with reading(visit.engine, visit.actor, visit.language):
        dates = [one for one in package.fields.values() if one.type == "date"]
        goals = {row["goal"]: "" for row in grid.rows} | dict.fromkeys(package.goals, "")
        return render(
            "service_levels/grid.html", status=status, package=package, current=current, grid=grid, changed=changed,
            versions=reads.versions(visit.engine, visit.actor, package.id), choices=rows.choices_of, dates=dates,
            goals=sorted(goals), calendars=[ALWAYS, *(one["key"] for one in grid.calendars)], days=calendars.DAYS,
            askable=[name for name in (*_ASKED, *package.fields) if name not in grid.columns and name in
                     (*BUILT_IN_FIELDS, *package.fields)],
        )  # fmt: skip


def _note(grid: Grid, error: Invalid) -> None:
    """What is wrong stands at its own field; what has none, above the grid."""
    places = {**rows.places(grid), "reason": "reason"}
    for name, texts in error.fields.items() or [("", [str(error)])]:
        grid.errors.setdefault(places.get(name, "grid"), []).extend(texts)
