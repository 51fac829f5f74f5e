"""Tickets of the demonstration as scenarios: each goes the way that the ticket went, and names nobody."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select

from engine.domain.actors import SYSTEM
from engine.queries.packages.retelling import retold
from engine.spiff.scenarios import run_package
from engine.storage.tables import Account, Company, JournalEntry, Ticket
from tests.integration.demonstration.conftest import Filling

TELLING = ("command", "element_entered", "incident_raised")


def various(shown: Filling) -> dict[int, tuple[str, ...]]:
    """The ways of tickets each of which has something that none before it has: an element, or a command."""
    ways: dict[int, tuple[str, ...]] = {}
    known: set[str] = set()
    columns = (JournalEntry.ticket_id, JournalEntry.kind, JournalEntry.element, JournalEntry.command)
    told = select(*columns).where(JournalEntry.ticket_id.is_not(None), JournalEntry.kind.in_(TELLING))
    rows = shown.rows(told.order_by(JournalEntry.ticket_id, JournalEntry.id))
    for ticket_id, group in groupby(rows, key=lambda row: row.ticket_id):
        own = list(group)
        new = {row.element or row.command for row in own} - known
        if new:
            known |= new
            ways[ticket_id] = tuple(row.element for row in own if row.kind == "element_entered")
    return ways


def test_every_kind_of_ticket_is_told_as_it_went(shown: Filling) -> None:
    ways = various(shown)
    told = {str(ticket_id): retold(shown.engine, SYSTEM, ticket_id) for ticket_id in ways}
    files = {key: found.content.encode() for key, found in told.items()}
    results = run_package(shown.engine.version(1), files, shown.engine.sandbox).results
    assert {result.file: result.differences for result in results if not result.ok} == {}
    assert {int(result.file): result.path for result in results} == ways
    assert len(ways) > 10

    people = [word for row in shown.rows(select(Account)) for word in (*row.name.split(), row.email)]
    firms = [row.name for row in shown.rows(select(Company))]
    texts = [text for row in shown.rows(select(Ticket)) for text in (row.subject, row.text, row.number) if text]
    everything = b"\n".join(files.values()).decode()
    assert [word for word in (*people, *firms, *texts) if word in everything] == []
