"""Writing a note on a ticket: staff from their page of it, customers from theirs."""

from __future__ import annotations

from typing import cast

from engine.commands import idempotency, notes
from engine.commands.people import drafts
from engine.domain.errors import Conflict, Invalid
from engine.domain.notes import Expects
from engine.domain.said import said
from engine.queries import tickets
from web.pages.attaching import given_files, throw_away
from web.pages.forms import mark, sent_once
from web.pages.tickets.page import page
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("ticket notes")


@pages.post("/tickets/<id:ticket_id>/notes", to="everyone", takes_files=True)
def add(visit: Visit, ticket_id: int) -> Answer:
    """Write a note; sent twice, it is written once. What can't be taken comes back with what is wrong with it."""
    tickets.one(visit.engine, visit.actor, ticket_id)
    once = mark(visit.form.text("once"))
    files, wrong = given_files(visit, _place(ticket_id))
    if wrong:
        return page(visit, ticket_id, status=422, given=visit.form, errors=wrong, once=once)
    try:
        written = _written(visit, ticket_id, files, once)
    except idempotency.KeyReused:
        text = said("You have sent this form before, with other words. Send it again to write one more note.")
        return page(visit, ticket_id, status=422, given=visit.form, errors={"text": [text]})
    except Invalid as error:
        errors = error.fields or {"text": [str(error)]}
        return page(visit, ticket_id, status=422, given=visit.form, errors=errors, once=once)
    except Conflict as error:
        return page(visit, ticket_id, status=409, given=visit.form, errors={"text": [str(error)]}, once=once)
    if written.repeated:
        throw_away(visit, files)
    public = visit.form.text("public") != "0"
    told = visit.say("Your note is sent.") if public else visit.say("The internal note is kept.")
    return visit.see(f"/tickets/{ticket_id}#note-{written.body}", told)


def _place(ticket_id: int) -> str:
    """Of the form's draft, and of the files that wait for it."""
    return f"note:{ticket_id}"


def _written(visit: Visit, ticket_id: int, files: list[int], once: str) -> idempotency.Answer:
    """The note's id; of a form that was sent with the same mark (`once`) before, that one's note's."""
    text, public = visit.form.text("text"), visit.form.text("public") != "0"
    expects = (visit.form.text("expects") or "nobody") if public else "nobody"

    def write() -> int:
        added = notes.add(visit.engine, ticket_id, visit.actor, text, public, cast(Expects, expects), files)
        drafts.drop(visit.engine, visit.actor, _place(ticket_id))
        return added.note_id

    return sent_once(visit, f"note-{ticket_id}-{once}", [text, public, expects], write)
