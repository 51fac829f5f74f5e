"""Copies of tickets, for measuring: as whole as those that were lived, and nothing of them is due."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from engine.commands import user_tasks
from engine.domain.errors import Conflict
from engine.queries import tickets
from engine.storage.tables import SearchDocument, Ticket, Timer, UserTask
from tests.support.office import Office
from web.cli.bench.pages.seeding import seed


def quiet(done: int, missing: int) -> None:
    """Nobody watches."""


def test_there_must_be_something_to_copy(office: Office) -> None:
    with pytest.raises(Conflict):
        seed(office.engine, 10, quiet)


def test_copies_are_found_listed_and_lived_on_like_others(office: Office) -> None:
    office.working()
    office.note("elena", office.open("elena"), "Un saluto")
    assert seed(office.engine, 40, quiet) == 38
    assert seed(office.engine, 40, quiet) == 0
    rows = office.rows(Ticket)
    assert len({row.number for row in rows}) == len(rows) == 40
    copy = max(rows, key=lambda row: row.id)
    found = tickets.listed(office.engine, office["paola"], text=copy.number).items
    assert copy.id in [item.id for item in found]
    with office.database.read() as tx:
        documents = select(func.count()).where(SearchDocument.ticket_id == copy.id)
        assert tx.execute(documents).scalar_one() >= 1
    assert not office.rows(Timer, Timer.ticket_id > 2, Timer.due_at <= office.clock())
    copied = UserTask.ticket_id > 2, UserTask.element == "check_request", UserTask.state == "open"
    task = office.rows(UserTask, *copied)[0]
    user_tasks.complete(office.engine, task.id, {"complete": "yes", "category": "bug_crm"}, office["paola"])
    assert office.rows(Ticket, Ticket.id == task.ticket_id)[0].category == "bug_crm"
    assert office.open() == 41
