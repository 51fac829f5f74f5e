"""Writing a note on a ticket: staff from their page of it, customers from theirs."""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

from engine.commands import idempotency, notes
from engine.commands.idempotency import Answer as Kept
from engine.commands.people import drafts
from engine.domain.errors import Conflict, Invalid
from engine.domain.notes import Expects
from engine.queries import tickets
from web.pages.attaching import given_files
from web.pages.tickets.page import page
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("ticket notes")


@pages.post("/tickets/<id:ticket_id>/notes", to="everyone", takes_files=True)
def add(visit: Visit, ticket_id: int) -> Answer:
    """Write a note; sent twice, it is written once. What can't be taken comes back with what is wrong with it."""
    tickets.one(visit.engine, visit.actor, ticket_id)
    place = f"note:{ticket_id}"
    files, wrong = given_files(visit, place)
    if wrong:
        return page(visit, ticket_id, status=422, given=visit.form, errors=wrong)
    try:
        note_id = _written(visit, ticket_id, files)
    except Invalid as error:
        return page(visit, ticket_id, status=422, given=visit.form, errors=error.fields or {"text": [str(error)]})
    except Conflict as error:
        return page(visit, ticket_id, status=409, given=visit.form, errors={"text": [str(error)]})
    drafts.drop(visit.engine, visit.actor, place)
    public = visit.form.text("public") != "0"
    told = visit.say("Your note is sent.") if public else visit.say("The internal note is kept.")
    return visit.see(f"/tickets/{ticket_id}#note-{note_id}", told)


def _written(visit: Visit, ticket_id: int, files: list[int]) -> int:
    """The note's id; of one that was sent with the same mark (`once`) before, that one's."""
    text, public = visit.form.text("text"), visit.form.text("public") != "0"
    expects = (visit.form.text("expects") or "nobody") if public else "nobody"

    def write() -> Kept:
        added = notes.add(visit.engine, ticket_id, visit.actor, text, public, cast(Expects, expects), files)
        return Kept(303, added.note_id)

    once = visit.form.text("once")
    if not once:
        return int(write().body)
    told: Any = [ticket_id, once, text, public, expects, files]
    same = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return int(idempotency.run(visit.engine, f"note-{same}", visit.actor, same, write).body)
