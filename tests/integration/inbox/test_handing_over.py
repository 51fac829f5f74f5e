"""To whom a user task may be handed over, and what became of one that somebody else was quicker with."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from engine.commands import user_tasks
from engine.domain.errors import NotFound
from engine.queries import user_tasks as reads
from engine.storage.tables import Account, Ticket
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER
from tests.support.statements import counting


@pytest.fixture
def mending(desk: Desk) -> int:
    """A user task for clerks and the cobblers of the ticket's department."""
    ticket = desk.open()
    with desk.database.begin() as tx:
        tx.execute(update(Ticket).values(department="leather"))
    desk.complete(ticket, pairs=1)
    return int(desk.task(ticket).id)


def named(desk: Desk, user_task: int, by: object = CLERK) -> list[str]:
    return [other.name for other in reads.candidates(desk.engine, by, user_task)]  # type: ignore[arg-type]


def test_whoever_may_take_it_is_offered_by_name_but_not_who_has_it(desk: Desk, mending: int) -> None:
    assert named(desk, mending) == ["Clara", "Colin"]
    user_tasks.claim(desk.engine, mending, CLERK)
    assert named(desk, mending) == ["Colin"]
    for other in reads.candidates(desk.engine, CLERK, mending):
        user_tasks.hand_over(desk.engine, mending, other.id, CLERK)
    assert named(desk, mending) == ["Clara"]


def test_who_may_not_hand_over_is_offered_nobody(desk: Desk, mending: int) -> None:
    for other in (COBBLER, OWNER, STRANGER):
        assert named(desk, mending, other) == []


def test_nobody_takes_what_is_closed_or_missing_and_no_disabled_account_takes_anything(
    desk: Desk, mending: int
) -> None:
    with desk.database.begin() as tx:
        tx.execute(update(Account).where(Account.id == COBBLER.id).values(active=False))
    assert named(desk, mending) == ["Clara"]
    user_tasks.complete(desk.engine, mending, {}, CLERK)
    assert named(desk, mending) == named(desk, 4711) == []


def test_candidates_take_two_statements(desk: Desk, mending: int) -> None:
    with counting(desk.database) as counted:
        named(desk, mending)
    assert len(counted) == 3  # one says which packages the reader is in


def test_the_outcome_tells_who_did_what_when(desk: Desk) -> None:
    ticket = desk.open()
    task = desk.task(ticket).id
    assert reads.outcome(desk.engine, CLERK, task) == reads.Outcome("open", "", False, None, [])
    user_tasks.claim(desk.engine, task, CLERK)
    assert reads.outcome(desk.engine, CLERK, task) == reads.Outcome("open", "Clara", True, None, [])
    at = desk.clock.advance(minutes=3)
    desk.complete(ticket, pairs=2)
    told = reads.outcome(desk.engine, CLERK, task)
    assert (told.state, told.name, told.me, told.closed_at) == ("completed", "Clara", True, at)
    assert told.values == [("Pairs", 2)]


def test_the_outcome_is_told_to_whom_the_user_task_is_shown(desk: Desk) -> None:
    ticket = desk.open()
    task = desk.task(ticket).id
    desk.complete(ticket, pairs=2)
    for stranger in (COBBLER, OWNER, STRANGER):
        with pytest.raises(NotFound):
            reads.outcome(desk.engine, stranger, task)
    with pytest.raises(NotFound):
        reads.outcome(desk.engine, CLERK, 4711)
