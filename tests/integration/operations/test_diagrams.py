"""An instance drawn: where it stands, which way it came, in which called processes, what is stuck."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from engine.commands import messages
from engine.commands.stepping import StepKept
from engine.domain.errors import NotFound
from engine.queries import diagrams
from engine.queries.diagrams import ways
from engine.storage.tables import Deployment, Instance, JournalEntry
from tests.integration.conftest import Desk
from tests.integration.steps.test_growth import plans
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER
from tests.support.statements import counting


def drawn(desk: Desk) -> diagrams.Way:
    (row,) = desk.rows(Instance)
    return diagrams.of_instance(desk.engine, CLERK, row.id)


def test_a_token_stands_where_it_waits_since_it_came(divide: Desk) -> None:
    divide.open()
    began = divide.clock()
    divide.clock.advance(minutes=5)
    way = drawn(divide)
    (stand,) = way.stands
    assert (stand.element, stand.label, stand.waits, stand.since) == ("say", "Say how many", "user_task", began)
    (sheet,) = way.sheets
    assert (sheet.file, sheet.name) == ("divide.bpmn", "Divide")
    assert [(passed.element, passed.order, passed.count) for passed in sheet.passed] == [
        ("begun", 1, 1),
        ("fill", 2, 1),
        ("say", 3, 1),
    ]
    assert sheet.flows == {"d0": 1, "d1": 1}


def test_a_called_process_has_a_sheet_of_its_own_and_the_call_leads_there(divide: Desk) -> None:
    ticket_id = divide.open()
    divide.complete(ticket_id, pairs=3)
    way = drawn(divide)
    own, called = way.sheets
    assert (own.file, called.file) == ("divide.bpmn", "packing.bpmn")
    assert own.calls == {"pack": "packing.bpmn"}
    assert [(stand.element, stand.waits) for stand in own.stands] == [("pack", "scope")]
    (stand,) = way.stands
    assert (stand.element, stand.label, stand.waits) == ("await_go", "Await the go", "message")
    assert [label for label, _ in stand.dues] == ["Late"]
    assert [passage.label for passage in way.passages][-2:] == ["p_begun", "Await the go"]


def test_what_is_stuck_is_told_at_its_element(divide: Desk) -> None:
    ticket_id = divide.open()
    with pytest.raises(StepKept) as kept:
        divide.complete(ticket_id, pairs=0)
    (stuck,) = drawn(divide).stuck
    assert (stuck.incident, stuck.process, stuck.element) == (kept.value.incident_id, "divide", "share")
    assert stuck.problem == kept.value.problem


def test_an_ended_instance_stands_nowhere_and_keeps_its_way(divide: Desk) -> None:
    ticket_id = divide.open()
    divide.complete(ticket_id, pairs=3)
    messages.publish(divide.engine, "desk", "go", str(ticket_id), {}, CLERK)
    way = drawn(divide)
    assert (way.outcome, way.stands) == ("completed", [])
    assert way.passages[-1].label == "Over"


def test_the_cost_does_not_grow_with_the_way(divide: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    divide.open()
    (row,) = divide.rows(Instance)
    entry = dict(divide.rows(JournalEntry, JournalEntry.kind == "element_entered")[-1]._mapping)
    with divide.database.begin() as tx:
        tx.execute(insert(JournalEntry), [{**entry, "id": 10_000 + n} for n in range(500)])
        others = [{**entry, "id": 20_000 + n, "instance_id": f"other-{n // 100}"} for n in range(20_000)]
        tx.execute(insert(JournalEntry), others)
    monkeypatch.setattr(ways, "MOST", 100)
    with counting(divide.database) as counted:
        way = diagrams.of_instance(divide.engine, CLERK, row.id)
    assert len(counted) <= 6
    assert (way.cut, [passed.count for passed in way.sheets[0].passed]) == (True, [100])
    with divide.database.begin() as tx:
        tx.exec_driver_sql("ANALYZE")
    plan = plans(divide, lambda: diagrams.of_instance(divide.engine, CLERK, row.id))
    assert "ix_journal_way" in plan, plan


def test_staff_who_see_the_ticket_see_it_drawn_and_nobody_else(divide: Desk) -> None:
    divide.open()
    (row,) = divide.rows(Instance)
    for actor in (OWNER, STRANGER, COBBLER):
        with pytest.raises(NotFound):
            diagrams.of_instance(divide.engine, actor, row.id)
    with pytest.raises(NotFound):
        diagrams.of_instance(divide.engine, CLERK, "nowhere")


def test_the_drawing_is_the_one_of_the_version_that_the_instance_runs_on(divide: Desk) -> None:
    divide.open()
    way = drawn(divide)
    assert b'id="divide"' in diagrams.drawing(divide.engine, CLERK, way.deployment_id, "divide.bpmn")
    with divide.database.read() as tx:
        first = tx.execute(select(Deployment.id).order_by(Deployment.id)).scalars().first() or 0
    for actor, deployment, path in (
        (CLERK, first, "divide.bpmn"),
        (CLERK, way.deployment_id, "package.toml"),
        (CLERK, 999, "divide.bpmn"),
        (OWNER, way.deployment_id, "divide.bpmn"),
    ):
        with pytest.raises(NotFound):
            diagrams.drawing(divide.engine, actor, deployment, path)
