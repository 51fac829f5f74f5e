"""Timers that are due at once fire in few statements, and as each would by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from engine.commands import timers
from engine.commands.stepping import StepKept
from engine.domain.errors import StepFailed
from engine.storage import instances
from engine.storage.tables import Incident, Instance, JournalEntry, Timer
from engine.worker import Worker
from tests.integration.conftest import Desk
from tests.support.statements import counting


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, all that are given fire: when it is enough has a test of its own."""
    monkeypatch.setattr(timers, "LONGEST", 60.0)


def due_desk(make_desk: Callable[..., Desk], tickets: int) -> tuple[Desk, list[str]]:
    """A desk with so many tickets, each with a timer that is due, and the ids of these."""
    desk = make_desk("again")
    for _ in range(tickets):
        desk.open()
    desk.clock.advance(hours=1)
    return desk, timers.due(desk.engine)


def test_fifty_timers_take_the_statements_of_a_few(make_desk: Callable[..., Desk]) -> None:
    desk, due = due_desk(make_desk, 50)
    with counting(desk.database) as counted:
        assert timers.fire_together(desk.engine, due) == 50
    assert len(counted) <= 8, counted.statements
    assert counted.commits == 1
    assert timers.due(desk.engine) == []
    assert {row.outcome for row in desk.rows(Instance)} == {"completed"}


def test_together_they_leave_what_each_leaves_by_itself(make_desk: Callable[..., Desk]) -> None:
    desk, due = due_desk(make_desk, 3)
    timers.fire(desk.engine, due[0])
    timers.fire_together(desk.engine, due[1:])
    one, *others = ([told(entry) for entry in entries(desk, number)] for number in (1, 2, 3))
    assert others == [one, one]


def entries(desk: Desk, ticket_id: int) -> list[Any]:
    return desk.rows(JournalEntry, JournalEntry.ticket_id == ticket_id)


def told(entry: Any) -> tuple[Any, ...]:
    """An entry without what names its ticket."""
    data = {name: value for name, value in entry.data.items() if name not in ("timer", "number", "instance")}
    return entry.command, entry.kind, entry.element, entry.actor_id, repr(data)


def test_timers_of_one_ticket_follow_each_other(desk: Desk) -> None:
    ticket_id = desk.open()
    desk.complete(desk.open(), pairs=1)
    desk.complete(ticket_id, pairs=1)
    desk.clock.advance(days=4)
    both = [row.id for row in desk.rows(Timer)]
    twice = [*both, *both]
    assert timers.fire_together(desk.engine, twice) == 2
    assert timers.fire_together(desk.engine, twice) == 0


def test_a_timer_whose_clock_was_moved_is_armed_again(desk: Desk) -> None:
    desk.complete(desk.open(), pairs=1)
    desk.open()
    ids = [row.id for row in desk.rows(Timer)]
    assert timers.fire_together(desk.engine, ids) == 2
    assert len(desk.rows(Timer)) == 2
    assert not desk.rows(JournalEntry, JournalEntry.command == "timers.fire")


def spoil(desk: Desk, ticket_id: int) -> None:
    """The ticket's state can't be read any more."""
    with desk.database.begin() as tx:
        tx.execute(update(Instance).where(Instance.ticket_id == ticket_id).values(state=b"{}"))


def test_where_one_fails_none_has_fired_and_its_incident_is_kept(make_desk: Callable[..., Desk]) -> None:
    desk, due = due_desk(make_desk, 4)
    spoil(desk, 2)
    with pytest.raises(StepKept):
        timers.fire_together(desk.engine, due)
    assert len(desk.rows(Timer)) == 4
    (incident,) = desk.rows(Incident)
    assert (incident.ticket_id, incident.cause) == (2, "state")


def test_the_worker_fires_the_others_one_by_one(
    make_desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    desk, _due = due_desk(make_desk, 4)
    spoil(desk, 2)
    with caplog.at_level(logging.INFO, logger="engine.worker"):
        Worker(desk.engine).tick()
    assert [row.ticket_id for row in desk.rows(Timer)] == [2]
    (incident,) = desk.rows(Incident)
    (told,) = caplog.records
    assert told.levelname == "WARNING"
    assert f"incident {incident.id} keeps what was given" in told.getMessage()


def test_a_failure_is_not_laid_at_the_door_of_a_timer_that_was_armed_again(desk: Desk) -> None:
    """The second timer's instance has ended, which it should never have outlived."""
    moved, outlived = desk.open(), desk.open()
    desk.complete(moved, pairs=1)
    desk.clock.advance(hours=1)
    with desk.database.begin() as tx:
        tx.execute(update(Instance).where(Instance.ticket_id == outlived).values(ended_at=desk.clock()))
    ids = [desk.rows(Timer, Timer.ticket_id == ticket_id)[0].id for ticket_id in (moved, outlived)]
    with pytest.raises(StepFailed):
        timers.fire_together(desk.engine, ids)
    assert not desk.rows(Incident)
    assert not any(row.troubled for row in desk.rows(Instance))
    assert {row.due_at is None for row in desk.rows(Timer)} == {False}


def test_after_its_longest_time_the_rest_is_left_to_the_next_look(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "LONGEST", 0)
    desk, due = due_desk(make_desk, 3)
    assert timers.fire_together(desk.engine, due) == 1
    assert set(timers.due(desk.engine)) == set(due[1:])
    assert Worker(desk.engine).tick() == 2
    assert not desk.rows(Timer)
    assert fired(desk) == [1, 2, 3]


def fired(desk: Desk) -> list[int]:
    """The tickets whose timers have fired, each as often as it was."""
    where = (JournalEntry.command == "timers.fire", JournalEntry.kind == "command")
    return sorted(row.ticket_id for row in desk.rows(JournalEntry, *where))


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_what_another_holds_is_passed_over_and_fires_later(make_desk: Callable[..., Desk]) -> None:
    desk, due = due_desk(make_desk, 3)
    with ThreadPoolExecutor(1) as pool, desk.database.begin() as other:
        held = instances.load(other, {"id": due[1]}, Timer)
        assert held is not None
        # in a thread, for within this transaction it would be a part of it; and the lock is left if it waits for it
        assert pool.submit(timers.fire_together, desk.engine, due).result(timeout=10) == 2
        assert pool.submit(timers.due, desk.engine).result() == [due[1]]
        assert pool.submit(timers.fire_together, desk.engine, due).result(timeout=10) == 0
    assert timers.fire_together(desk.engine, due) == 1
    assert fired(desk) == [1, 2, 3]


def test_where_the_database_goes_away_nothing_is_tried_one_by_one_or_left_alone(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, due = due_desk(make_desk, 3)
    worker = Worker(desk.engine)
    tried: list[str] = []

    def away(_engine: Any, _ids: Any) -> int:
        raise OperationalError("BEGIN", {}, Exception("connection lost"))

    with monkeypatch.context() as gone:
        gone.setattr(timers, "fire_together", away)
        gone.setattr(timers, "fire", lambda _engine, timer_id: tried.append(timer_id))
        with pytest.raises(OperationalError):
            worker.tick()
    assert tried == []
    worker.tick()
    assert len(due) == 3
    assert timers.due(desk.engine) == []
