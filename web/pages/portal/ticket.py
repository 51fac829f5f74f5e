"""A ticket for its customer: whose turn it is, what comes next and by when; what was said; what is to be decided.

The route is that of all tickets (`web.pages.tickets`), which calls `show` for whoever doesn't work on the package.
"""

from __future__ import annotations

from typing import Any

from engine.domain.storable import read_id
from engine.queries import actions, user_tasks
from engine.queries.people import drafts
from engine.queries.portal import conversation
from engine.queries.reading import reading
from engine.queries.tickets.standing import standing
from web.pages.attaching import Errors
from web.pages.forms import mark
from web.pages.rendering import render
from web.pages.visiting import Answer, Visit


def show(
    visit: Visit, ticket_id: int, *, status: int = 200, given: Any = None, errors: Errors | None = None, once: str = ""
) -> Answer:
    """The page. After a note that couldn't be taken: `given` is what was typed, `errors` what is wrong with it.

    `once`: the note's mark, where sending it again is the same attempt.
    """
    engine, actor, language = visit.engine, visit.actor, visit.language
    with reading(engine, actor, language) as reader:
        told = conversation.of_ticket(engine, actor, ticket_id, language, read_id(visit.query.get("before", "")))
        stands = standing(engine, actor, ticket_id, language)
        task = stands.decision
        form = user_tasks.one(engine, actor, task.id) if task and task.takeable else None
        offered = actions.offered(engine, actor, ticket_id, language)
        places = [f"note:{ticket_id}", f"user-task:{form.id if form else 0}"]
        kept = drafts.several(engine, actor, places + [f"action:{ticket_id}:{action.key}" for action in offered])
        note = kept.get(places[0]) if given is None else None
        return render(
            "portal/ticket.html", status=status, told=told, ticket=told.ticket, package=told.package, stands=stands,
            task=task, form=form, actions=offered, kept=kept, may_note=_may_note(visit, told), errors=errors or {},
            once=mark(once),
            given=given if given is not None else note.content if note else {},
            opens_others=actor.may("open_ticket", told.package) and told.ticket.package in reader.packages,
        )  # fmt: skip


def _may_note(visit: Visit, told: conversation.Conversation) -> bool:
    shut = told.ticket.turn == "nobody" and told.ticket.closed_at is not None
    return visit.actor.may("note", told.package) and not (shut and told.package.closed_note == "refuse")
