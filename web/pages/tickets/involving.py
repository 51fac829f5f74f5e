"""Who is involved in a ticket: watching it oneself, and involving others."""

from __future__ import annotations

from engine.commands import tickets as commands
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.queries import tickets
from engine.queries.tickets import people
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("people of tickets")


@pages.post("/tickets/<id:ticket_id>/watch", to="everyone")
def watch(visit: Visit, ticket_id: int) -> Answer:
    """Get the ticket's mails from now on; staff involve somebody else by `account`."""
    account = visit.form.number("account")
    try:
        commands.watch(visit.engine, visit.actor, ticket_id, account)
    except Invalid as error:
        return visit.see(f"/tickets/{ticket_id}", visit.say(error.fields.get("account", [str(error)])[0]))
    told = visit.say("Involved from now on.") if account else visit.say("You watch this ticket.")
    return visit.see(f"/tickets/{ticket_id}", told)


@pages.post("/tickets/<id:ticket_id>/unwatch", to="everyone")
def unwatch(visit: Visit, ticket_id: int) -> Answer:
    """Get its mails no longer; staff take a watcher off by `account`."""
    account = visit.form.number("account")
    try:
        commands.unwatch(visit.engine, visit.actor, ticket_id, account)
        told = visit.say("No longer involved.") if account else visit.say("You no longer watch this ticket.")
    except Conflict as error:
        told = visit.say(str(error))
    return visit.see(f"/tickets/{ticket_id}" if _is_seen(visit, ticket_id) else "/tickets", told)


@pages.get("/tickets/<id:ticket_id>/people", to="staff")
def choose(visit: Visit, ticket_id: int) -> Answer:
    """Whom to involve: in the side column, or as a page of its own."""
    found = people.to_involve(visit.engine, visit.actor, ticket_id)
    template = "tickets/_involve.html" if visit.wants_part else "tickets/involve.html"
    return render(template, ticket=tickets.one(visit.engine, visit.actor, ticket_id), people=found)


def _is_seen(visit: Visit, ticket_id: int) -> bool:
    """Whoever saw it because they watched it doesn't any more."""
    try:
        tickets.one(visit.engine, visit.actor, ticket_id)
    except NotFound:
        return False
    return True
