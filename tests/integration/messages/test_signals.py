"""Signals reach all who wait for them, each once, whatever happens in between; conditions see the ticket change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.commands import incidents, messages, tickets, user_tasks
from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.commands.stepping import StepKept, start_instance, working
from engine.domain.actors import SYSTEM
from engine.domain.errors import Forbidden, Invalid
from engine.queries.diagrams.ways import of_instance
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.tables import Incident, Instance, Message, Subscription, Ticket, UserTask
from engine.worker import Worker
from tests.integration.conftest import Desk
from tests.support.clock import VirtualClock
from tests.support.desk import CLERK, OWNER, add_people, desk_files
from tests.unit.spiff.drawing import MESSAGE, node, path, process, xml

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
CONDITION = "<bpmn:conditionalEventDefinition><bpmn:condition>{}</bpmn:condition></bpmn:conditionalEventDefinition>"
GROUPS = {"groups": "clerk"}


def boundary(id_: str, on: str, event: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="true" if interrupting else "false")


#: waits beside its user task; the first thing that it does with the signal may fail
GUARD = process(
    node("userTask", "watch", "", GROUPS), boundary("heard", "watch", SIGNAL, interrupting=False),
    node("scriptTask", "count", "<bpmn:script>rings = rings + step</bpmn:script>"), path("s", "watch", "e"),
    path("heard", "count"), '<bpmn:dataObject id="rings"/>',
)  # fmt: skip
#: throws the signal and waits for it right afterwards
THROWER = process(
    node("intermediateThrowEvent", "ring", SIGNAL, {"data.step": "=1"}), node("intermediateCatchEvent", "own", SIGNAL),
    path("q_s", "ring", "own", "q_e"), id_="q",
)  # fmt: skip
#: waits for the ticket to change
WAITER = process(node("intermediateCatchEvent", "until", CONDITION.format('ticket.category == "shoes"')),
                 path("w_s", "until", "w_e"), id_="w")  # fmt: skip
#: a task for each of a list, and an event subprocess that takes them all
ROUNDS = process(
    node("userTask", "each",
         '<bpmn:multiInstanceLoopCharacteristics camunda:collection="names" camunda:elementVariable="name"/>',
         {**GROUPS, "outputCollection": "given", "outputElement": "answer"}),
    node("subProcess", "stop", node("startEvent", "stop_s", MESSAGE.format("m")) + node("endEvent", "stop_e")
         + path("stop_s", "stop_e"), triggeredByEvent="true"),
    path("r_s", "each", "r_e"), id_="r",
)  # fmt: skip


@pytest.fixture
def desk(database: Database, clock: VirtualClock, sandbox: Sandbox) -> Desk:
    """The repair desk with these processes beside."""
    engine = Engine(database, clock, sandbox)
    diagrams = {"signals.bpmn": xml(GUARD, THROWER, WAITER, ROUNDS)}
    deployments.deploy(engine, {**desk_files("p"), **diagrams}, SYSTEM, "folder")
    add_people(database)
    return Desk(engine, clock)


def begin(desk: Desk, ticket_id: int, process_id: str, **variables: object) -> None:
    (row,) = desk.rows(Ticket, Ticket.id == ticket_id)
    with working(desk.engine, SYSTEM, "test") as work:
        start_instance(work, dict(row._mapping), 1, process_id, variables)


def rings(desk: Desk) -> list[object]:
    from engine.spiff.state import variables

    return [variables(row.state)[0].get("rings") for row in desk.rows(Instance, Instance.process == "p")]


@pytest.fixture
def guards(desk: Desk) -> Callable[..., None]:
    def make(count: int, step: object = 1) -> None:
        ticket_id = desk.open()
        for _ in range(count):
            begin(desk, ticket_id, "p", rings=0, step=step)

    return make


def test_a_signal_from_outside_reaches_all_each_once(desk: Desk, guards: Callable[..., None]) -> None:
    guards(3)
    assert messages.broadcast(desk.engine, "desk", "alarm", {"step": 2}, SYSTEM) == 4, "the ticket's own process too"
    Worker(desk.engine).tick()
    assert sorted(map(str, rings(desk))) == ["2", "2", "2", "None"]
    (first, *_) = desk.rows(Message)
    assert messages.deliver(desk.engine, first.id) == "gone"
    messages.broadcast(desk.engine, "desk", "alarm", {}, SYSTEM)
    Worker(desk.engine).tick()
    assert 4 in rings(desk)


def test_what_an_instance_throws_reaches_others_and_not_what_waits_only_afterwards(
    desk: Desk, guards: Callable[..., None]
) -> None:
    guards(2)
    begin(desk, desk.open(), "q")
    reached = desk.rows(Message, Message.subscription_id.is_not(None))
    assert len(reached) == 4
    Worker(desk.engine).tick()
    assert [row.ended_at is None for row in desk.rows(Instance, Instance.process == "q")] == [True]
    assert rings(desk).count(1) == 2


def test_who_stops_waiting_before_it_comes_is_passed_over(desk: Desk, guards: Callable[..., None]) -> None:
    guards(1)
    messages.broadcast(desk.engine, "desk", "alarm", {}, SYSTEM)
    for task in desk.rows(UserTask):
        user_tasks.complete(desk.engine, task.id, {}, CLERK)
    assert desk.rows(Subscription) == []
    Worker(desk.engine).tick()
    assert {row.state for row in desk.rows(Message)} == {"expired"}


def test_one_that_fails_keeps_an_incident_and_the_others_go_on(desk: Desk, guards: Callable[..., None]) -> None:
    guards(1, step="many")
    guards(1)
    messages.broadcast(desk.engine, "desk", "alarm", {}, SYSTEM)
    for message_id in messages.due(desk.engine):
        try:
            messages.deliver(desk.engine, message_id)
        except StepKept:
            continue
    assert rings(desk).count(1) == 1
    failed = [row for row in desk.rows(Incident) if row.element == "count"]
    assert {row.event["kind"] for row in failed} == {"signal_received"}
    kept = next(row for row in failed if row.event["data"] == {})
    incidents.retry(desk.engine, kept.id, SYSTEM, variables={"step": 5, "rings": 0})
    assert 5 in rings(desk)


def test_who_may_send_one(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        messages.broadcast(desk.engine, "desk", "alarm", {}, OWNER)
    with pytest.raises(Invalid):
        messages.broadcast(desk.engine, "desk", "", {}, SYSTEM)


def test_a_condition_on_the_ticket_comes_true_by_an_edit(desk: Desk) -> None:
    ticket_id = desk.open()
    begin(desk, ticket_id, "w")
    tickets.edit(desk.engine, CLERK, ticket_id, {"subject": "Another"})
    (row,) = desk.rows(Instance, Instance.process == "w")
    assert row.ended_at is None
    tickets.edit(desk.engine, CLERK, ticket_id, {"category": "shoes"})
    (row,) = desk.rows(Instance, Instance.process == "w")
    assert row.ended_at is not None


def test_several_instances_are_user_tasks_of_their_own_and_an_event_subprocess_takes_them_all(desk: Desk) -> None:
    ticket_id = desk.open()
    begin(desk, ticket_id, "r", names=["Ada", "Bea"])
    begin(desk, ticket_id, "r", names=["Cleo"])
    (page, *_) = [of_instance(desk.engine, CLERK, row.id) for row in desk.rows(Instance, Instance.process == "r")]
    assert {stand.element for sheet in page.sheets for stand in sheet.stands} == {"each"}
    tasks = sorted(desk.rows(UserTask, UserTask.element == "each"), key=lambda row: row.id)
    assert len(tasks) == 3
    for task in tasks[:2]:
        user_tasks.complete(desk.engine, task.id, {}, CLERK)
    assert sorted(str(row.outcome) for row in desk.rows(Instance, Instance.process == "r")) == ["None", "completed"]
    assert messages.publish(desk.engine, "desk", "m", str(ticket_id), {}, SYSTEM) == "delivered"
    assert all(row.ended_at for row in desk.rows(Instance, Instance.process == "r"))
    assert {row.state for row in desk.rows(UserTask, UserTask.element == "each")} == {"completed", "cancelled"}
