"""Notes: what people say on a ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands import notes
from engine.queries import notes as reads
from web.api.paging import PageQuery
from web.http.operations import Call, Input, Output, Routes, example

routes = Routes("notes")

Expects = Literal["staff", "customer", "nobody"]


class NewNote(Input):
    """A public note is for everybody involved, an internal one for staff; `expects` says who is to answer."""

    model_config = example({"text": "Which brake is it?", "public": True, "expects": "customer"})

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    public: bool = True
    expects: Expects = "nobody"


class Note(Output):
    """What somebody said."""

    id: int
    ticket: int
    author: int | None
    author_name: str
    at: datetime
    text: str
    public: bool
    expects: Expects


class Notes(Output):
    """A page of a ticket's notes, oldest first."""

    items: list[Note]
    next: str | None


@routes.add("GET", "/tickets/<id:ticket_id>/notes", scope="read", query=PageQuery, gives=Notes)
def list_notes(call: Call, ticket_id: int, query: PageQuery) -> Any:
    """List the notes of a ticket that one may see."""
    return reads.of_ticket(call.engine, call.actor, ticket_id, **query.model_dump())


@routes.add("POST", "/tickets/<id:ticket_id>/notes", scope="write", body=NewNote, gives=Note, status=201)
def add(call: Call, ticket_id: int, body: NewNote) -> Any:
    """Add a note to a ticket.

    The people involved get a mail; a note that expects an answer is a message to the ticket's process.
    """
    added = notes.add(call.engine, ticket_id, call.actor, body.text, public=body.public, expects=body.expects)
    return reads.one(call.engine, call.actor, added.note_id)
