"""A row whose state was damaged: its ticket has an incident, no request fails for it, and no other ticket notices."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from engine.commands import timers
from engine.storage.tables import Incident, Instance, JournalEntry, Timer, UserTask
from engine.worker import Worker
from tests.integration.conftest import Desk
from tests.integration.operations.test_api import Caller
from tests.support.desk import CLERK, OWNER
from tests.support.visitors import visitor
from tests.unit.spiff.corrupted.mutations import corrupted

#: one of each kind, beside what chance thinks of
DAMAGED = (
    b"", b"{}", b"\xff\xfe", b'{"format":99}', b'{"format":2}', b"[" * 100_000,
    b'{"ended":false,"format":2,"instance":"other","key":"1","next":"00000009","scopes":[]}',
)  # fmt: skip


@pytest.fixture
def clerk(divide: Desk) -> Caller:
    """Operates the desk."""
    return Caller(divide, CLERK.id)


def damage(desk: Desk, ticket_id: int, state: bytes) -> None:
    with desk.database.begin() as tx:
        tx.execute(update(Instance).where(Instance.ticket_id == ticket_id).values(state=state))


def state_of(desk: Desk, ticket_id: int) -> bytes:
    (row,) = desk.rows(Instance, Instance.ticket_id == ticket_id)
    return bytes(row.state)


def test_a_damaged_state_is_an_incident_and_no_request_fails(divide: Desk, clerk: Caller) -> None:
    ticket, other = divide.open(), divide.open()
    sound, chance = state_of(divide, ticket), Random(5)
    (instance,) = divide.rows(Instance, Instance.ticket_id == ticket)
    task = divide.task(ticket)
    agent, owner = visitor(divide.engine, CLERK), visitor(divide.engine, OWNER)
    refused = 0
    for state in (*DAMAGED, *(corrupted(sound, chance) for _ in range(30))):
        damage(divide, ticket, state)
        for path in (f"/tickets/{ticket}", f"/tickets/{ticket}/instances", f"/instances/{instance.id}", "/user-tasks"):
            clerk("GET", path)
        for page in (
            f"/tickets/{ticket}", f"/operations/instances/{instance.id}", f"/instances/{instance.id}/diagram.json",
        ):  # fmt: skip
            assert agent.get(page).status_code == 200, (page, state)
        assert owner.get(f"/tickets/{ticket}").status_code == 200, state
        changed = {"variables": {"stock": 1}, "reason": "try", "token": task.token}
        answers = {
            status_of(clerk, "PATCH", f"/instances/{instance.id}/variables", changed),
            status_of(clerk, "POST", f"/user-tasks/{task.id}/complete", {"data": {"pairs": 0}}),
        }
        assert answers <= {200, 409}, state
        refused += state_of(divide, ticket) == state
    assert refused > 20
    (incident,) = divide.rows(Incident)
    assert (incident.ticket_id, incident.state) == (ticket, "open")
    divide.complete(other, pairs=2)
    (unnoticed,) = divide.rows(Instance, Instance.ticket_id == other)
    assert not unnoticed.troubled


def test_what_is_due_on_a_damaged_state_is_kept_until_it_is_mended(divide: Desk, clerk: Caller) -> None:
    tickets = [divide.open() for _ in range(2)]
    for ticket in tickets:
        divide.complete(ticket, pairs=2)
    sound = state_of(divide, tickets[0])
    damage(divide, tickets[0], sound[:-1])
    divide.clock.advance(hours=1)
    Worker(divide.engine).tick()
    (incident,) = divide.rows(Incident)
    assert (incident.cause, incident.ticket_id) == ("state", tickets[0])
    assert [row.ticket_id for row in divide.rows(Timer)] == [tickets[0]]
    assert timers.due(divide.engine) == []
    assert "stored state" in clerk("GET", f"/incidents/{incident.id}")["problem"]
    damage(divide, tickets[0], sound)
    clerk("POST", f"/incidents/{incident.id}/retry", {})
    assert [row.outcome for row in divide.rows(Instance)] == ["completed", "completed"]


def test_a_state_of_another_instance_is_not_taken_for_ones_own(divide: Desk, clerk: Caller) -> None:
    ticket, other = divide.open(), divide.open()
    before = len(divide.rows(JournalEntry, JournalEntry.kind == "element_entered"))
    damage(divide, ticket, state_of(divide, other))
    clerk("POST", f"/user-tasks/{divide.task(ticket).id}/complete", {"data": {"pairs": 2}}, 409)
    (incident,) = divide.rows(Incident)
    assert incident.cause == "state"
    assert len(divide.rows(JournalEntry, JournalEntry.kind == "element_entered")) == before
    assert [row.state for row in divide.rows(UserTask)] == ["open", "open"]


def status_of(caller: Caller, method: str, path: str, body: Any) -> int:
    """The status of a request that may be refused."""
    return caller._client.open(f"/api/v1{path}", method=method, json=body, headers=caller._headers).status_code
