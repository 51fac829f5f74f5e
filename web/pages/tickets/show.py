"""A ticket's pages: the ticket, its whole time line, its diagram, and what is around it."""

from __future__ import annotations

from engine.domain.errors import NotFound
from engine.domain.packages import Package
from engine.domain.said import said
from engine.queries import diagrams, tickets
from engine.queries.instances import of_ticket as instances_of
from engine.queries.reading import reading
from engine.queries.tickets import related, timeline
from engine.queries.tickets.attachments import beside
from engine.queries.tickets.promises import promises
from web.pages.rendering import render
from web.pages.service_levels.spans import written
from web.pages.tickets.page import NEWEST, head, page
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("ticket")


@pages.get("/tickets/<id:ticket_id>", to="everyone")
def show(visit: Visit, ticket_id: int) -> Answer:
    """A ticket: how it stands, what was said and done, and all that is around it."""
    return page(visit, ticket_id)


@pages.get("/tickets/<id:ticket_id>/stream", to="staff")
def earlier(visit: Visit, ticket_id: int) -> Answer:
    """Earlier notes and events, to be put before those that the page has."""
    cursor = visit.query.get("cursor") or None
    stream = timeline.of_ticket(visit.engine, visit.actor, ticket_id, visit.language, limit=NEWEST, cursor=cursor)
    ticket = tickets.one(visit.engine, visit.actor, ticket_id)
    files = beside(visit.engine, visit.actor, ticket_id, stream.notes)
    return render("tickets/_stream.html", ticket=ticket, stream=stream, files=files)


@pages.get("/tickets/<id:ticket_id>/timeline", to="staff")
def history(visit: Visit, ticket_id: int) -> Answer:
    """All that happened to the ticket, with every element that it passed and every timer that was set."""
    ticket, package = _staffed(visit, ticket_id)
    stream = timeline.of_ticket(
        visit.engine, visit.actor, ticket_id, visit.language, cursor=visit.query.get("cursor") or None, whole=True
    )
    return render("tickets/timeline.html", **head(visit, ticket, package, "timeline"), stream=stream)


@pages.get("/tickets/<id:ticket_id>/diagram", to="staff")
def diagram(visit: Visit, ticket_id: int) -> Answer:
    """Where the ticket stands on its diagrams, and the way that it came."""
    ticket, package = _staffed(visit, ticket_id)
    instances = instances_of(visit.engine, visit.actor, ticket_id)
    chosen = visit.query.get("instance", "")
    shown = next((one for one in instances if one.id == chosen), instances[-1] if instances else None)
    way = diagrams.of_instance(visit.engine, visit.actor, shown.id) if shown else None
    return render("tickets/diagram.html", **head(visit, ticket, package, "diagram"), instances=instances, way=way)


@pages.get("/tickets/<id:ticket_id>/deadlines", to="staff")
def promised(visit: Visit, ticket_id: int) -> Answer:
    """Which row of the service levels applied to each of its deadlines, and why."""
    ticket, package = _staffed(visit, ticket_id)
    found = promises(visit.engine, visit.actor, ticket_id)
    return render(
        "tickets/deadlines.html", **head(visit, ticket, package, "deadlines"), promises=found, written=written
    )


@pages.get("/tickets/<id:ticket_id>/related", to="staff")
def around(visit: Visit, ticket_id: int) -> Answer:
    """The customer's other tickets, and earlier ones about the same: in the side column, or as a page of their own."""
    ticket, package = _staffed(visit, ticket_id)
    template = "tickets/_related.html" if visit.wants_part else "tickets/related.html"
    return render(
        template, **head(visit, ticket, package, "related"),
        earlier=related.earlier(visit.engine, visit.actor, ticket_id),
        alike=related.alike(visit.engine, visit.actor, ticket_id),
    )  # fmt: skip


def _staffed(visit: Visit, ticket_id: int) -> tuple[tickets.TicketView, Package]:
    """A ticket with its package, for the package's staff. Raises `NotFound`."""
    ticket = tickets.one(visit.engine, visit.actor, ticket_id)
    package = tickets.package_of(visit.engine, visit.actor, ticket_id)
    with reading(visit.engine, visit.actor, visit.language) as reader:
        if not reader.is_staff(package):
            raise NotFound(said("There is no such ticket."))
    return ticket, package
