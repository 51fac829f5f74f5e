"""The packages that somebody owns, with what is in force."""

from __future__ import annotations

from engine.queries.packages import standing
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("processes")


@pages.get("/processes", to="staff")
def index(visit: Visit) -> Answer:
    """Each package with its version in force, and what still runs on earlier ones."""
    return render("processes/index.html", found=standing.owned(visit.engine, visit.actor))
