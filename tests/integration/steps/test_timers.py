"""Timers fire once, when they are due, and those of a goal follow its clock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import insert, text

from engine.commands import incidents, notes, tickets, timers
from engine.commands.packages import policies
from engine.domain.actors import SYSTEM
from engine.queries import tickets as ticket_reads
from engine.queries.packages import policies as policy_reads
from engine.storage.tables import Clock, Incident, Job, JournalEntry, Ticket, Timer
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, OWNER
from tests.support.statements import counting

HOUR = timedelta(hours=1)


def timer(desk: Desk, element: str) -> Timer:
    (row,) = desk.rows(Timer, Timer.element == element)
    return row


def test_a_timer_is_due_at_its_time_and_fires_once(desk: Desk) -> None:
    desk.open()
    assert timers.due(desk.engine) == []
    assert [row.due_at for row in desk.rows(Timer)] == [desk.clock() + HOUR]
    desk.clock.advance(hours=1)
    (timer_id,) = timers.due(desk.engine)
    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(lambda _: timers.fire(desk.engine, timer_id), range(4)))
    assert outcomes == ["fired", "gone", "gone", "gone"]
    (job,) = desk.rows(Job)
    assert (job.type, job.payload["template"], job.payload["to"]) == ("mail", "late", "staff")
    assert job.payload["ticket"]["number"] == "D-2026-0001"


def test_a_timer_that_is_not_due_does_not_fire(desk: Desk) -> None:
    desk.open()
    assert timers.fire(desk.engine, desk.rows(Timer)[0].id) == "rearmed"
    assert desk.rows(Timer)[0].due_at == desk.clock() + HOUR


def test_a_paused_clock_has_no_armed_timer_and_moves_the_deadline(desk: Desk) -> None:
    ticket_id = desk.open()
    start = desk.clock()
    desk.complete(ticket_id, pairs=1)
    assert timer(desk, "mend_late").due_at == start + 3 * HOUR
    desk.clock.advance(hours=1)
    assert notes.add(desk.engine, ticket_id, CLERK, "Which colour?", expects="customer").message == "question"
    (ticket,) = desk.rows(Ticket)
    assert ticket.status == "with_customer"
    (clock,) = desk.rows(Clock)
    assert (clock.deadline_at, clock.paused_since) == (None, desk.clock())
    assert timer(desk, "await_late").due_at is None
    desk.clock.advance(hours=2)
    assert timers.due(desk.engine) == []
    assert notes.add(desk.engine, ticket_id, OWNER, "Brown.").message == "answer"
    assert timer(desk, "mend_late").due_at == start + 5 * HOUR
    (clock,) = desk.rows(Clock)
    assert clock.deadline_at == start + 5 * HOUR


def test_an_agreed_day_rearms_timers_of_earlier_steps(desk: Desk) -> None:
    ticket_id = desk.open()
    desk.complete(ticket_id, pairs=1)
    tickets.edit(desk.engine, CLERK, ticket_id, {"agreed": "2026-03-31"})
    due = timer(desk, "mend_late").due_at
    assert due is not None
    assert due.isoformat() == "2026-03-31T15:30:00+00:00"


def test_a_goal_timer_is_computed_again_before_it_fires(desk: Desk) -> None:
    ticket_id = desk.open()
    desk.complete(ticket_id, pairs=1)
    due = timer(desk, "mend_late").due_at
    with desk.database.begin() as tx:
        tx.execute(text("UPDATE timers SET due_at = opened_at FROM tickets WHERE tickets.id = timers.ticket_id"))
    assert timers.fire(desk.engine, timer(desk, "mend_late").id) == "rearmed"
    assert timer(desk, "mend_late").due_at == due


def test_a_running_clock_warns_by_the_calendar_that_it_was_started_under(desk: Desk) -> None:
    ticket_id = desk.open()
    before = ticket_reads.one(desk.engine, CLERK, ticket_id).clocks
    policy = policy_reads.current(desk.engine, SYSTEM, "desk").policy
    night = {"time_zone": "Europe/Rome", "hours": {"sun": ["20:00-23:00"]}}
    changed = {**policy, "calendars": {**policy["calendars"], "office": night}}
    policies.change(desk.engine, SYSTEM, "desk", changed, 1)
    assert ticket_reads.one(desk.engine, CLERK, ticket_id).clocks == before
    assert before[0].warning_at == before[0].deadline - HOUR / 2


def test_a_timer_whose_step_fails_is_kept_by_an_incident(desk: Desk, monkeypatch) -> None:
    from engine.commands.stepping import steps
    from engine.domain.errors import StepFailed

    desk.open()
    desk.clock.advance(hours=1)
    real = steps.advance

    def failing(*_args: object) -> object:
        raise StepFailed("look_late", "It broke.", 1)

    monkeypatch.setattr(steps, "advance", failing)
    (timer_id,) = timers.due(desk.engine)
    assert timers.fire(desk.engine, timer_id) == "kept"
    assert timers.due(desk.engine) == []
    monkeypatch.setattr(steps, "advance", real)
    (incident,) = desk.rows(Incident)
    incidents.retry(desk.engine, incident.id, CLERK)
    assert desk.rows(Timer) == []
    assert desk.rows(JournalEntry, JournalEntry.command == "incidents.retry")


def test_looking_for_due_timers_is_one_indexed_statement(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk("again")
    desk.open()
    (pattern,) = desk.rows(Timer)
    copies = [
        {**pattern._mapping, "id": f"t{n}", "token": 1_000 + n, "due_at": desk.clock() + timedelta(days=n + 1)}
        for n in range(3_000)
    ]
    with desk.database.begin() as tx:
        tx.execute(insert(Timer), copies)
        tx.execute(text("ANALYZE timers"))
    with counting(desk.database) as counted:
        assert timers.due(desk.engine) == []
    assert len(counted) == 1
    explain = "EXPLAIN QUERY PLAN" if desk.database.dialect == "sqlite" else "EXPLAIN"
    with desk.database.read() as tx:
        query = f"{explain} SELECT id FROM timers WHERE due_at <= '2026-03-27 08:00:00' ORDER BY due_at LIMIT 100"
        plan = " ".join(str(row) for row in tx.execute(text(query)))
    assert "ix_timers_due_at" in plan
