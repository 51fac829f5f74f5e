"""The list of tickets. Whoever isn't staff gets the portal's."""

from __future__ import annotations

from typing import Any

from flask import request

from engine.domain.errors import Invalid
from engine.queries.paging import Page
from engine.queries.people import colleagues, views
from engine.queries.reading import Reader, reading
from engine.queries.tickets.listing import Count, Selection, TicketView
from web.pages import portal
from web.pages.frame import N_
from web.pages.rendering import render
from web.pages.tickets.lists.chips import chips, choices
from web.pages.tickets.lists.columns import SHOWN, SORTED
from web.pages.tickets.lists.narrowing import KEYS, PLACE, Narrowed, narrowed, narrowed_as
from web.pages.visiting import Answer, Pages, Visit, go_to

pages = Pages("lists of tickets")

#: rows of a page
ROWS = 50
BOXES = (("all", N_("All tickets")), ("mine", N_("Assigned to me")))
STATES = (("open", N_("Open")), ("closed", N_("Closed")), ("all", N_("All")))
#: what is asked for most, at one click: parameter, value, what it says
QUICK = (
    ("deadline", "late", N_("Late")),
    ("deadline", "soon", N_("Due within a day")),
    ("assignee", "none", N_("Unassigned")),
)


@pages.get(PLACE, to="everyone")
def index(visit: Visit) -> Answer:
    """Tickets: two boxes, filters, an order. With nothing in the address the view that one begins with."""
    if not visit.is_staff:
        return portal.listed(visit)
    saved = views.of(visit.engine, visit.actor)
    if not request.query_string:
        first = next((view for view in saved if view.standard), None)
        if first is not None:
            return go_to(f"{PLACE}?{narrowed_as(first.query).query}")
    wanted = narrowed(visit.query)
    with reading(visit.engine, visit.actor, visit.language) as reader:
        boxes = {box: _selection(reader, wanted, box) for box, _ in BOXES}
        found, wanted = _page(boxes[wanted.box], wanted)
        return render(
            "tickets/lists/index.html", wanted=wanted, tickets=found.items, next=found.next,
            counts=_counts(boxes, wanted), boxes=BOXES, states=STATES, quick=QUICK, columns=SHOWN, views=saved,
            chips=chips(visit, wanted, reader.packages), package_of=lambda ticket: _package(visit, ticket),
        )  # fmt: skip


@pages.get("/tickets/filters", to="staff")
def filters(visit: Visit) -> Answer:
    """All that a list can be narrowed by; a part of the list's page, and a page for who has no scripts."""
    wanted = narrowed(visit.query)
    with reading(visit.engine, visit.actor, visit.language) as reader:
        offered: dict[str, Any] = {name: choices(reader.packages, wanted, name) for name in KEYS if name != "package"}
        return render(
            "tickets/lists/_filters.html" if visit.wants_part else "tickets/lists/filters.html", wanted=wanted,
            packages=reader.packages, offered=offered, colleagues=colleagues.colleagues(visit.engine, visit.actor),
            companies=colleagues.companies(visit.engine, visit.actor), columns=SORTED,
        )  # fmt: skip


def _counts(boxes: dict[str, Selection], wanted: Narrowed) -> dict[str, Count]:
    """How many tickets each box holds; of a search only the present one, for it would have to be made twice."""
    return {box: selection.count for box, selection in boxes.items() if box == wanted.box or not wanted["text"]}


def _selection(reader: Reader, wanted: Narrowed, box: str) -> Selection:
    given = wanted.filters(reader.actor)
    if box == "mine":
        given["assignee"] = reader.actor.id
    return Selection(reader, wanted["text"] or None, **given)


def _page(selection: Selection, wanted: Narrowed) -> tuple[Page[TicketView], Narrowed]:
    """The page that is asked for; the first one where the address holds a cursor of another list."""
    try:
        return selection.page(wanted.sort, ROWS, wanted["cursor"] or None), wanted
    except Invalid:
        again = narrowed({**wanted.values, "cursor": ""})
        return selection.page(again.sort, ROWS), again


def _package(visit: Visit, ticket: TicketView) -> Any:
    return visit.engine.version(ticket.deployment).package
