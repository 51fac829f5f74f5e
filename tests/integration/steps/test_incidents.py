"""Incidents stand as long as something can be mended, and a retry does what can succeed."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from engine.commands import incidents, messages, user_tasks
from engine.commands.packages import deployments
from engine.commands.stepping import StepKept, failures
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict
from engine.storage import messages as store
from engine.storage.tables import Incident, Instance, JournalEntry, UserTask
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, desk_files

STUCK = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="stuck_file" targetNamespace="urn:desk">
  <bpmn:message id="m_away" name="away"/>
  <bpmn:process id="stuck" isExecutable="true">
    <bpmn:startEvent id="stuck_s"/>
    <bpmn:userTask id="a" camunda:candidateGroups="clerk"/>
    <bpmn:boundaryEvent id="away" attachedToRef="a">
      <bpmn:messageEventDefinition messageRef="m_away"/>
    </bpmn:boundaryEvent>
    <bpmn:scriptTask id="x"><bpmn:script>y = 1 / 0</bpmn:script></bpmn:scriptTask>
    <bpmn:userTask id="b" camunda:candidateGroups="clerk"/>
    <bpmn:sequenceFlow id="k1" sourceRef="stuck_s" targetRef="a"/>
    <bpmn:sequenceFlow id="k2" sourceRef="a" targetRef="x"/>
    <bpmn:sequenceFlow id="k3" sourceRef="away" targetRef="b"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def stuck(desk: Desk) -> Desk:
    """A desk whose tickets run into a script that fails, unless the user task is taken away before."""
    deployments.deploy(desk.engine, {**desk_files("stuck"), "stuck.bpmn": STUCK}, SYSTEM, "editor")
    return desk


def test_an_incident_of_a_token_that_is_gone_is_resolved_with_it(stuck: Desk) -> None:
    ticket_id = stuck.open()
    with pytest.raises(StepKept):
        stuck.complete(ticket_id)
    assert messages.publish(stuck.engine, "desk", "away", str(ticket_id), {}, CLERK) == "delivered"
    (incident,) = stuck.rows(Incident)
    (instance,) = stuck.rows(Instance)
    assert (incident.state, instance.troubled, instance.ended_at) == ("resolved", False, None)


def test_an_instance_that_went_on_before_the_incident_was_written_has_none(
    stuck: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failed step is rolled back before its incident is written: meanwhile another command may come."""
    ticket_id = stuck.open()
    task = stuck.task(ticket_id)
    real = failures.record_failure

    def late(*given: Any) -> Any:
        monkeypatch.undo()
        messages.publish(stuck.engine, "desk", "away", str(ticket_id), {}, CLERK)
        return real(*given)

    monkeypatch.setattr(sys.modules["engine.commands.stepping.working"], "record_failure", late)
    with pytest.raises(Conflict) as told:
        user_tasks.complete(stuck.engine, task.id, {}, CLERK)
    assert not isinstance(told.value, StepKept)
    assert stuck.rows(Incident) == []
    assert [row.state for row in stuck.rows(UserTask)] == ["cancelled", "open"]


def test_pauses_and_new_deadlines_stand_in_the_journal(desk: Desk) -> None:
    ticket_id = desk.open()
    desk.clock.advance(minutes=10)
    desk.complete(ticket_id, pairs=2)
    desk.clock.advance(minutes=10)
    messages.publish(desk.engine, "desk", "question", str(ticket_id), {}, CLERK)
    paused_at = desk.clock()
    desk.clock.advance(hours=1)
    messages.publish(desk.engine, "desk", "answer", str(ticket_id), {}, CLERK)
    told = [row.data for row in desk.rows(JournalEntry, JournalEntry.kind == "clock_changed")]
    assert [entry["goal"] for entry in told] == ["reply"] * 3
    assert [entry.get("paused_since") for entry in told] == [None, paused_at.isoformat(), None]
    assert "deadline_at" not in told[1]
    assert told[0]["deadline_at"] < told[2]["deadline_at"]


def test_a_message_that_nobody_wanted_in_time_stands_in_the_journal(desk: Desk) -> None:
    ticket_id = desk.open()
    messages.publish(desk.engine, "desk", "ping", str(ticket_id), {}, CLERK)
    desk.clock.advance(hours=25)
    assert messages.expire(desk.engine) == 1
    (entry,) = desk.rows(JournalEntry, JournalEntry.kind == "message_expired")
    assert (entry.data["message"], entry.data["key"], entry.package_id) == ("ping", str(ticket_id), "desk")


def test_of_several_messages_that_wait_the_oldest_is_due_first(desk: Desk) -> None:
    for number in range(6):
        messages.publish(desk.engine, "desk", "ping", "k", {"n": number}, CLERK)
        desk.clock.advance(seconds=1)
    with desk.database.begin() as tx:
        store.wake(tx, "desk", {("ping", "k")}, desk.clock())
    with desk.database.begin() as tx:
        found = [store.get(tx, message_id) or {} for message_id in messages.due(desk.engine)]
    assert [message["data"]["n"] for message in found] == list(range(6))


def test_an_incident_that_was_resolved_so_is_not_tried_again(stuck: Desk) -> None:
    ticket_id = stuck.open()
    with pytest.raises(StepKept):
        stuck.complete(ticket_id)
    messages.publish(stuck.engine, "desk", "away", str(ticket_id), {}, CLERK)
    (incident,) = stuck.rows(Incident)
    with pytest.raises(Conflict, match="resolved already"):
        incidents.retry(stuck.engine, incident.id, CLERK)
