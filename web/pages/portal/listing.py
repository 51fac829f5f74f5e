"""A customer's tickets: their company's, what waits for them first. The route is that of all lists of tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.packages import Package
from engine.queries.reading import reading
from engine.queries.tickets import listing
from engine.queries.tickets.listing import TicketView
from web.pages.rendering import render
from web.pages.visiting import Answer, Visit

#: tickets that wait for the customer, which stand above all others; and the page of the others
MOST_WAITING = 20
PAGE = 25
STATES = ("open", "closed", "all")


def show(visit: Visit) -> Answer:
    """My company's tickets: open ones or finished ones, everybody's or mine, and those with certain words."""
    query = visit.query
    text = query.get("text", "").strip()
    state = query.get("state", "")
    state = state if state in STATES else "all" if text else "open"
    mine = query.get("whose") == "mine"
    with reading(visit.engine, visit.actor, visit.language) as reader:
        packages = reader.packages
        given: dict[str, Any] = {"requester": visit.actor.id if mine else None, "text": text or None}
        cursor = query.get("cursor")
        waiting = _waiting(visit, packages, given) if state == "open" and not cursor else []
        closed = {"open": False, "closed": True}.get(state)
        page = listing.listed(visit.engine, visit.actor, closed=closed, limit=PAGE, cursor=cursor, **given)
        above = {ticket.id for ticket in waiting}
        return render(
            "portal/index.html", waiting=waiting, tickets=[one for one in page.items if one.id not in above],
            next=page.next, cursor=cursor, state=state, mine=mine, text=text, packages=packages,
        )  # fmt: skip


def _waiting(visit: Visit, packages: Mapping[str, Package], given: Mapping[str, Any]) -> list[TicketView]:
    """Open tickets whose status says that the customer is to move."""
    kinds = {key for package in packages.values() for key, status in package.statuses.items()
             if status.kind == "waiting_customer"}  # fmt: skip
    if not kinds:
        return []
    found = listing.listed(visit.engine, visit.actor, closed=False, status=kinds, limit=MOST_WAITING, **given)
    return [ticket for ticket in found.items if ticket.turn == "customer"]
