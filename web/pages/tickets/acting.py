"""What a package lets people do with a ticket beside their user tasks: the form of an action, and doing it."""

from __future__ import annotations

from engine.commands import actions as commands
from engine.commands.people import drafts as kept
from engine.domain.errors import NotFound
from engine.domain.packages import text
from engine.domain.said import said
from engine.queries import actions, tickets
from engine.queries.actions import ActionView
from engine.queries.people import drafts
from web.pages.forms import answer_once, sent_data
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("ticket actions")


@pages.get("/tickets/<id:ticket_id>/actions/<key:key>", to="everyone")
def ask(visit: Visit, ticket_id: int, key: str) -> Answer:
    """The form of an action: in a dialog of the ticket's page, or as a page of its own."""
    action = _offered(visit, ticket_id, key)
    template = "tickets/_action.html" if visit.wants_part else "tickets/action.html"
    return render(
        template, ticket=tickets.one(visit.engine, visit.actor, ticket_id), action=action,
        draft=drafts.of(visit.engine, visit.actor, _place(ticket_id, key)),
    )  # fmt: skip


@pages.post("/tickets/<id:ticket_id>/actions/<key:key>", to="everyone")
def act(visit: Visit, ticket_id: int, key: str) -> Answer:
    """Do it with the form's data; sent twice, it is done once."""
    label = _label(visit, ticket_id, key)

    def work() -> str:
        commands.act(visit.engine, ticket_id, key, sent_data(visit), visit.actor)
        kept.drop(visit.engine, visit.actor, _place(ticket_id, key))
        return f"/tickets/{ticket_id}"

    return answer_once(visit, work, visit.say("Done: {what}.", what=label))


def _offered(visit: Visit, ticket_id: int, key: str) -> ActionView:
    found = actions.offered(visit.engine, visit.actor, ticket_id, visit.language, only=key)
    if not found:
        raise NotFound(said("This can't be done with the ticket as it stands now."))
    return found[0]


def _place(ticket_id: int, key: str) -> str:
    """Of the form's draft."""
    return f"action:{ticket_id}:{key}"


def _label(visit: Visit, ticket_id: int, key: str) -> str:
    """What the action is called, also when it is no longer offered."""
    package = tickets.package_of(visit.engine, visit.actor, ticket_id)
    action = package.actions.get(key)
    return text(action.label, visit.language, package.language) if action else key
