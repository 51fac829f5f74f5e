"""Mistakes of Iter's own become incidents after some tries, and keep what was to be done."""

from __future__ import annotations

from typing import Any

import pytest

from engine import worker as working
from engine.commands import incidents, messages
from engine.commands.outbox import jobs
from engine.commands.stepping import steps
from engine.queries.operations import incidents as reads
from engine.queries.operations.mending import mending
from engine.storage.tables import Incident, Job, Message, Timer
from engine.worker import Worker
from tests.integration.conftest import Desk
from tests.support.desk import CLERK
from tests.support.partner import Partner
from tests.support.shop import Shop


class Broken:
    """A step that raises what no step should, until it is mended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real, self.tries, self.mended = steps.advance, 0, False
        monkeypatch.setattr(steps, "advance", self)
        monkeypatch.setattr(working, "PENALTY", 0.0)

    def __call__(self, *given: Any) -> Any:
        if self.mended:
            return self._real(*given)
        self.tries += 1
        raise RuntimeError("a wire is loose")


def test_a_timer_that_keeps_raising_becomes_an_incident_and_goes_on_when_mended(
    divide: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = divide.open()
    divide.complete(ticket_id, pairs=2)
    divide.clock.advance(hours=1)
    broken, worker = Broken(monkeypatch), Worker(divide.engine)
    for _ in range(5):
        worker.tick()
    assert broken.tries == working.TRIES
    (incident,) = reads.listed(divide.engine, CLERK).items
    assert (incident.cause, incident.element, incident.ticket) == ("fault", "p_late", ticket_id)
    assert "a wire is loose" in incident.problem
    assert "mistake" in mending(divide.engine, CLERK, incident.id).remedy[0]
    assert [row.due_at for row in divide.rows(Timer)] == [None]
    broken.mended = True
    incidents.retry(divide.engine, incident.id, CLERK)
    assert divide.rows(Timer) == []


def test_a_message_that_keeps_raising_becomes_an_incident_of_whoever_waits_for_it(
    divide: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = divide.open()
    messages.publish(divide.engine, "desk", "go", str(ticket_id), {}, CLERK)
    divide.complete(ticket_id, pairs=2)
    broken, worker = Broken(monkeypatch), Worker(divide.engine)
    for _ in range(4):
        worker.tick()
    (incident,) = divide.rows(Incident)
    assert (incident.kind, incident.cause, incident.element) == ("step", "fault", "await_go")
    assert [row.state for row in divide.rows(Message)] == ["failed"]
    broken.mended = True
    incidents.retry(divide.engine, incident.id, CLERK)
    assert [row.state for row in divide.rows(Message)] == ["delivered"]


def test_a_message_that_raises_before_anybody_is_found_stands_by_itself(
    divide: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages.publish(divide.engine, "desk", "go", "nobody", {}, CLERK)
    divide.clock.advance(seconds=3)
    monkeypatch.setattr(working, "PENALTY", 0.0)
    with monkeypatch.context() as patched:
        patched.setattr("engine.commands.messages._deliver", lambda *_: 1 / 0)
        worker = Worker(divide.engine)
        for _ in range(4):
            worker.tick()
    (incident,) = divide.rows(Incident)
    assert (incident.kind, incident.cause) == ("message", "fault")
    incidents.retry(divide.engine, incident.id, CLERK)
    Worker(divide.engine).tick()
    assert [row.state for row in divide.rows(Message)] == ["waiting"]
    assert [row.state for row in divide.rows(Incident)] == ["resolved"]


def test_what_a_job_gave_is_kept_where_taking_note_of_it_fails_so_that_it_is_done_once(
    shop: Shop, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.order()
    partner.answer(200, b'{"price": 12}')
    real = jobs.complete
    monkeypatch.setattr(jobs, "complete", lambda *_: 1 / 0)
    shop.tick()
    monkeypatch.setattr(jobs, "complete", real)
    for _ in range(3):
        shop.clock.advance(minutes=5)
        shop.tick()
    assert len(partner.seen) == 1
    (incident,) = reads.listed(shop.engine, shop["boss"]).items
    found = mending(shop.engine, shop["boss"], incident.id)
    assert (incident.cause, found.event) == ("fault", "job_completed")
    assert [(given.name, given.text) for given in found.given or []] == [("price", "12")]
    incidents.retry(shop.engine, incident.id, shop["boss"], {"price": 15})
    (job,) = [row for row in shop.rows(Job.__table__.select()) if row.type == "webhook"]
    assert (job.state, len(partner.seen)) == ("done", 1)
