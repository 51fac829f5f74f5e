"""A process that would keep the worker busy for ever doesn't: not after a downtime, not by a loop without a wait."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from engine.commands import incidents, timers
from engine.commands.packages import deployments
from engine.domain.actors import SYSTEM
from engine.storage.tables import Incident, Instance, JournalEntry, Timer
from engine.worker import Worker
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, desk_files
from tests.unit.spiff.drawing import CYCLE, flow, node, path, process, xml

MINUTELY = CYCLE.format("R/PT1M")
CLERKS = {"camunda__candidateGroups": "clerk"}
#: a minute's cycle beside a task, starting an event subprocess, and on the way
CYCLES = xml(process(
    node("parallelGateway", "f"), node("userTask", "a", **CLERKS),
    node("boundaryEvent", "beside", MINUTELY, attachedToRef="a", cancelActivity="false"), node("task", "remind"),
    node("intermediateCatchEvent", "wait", MINUTELY), node("userTask", "b", **CLERKS),
    node("subProcess", "around", node("startEvent", "every", MINUTELY, isInterrupting="false") + node("task", "look")
         + path("every", "look"), triggeredByEvent="true"),
    path("s", "f", "a", "e"), path("f", "wait", "b"), path("beside", "remind"),
))  # fmt: skip
ENDLESS = xml(process(
    node("userTask", "a", camunda__formKey="look", **CLERKS), node("exclusiveGateway", "g", default="g->again"),
    node("task", "again"), path("s", "a", "g", "again", "g"), flow("g", "e", "pairs == 1"),
))  # fmt: skip


def deployed(desk: Desk, drawn: bytes) -> Desk:
    deployments.deploy(desk.engine, {**desk_files("p"), "p.bpmn": drawn}, SYSTEM, "editor")
    return desk


def entered(desk: Desk) -> Counter[str]:
    entries = desk.rows(JournalEntry, JournalEntry.kind == "element_entered")
    return Counter(entry.element for entry in entries)


def test_after_a_day_of_downtime_a_minutes_cycle_fires_once(desk: Desk) -> None:
    deployed(desk, CYCLES).open()
    worker = Worker(desk.engine)
    desk.clock.advance(hours=24, seconds=30)
    for _ in range(5):
        worker.tick()
    assert {name: entered(desk)[name] for name in ("remind", "look", "b")} == {"remind": 1, "look": 1, "b": 1}
    assert {timer.element: timer.due_at - desk.clock() for timer in desk.rows(Timer)} == {
        "beside": timedelta(seconds=30), "every": timedelta(seconds=30),
    }  # fmt: skip
    desk.clock.advance(seconds=30)
    for _ in range(5):
        worker.tick()
    assert {name: entered(desk)[name] for name in ("remind", "look", "b")} == {"remind": 2, "look": 2, "b": 1}
    assert timers.due(desk.engine) == []


def test_a_loop_without_a_wait_ends_in_an_incident_and_in_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.spiff.running.moving.MAX_ELEMENTS", 1_000)
    deployed(desk, ENDLESS)
    ticket, other = desk.open(), desk.open()
    before = len(desk.rows(JournalEntry))
    with pytest.raises(Exception, match="a loop without a wait"):
        desk.complete(ticket, pairs=2)
    desk.complete(other, pairs=1)
    (incident,) = desk.rows(Incident)
    assert (incident.ticket_id, incident.cause, incident.state) == (ticket, "diagram", "open")
    assert incident.element in ("g", "again")
    assert len(desk.rows(JournalEntry)) < before + 20
    incidents.retry(desk.engine, incident.id, CLERK, {"pairs": 1})
    assert {row.outcome for row in desk.rows(Instance)} == {"completed"}
