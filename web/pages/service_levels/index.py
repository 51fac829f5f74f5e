"""The packages whose service levels the reader may change."""

from __future__ import annotations

from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.packages import policies
from engine.queries.reading import reading
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("service levels")


@pages.get("/service-levels", to="staff")
def show(visit: Visit) -> Answer:
    """Each package with the version of its policy; the only one at once."""
    with reading(visit.engine, visit.actor) as reader:
        mine = [one for one in reader.packages.values() if visit.actor.may("edit_policy", one)]
        if not mine and not reader.sees_everything:
            raise NotFound(said("There is nothing here, or nothing that you may see."))
        if len(mine) == 1:
            return visit.see(f"/service-levels/{mine[0].id}")
        found = [(one, policies.current(visit.engine, visit.actor, one.id)) for one in mine]
        return render("service_levels/index.html", found=found)
