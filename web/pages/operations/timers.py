"""Timers and messages: what tokens wait for, and what waits for tokens."""

from __future__ import annotations

from typing import cast

from engine.queries.operations import messages, timers
from engine.queries.operations.timers import Which
from web.pages.operations.access import one_of, operated, ticket_of
from web.pages.operations.words import MESSAGE_STATES, TIMERS
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("operations timers")


@pages.get("/operations/timers", to="staff")
def index(visit: Visit) -> Answer:
    """Timers, the one that is due first first."""
    packages, query = operated(visit), visit.query
    package = one_of(query.get("package", ""), tuple(package.id for package in packages)) or None
    which = cast(Which, one_of(query.get("which", ""), tuple(TIMERS), "due"))
    ticket, cursor = ticket_of(visit), query.get("cursor")
    found = timers.listed(visit.engine, visit.actor, which=which, package=package, ticket=ticket, cursor=cursor)
    return render(
        "operations/timers.html", found=found, packages=packages, package=package, which=which, states=TIMERS
    )  # fmt: skip


@pages.get("/operations/messages", to="staff")
def index_messages(visit: Visit) -> Answer:
    """Messages that nobody has wanted yet, the one that expires first first."""
    packages, query = operated(visit), visit.query
    package = one_of(query.get("package", ""), tuple(package.id for package in packages)) or None
    state = one_of(query.get("state", ""), tuple(MESSAGE_STATES), "waiting")
    found = messages.listed(visit.engine, visit.actor, state=state, package=package, cursor=query.get("cursor"))
    return render(
        "operations/messages.html", found=found, packages=packages, package=package, state=state,
        states=MESSAGE_STATES,
    )  # fmt: skip
