"""How Iter stands at one look."""

from __future__ import annotations

from engine.queries.operations import overview
from web.pages.operations.access import operated
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("operations")


@pages.get("/operations", to="staff")
def show(visit: Visit) -> Answer:
    """What stands still, what waits, whether a worker looks; each leads to its list."""
    operated(visit)
    found = overview.overview(visit.engine, visit.actor)
    return render("operations/overview.html", found=found, smtp=bool(visit.settings.smtp_url))
