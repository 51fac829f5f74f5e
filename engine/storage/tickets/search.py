"""Writes what tickets are found by, in the transaction that writes the texts. Asking is `engine.queries`' business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.domain.words import document
from engine.storage.tables import Note, SearchDocument, Ticket
from engine.storage.tables.base import table_of

#: what a document says of its ticket
_COPIED = frozenset({"subject", "text", "company"})

Values = Mapping[str, Any]

_ADD = insert(table_of(SearchDocument))


def add_ticket(tx: Connection, ticket_id: int, ticket: Values) -> None:
    """A new ticket, given as its row, can be found."""
    words = document(ticket["number"], ticket["subject"], ticket["text"], ticket["company_id"])
    values = {"ticket_id": ticket_id, "note_id": None, "public": True, "words": words}
    tx.execute(_ADD, values)


def add_notes(tx: Connection, ticket: Values, notes: Iterable[tuple[int, str, bool]]) -> None:
    """New notes of a ticket (its row) can be found, each given as its id, text, and whether it is public; one batch."""
    number, subject, company = ticket["number"], ticket["subject"], ticket["company_id"]
    rows = [
        {
            "ticket_id": ticket["id"], "note_id": note_id, "public": public,
            "words": document(number, subject, text, company, public),
        }
        for note_id, text, public in notes
    ]  # fmt: skip
    tx.execute(_ADD, rows)


def follow(tx: Connection, ticket_id: int, changed: Iterable[str]) -> None:
    """Fields of a ticket have changed: where its documents have those in them, all of them are written anew.

    Costs as much as the ticket has notes, but subjects are seldom changed.
    """
    if _COPIED.isdisjoint(changed):
        return
    ticket = tx.execute(select(Ticket.__table__).where(Ticket.id == ticket_id)).one()
    statement = (
        select(SearchDocument.id, SearchDocument.note_id, Note.text, SearchDocument.public)
        .outerjoin(Note, Note.id == SearchDocument.note_id)
        .where(SearchDocument.ticket_id == ticket_id)
    )
    rows = []
    for row in tx.execute(statement):
        text = ticket.text if row.note_id is None else row.text
        words = document(ticket.number, ticket.subject, text, ticket.company_id, row.public)
        rows.append({"of_id": row.id, "words": words})
    table = table_of(SearchDocument)
    tx.execute(update(table).where(table.c.id == bindparam("of_id")).values(words=bindparam("words")), rows)
