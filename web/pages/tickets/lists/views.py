"""Saved views: lists that the reader keeps under a name."""

from __future__ import annotations

from engine.commands.people import views
from engine.domain.errors import Conflict, Invalid
from engine.domain.said import said
from engine.queries.people import views as reads
from engine.queries.reading import reading
from web.pages.rendering import render
from web.pages.tickets.lists.chips import chips
from web.pages.tickets.lists.columns import SORTED
from web.pages.tickets.lists.narrowing import narrowed_as
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("saved views")


@pages.get("/views", to="staff")
def index(visit: Visit) -> Answer:
    """The reader's saved views, to be opened, renamed by saving anew, begun with, and forgotten."""
    return _index(visit)


@pages.post("/views", to="staff")
def save(visit: Visit) -> Answer:
    """Keep a list under a name, in place of what had that name."""
    wanted = narrowed_as(visit.form.text("query"))
    name = visit.form.text("name").strip()
    try:
        views.save(visit.engine, visit.actor, name, wanted.query, visit.form.flag("standard"))
    except (Invalid, Conflict) as error:
        return _index(visit, status=422, errors=getattr(error, "fields", None) or {"name": [error.args[0]]})
    return visit.see(f"/tickets?{wanted.query}", visit.say("Saved as “{name}”.", name=name))


@pages.post("/views/<id:view_id>/begin-with", to="staff")
def begin_with(visit: Visit, view_id: int) -> Answer:
    """Begin with this view whenever one goes to the tickets; or, with `off`, with none."""
    off = visit.form.flag("off")
    views.begin_with(visit.engine, visit.actor, None if off else view_id)
    told = said("You begin with all open tickets again.") if off else said("You begin with this view from now on.")
    return visit.see("/views", visit.say(told))


@pages.post("/views/<id:view_id>/remove", to="staff")
def remove(visit: Visit, view_id: int) -> Answer:
    """Forget a view; its tickets stay where they are."""
    views.remove(visit.engine, visit.actor, view_id)
    return visit.see("/views", visit.say("The view is gone."))


def _index(visit: Visit, status: int = 200, errors: dict[str, list[str]] | None = None) -> Answer:
    with reading(visit.engine, visit.actor, visit.language) as reader:
        found = [
            (view, narrowed_as(view.query), chips(visit, narrowed_as(view.query), reader.packages))
            for view in reads.of(visit.engine, visit.actor)
        ]
        orders = {column.key: column.label for column in SORTED}
        return render("tickets/lists/views.html", status=status, views=found, orders=orders, errors=errors or {})
