"""The page of a ticket for the staff who work on it; everybody else who sees it reads it as its customers do."""

from __future__ import annotations

from typing import Any

from engine.domain.packages import Package, goal_label
from engine.queries import actions, tickets
from engine.queries.reading import reading
from engine.queries.tickets import attachments, people, related, timeline
from engine.queries.tickets.standing import standing
from web.pages import portal
from web.pages.forms import mark
from web.pages.rendering import render
from web.pages.tickets.fields import Editing, fields_of
from web.pages.visiting import Answer, Visit

#: notes and events on the page; the earlier ones are fetched when they are asked for
NEWEST = 30


def page(
    visit: Visit,
    ticket_id: int,
    *,
    status: int = 200,
    given: Any = None,
    errors: dict[str, list[str]] | None = None,
    editing: Editing | None = None,
    once: str = "",
) -> Answer:
    """The page; after a note that couldn't be taken with what was `given` and the `errors`, or with a field open.

    `once`: the note's mark, where sending it again is the same attempt. Raises `NotFound`.
    """
    engine, actor, language = visit.engine, visit.actor, visit.language
    with reading(engine, actor, language) as reader:
        if not visit.is_staff:
            return portal.show(visit, ticket_id, status=status, given=given, errors=errors, once=once)
        ticket = tickets.one(engine, actor, ticket_id)
        package = tickets.package_of(engine, actor, ticket_id)
        if not reader.is_staff(package):
            return portal.show(visit, ticket_id, status=status, given=given, errors=errors, once=once)
        stream = timeline.of_ticket(engine, actor, ticket_id, language, limit=NEWEST)
        involved = people.involved(engine, actor, ticket_id)
        return render(
            "tickets/show.html", status=status, **head(visit, ticket, package, "ticket"), stream=stream,
            stands=standing(engine, actor, ticket_id, language), involved=involved,
            me=next((person for person in involved if person.account == actor.id), None),
            files=attachments.beside(engine, actor, ticket_id, stream.notes),
            actions=actions.offered(engine, actor, ticket_id, language, forms=False),
            customer=related.customer(engine, actor, ticket_id), fields=fields_of(visit, package, ticket),
            composer=composer(visit, package, ticket, once), given=given or {}, errors=errors or {}, editing=editing,
            may_edit=actor.may("hand_over", package),
        )  # fmt: skip


def head(visit: Visit, ticket: tickets.TicketView, package: Package, place: str) -> dict[str, Any]:
    """What the top of all pages of a ticket tells; `place` is the present one among them."""
    running = [clock for clock in ticket.clocks if clock.stopped_at is None]
    return {
        "ticket": ticket, "package": package, "place": place,
        "goals": {clock.goal: goal_label(package, clock.goal, visit.language) for clock in ticket.clocks},
        "warning": next((clock.warning_at for clock in running if clock.goal == ticket.deadline_goal), None),
        "paused": bool(running) and all(clock.paused_since for clock in running),
    }  # fmt: skip


def composer(visit: Visit, package: Package, ticket: tickets.TicketView, once: str = "") -> dict[str, Any]:
    """What notes the reader may write on the ticket, and the mark by which one that is sent twice is known."""
    shut = ticket.turn == "nobody" and bool(ticket.closed_at) and package.closed_note == "refuse"
    may = {name: visit.actor.may(name, package) and not shut for name in ("note", "note_internal")}
    return {"public": may["note"], "internal": may["note_internal"], "shut": shut, "once": mark(once)}
