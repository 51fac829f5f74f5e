"""A step is one transaction with few statements, and all of it or nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.commands import incidents, user_tasks
from engine.commands.stepping import StepKept
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.storage.tables import (
    Clock,
    Incident,
    Instance,
    Involvement,
    JournalEntry,
    Ticket,
    Timer,
    UserTask,
    UserTaskGroup,
)
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER
from tests.support.statements import counting


def test_opening_a_ticket_writes_all_that_its_first_step_asks_for(desk: Desk) -> None:
    ticket_id = desk.open(size=42)
    (ticket,) = desk.rows(Ticket)
    assert (ticket.id, ticket.number, ticket.status, ticket.fields["size"]) == (ticket_id, "D-2026-0001", "with_us", 42)
    assert (ticket.requester_id, ticket.company_id) == (OWNER.id, 1)
    (timer,) = desk.rows(Timer)
    assert timer.due_at == desk.clock() + timedelta(hours=1)
    (clock,) = desk.rows(Clock)
    assert clock.deadline_at == desk.clock() + timedelta(hours=3)
    assert [group.group for group in desk.rows(UserTaskGroup)] == ["clerk"]
    kinds = [entry.kind for entry in desk.rows(JournalEntry, JournalEntry.ticket_id == ticket_id)]
    assert kinds[0] == "command"
    assert {"element_entered", "user_task_opened", "timer_set", "ticket_changed", "clock_started"} <= set(kinds)


def test_completing_a_user_task_that_leads_to_the_next_takes_ten_statements(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk("again")
    desk.open()
    task = desk.task(1)
    desk.complete(desk.open())  # everything is read once
    with counting(desk.database) as counted:
        user_tasks.complete(desk.engine, task.id, {}, CLERK)
    assert len(counted) <= 10, counted.statements
    assert counted.commits == 1
    assert desk.task(1).element == "second"
    assert [timer.element for timer in desk.rows(Timer, Timer.ticket_id == 1)] == ["second_late"]


def test_a_status_and_a_clock_add_at_most_one_statement_each(desk: Desk) -> None:
    desk.complete(desk.open(), pairs=1)
    ticket_id = desk.open()
    desk.complete(ticket_id, pairs=1)
    task = desk.task(ticket_id)
    with counting(desk.database) as counted:
        user_tasks.complete(desk.engine, task.id, {}, CLERK)
    assert len(counted) <= 12, counted.statements
    (ticket,) = desk.rows(Ticket, Ticket.id == ticket_id)
    assert ticket.status == "closed"
    assert ticket.closed_at == desk.clock()


def test_a_completed_user_task_cannot_be_completed_again(desk: Desk) -> None:
    ticket_id = desk.open()
    task = desk.task(ticket_id)
    desk.complete(ticket_id, pairs=2)
    with pytest.raises(Conflict, match="completed"):
        user_tasks.complete(desk.engine, task.id, {"pairs": 2}, CLERK)


def test_the_form_says_what_is_wrong(desk: Desk) -> None:
    task = desk.task(desk.open())
    for data in ({}, {"pairs": "x"}, {"pairs": 1, "more": 1}, {"pairs": float("nan")}, {"pairs": "\0"}):
        with pytest.raises(Invalid) as caught:
            user_tasks.complete(desk.engine, task.id, data, CLERK)
        assert caught.value.fields


def test_foreign_and_missing_are_told_alike(desk: Desk) -> None:
    task = desk.task(desk.open())
    with pytest.raises(NotFound) as foreign:
        user_tasks.complete(desk.engine, task.id, {"pairs": 1}, STRANGER)
    with pytest.raises(NotFound) as missing:
        user_tasks.complete(desk.engine, 4711, {"pairs": 1}, STRANGER)
    assert str(foreign.value) == str(missing.value)
    with pytest.raises(Forbidden):
        user_tasks.complete(desk.engine, task.id, {"pairs": 1}, OWNER)


def test_a_step_that_fails_leaves_everything_and_an_incident_that_can_be_tried_again(desk: Desk) -> None:
    ticket_id = desk.open()
    task = desk.task(ticket_id)
    before = desk.rows(Instance)
    with pytest.raises(StepKept) as caught:
        user_tasks.complete(desk.engine, task.id, {"pairs": 0}, CLERK)
    assert desk.task(ticket_id).id == task.id
    (instance,) = desk.rows(Instance)
    assert (instance.state, instance.revision) == (before[0].state, before[0].revision)
    assert instance.troubled
    (incident,) = desk.rows(Incident)
    assert incident.id == caught.value.incident_id
    assert (incident.element, incident.event["data"]) == ("reckon", {"pairs": 0})
    incidents.retry(desk.engine, incident.id, CLERK, {"pairs": 3})
    assert desk.task(ticket_id).element == "mend"
    (incident,) = desk.rows(Incident)
    assert (incident.state, incident.resolved_by) == ("resolved", CLERK.id)
    assert not desk.rows(Instance)[0].troubled
    with pytest.raises(Conflict):
        incidents.retry(desk.engine, incident.id, CLERK)


def test_failing_twice_is_one_incident_and_succeeding_resolves_it(desk: Desk) -> None:
    ticket_id = desk.open()
    for _ in range(2):
        with pytest.raises(StepKept):
            desk.complete(ticket_id, pairs=0)
    assert len(desk.rows(Incident)) == 1
    desk.complete(ticket_id, pairs=1)
    (incident,) = desk.rows(Incident)
    assert incident.state == "resolved"
    assert not desk.rows(Instance)[0].troubled


def test_whoever_completes_a_user_task_is_involved(desk: Desk) -> None:
    ticket_id = desk.open()
    desk.complete(ticket_id, pairs=1)
    assert [task.state for task in desk.rows(UserTask)] == ["completed", "open"]
    assert {row.account_id: row.reason for row in desk.rows(Involvement)} == {OWNER.id: "requester", CLERK.id: "worker"}


def test_claim_release_and_hand_over(desk: Desk) -> None:
    task = desk.task(desk.open())
    user_tasks.claim(desk.engine, task.id, CLERK)
    assert desk.task(1).assignee_id == CLERK.id
    with pytest.raises(Conflict):
        user_tasks.claim(desk.engine, task.id, SYSTEM)
    with pytest.raises(Invalid):
        user_tasks.hand_over(desk.engine, task.id, COBBLER.id, CLERK)
    user_tasks.release(desk.engine, task.id, CLERK)
    assert desk.task(1).assignee_id is None
    user_tasks.hand_over(desk.engine, task.id, CLERK.id, CLERK)
    assert desk.task(1).assignee_id == CLERK.id
