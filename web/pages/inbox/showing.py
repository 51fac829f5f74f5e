"""The inbox's pages: the list on the left, the chosen user task with its ticket on the right."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request

from engine.domain.errors import Invalid
from engine.domain.storable import read_id
from engine.queries import user_tasks
from engine.queries.reading import reading
from engine.queries.user_tasks import InboxItem
from web.pages.frame import N_
from web.pages.inbox.chosen import told_of
from web.pages.inbox.selection import Selection, selection
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("inbox")

#: rows of a page of the list
ROWS = 50
BOXES = (("todo", N_("To do")), ("mine", N_("Mine")), ("claimable", N_("To claim")), ("all", N_("Everyone's")))
DUES = (("late", N_("Late")), ("today", N_("By today")), ("week", N_("By this week")))


@pages.get("/inbox", to="staff")
def index(visit: Visit) -> Answer:
    """What there is to do, the next due first."""
    return _page(visit, selection(visit), {"chosen": None})


@pages.get("/inbox/<id:user_task_id>", to="staff")
def show(visit: Visit, user_task_id: int) -> Answer:
    """One user task: its form on top, the ticket beneath. A request for that part alone gets no list."""
    told = told_of(visit, user_task_id)
    selected = selection(visit)
    if visit.wants_part and request.headers.get("HX-Target") == "task":
        return render("inbox/_task.html", selected=selected, **told)
    return _page(visit, selected, told)


@pages.get("/inbox/list", to="staff")
def refresh(visit: Visit) -> Answer:
    """The list again, for a page that is open: 304 where it would look the same."""
    selected = selection(visit)
    told = _list(visit, selected)
    etag = _fingerprint(visit, told)
    if request.if_none_match.contains(etag):
        return Response(status=304)
    response = render("inbox/_list.html", chosen_id=read_id(visit.query.get("chosen", "")), **told)
    response.set_etag(etag)
    return response


def _page(visit: Visit, selected: Selection, told: dict[str, Any]) -> Answer:
    return render("inbox/index.html", **_list(visit, selected), **_choices(visit, selected), **told)


def _list(visit: Visit, selected: Selection) -> dict[str, Any]:
    """The rows of the list, and what stands around them."""
    try:
        found = user_tasks.inbox(
            visit.engine, visit.actor, selected.box, selected.filters, limit=ROWS, cursor=selected.cursor or None
        )
    except Invalid:  # the address holds a cursor of another list
        selected = Selection(selected.box, selected.filters)
        found = user_tasks.inbox(visit.engine, visit.actor, selected.box, selected.filters, limit=ROWS)
    return {
        "selected": selected,
        "items": found.items,
        "next": found.next,
        "counts": user_tasks.counts(visit.engine, visit.actor, selected.filters),
        "boxes": BOXES,
        "package_of": lambda item: visit.engine.version(item.deployment).package,
    }


def _choices(visit: Visit, selected: Selection) -> dict[str, Any]:
    """What the filters offer."""
    with reading(visit.engine, visit.actor) as reader:
        staffed = [package for package in reader.packages.values() if reader.is_staff(package)]
    chosen = [package for package in staffed if selected.filters.package in ("", package.id)]
    departments = {key: choice.label for package in chosen for key, choice in package.departments.items()}
    return {
        "packages": staffed,
        "departments": departments,
        "things": user_tasks.things_to_do(visit.engine, visit.actor, selected.filters.package),
        "dues": DUES,
    }


def _fingerprint(visit: Visit, told: dict[str, Any]) -> str:
    """What tells whether the list looks the same: rows, counts, and the minute, for the time that is left."""
    rows: list[InboxItem] = told["items"]
    minute = visit.now.replace(second=0, microsecond=0)
    reminder = user_tasks.reminder(visit.engine, visit.actor)
    seen = repr((minute, visit.language, rows, told["next"], told["counts"], reminder))
    return hashlib.sha256(seen.encode()).hexdigest()[:32]
