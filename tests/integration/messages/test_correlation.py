"""Messages find the ticket that they are about by what they hold, on the database too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.commands import messages
from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.domain.actors import SYSTEM
from engine.domain.effects import ANY_KEY
from engine.domain.errors import Invalid
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.tables import Instance, Subscription
from tests.integration.conftest import Desk
from tests.support.clock import VirtualClock
from tests.support.desk import CLERK, add_people, desk_files
from tests.unit.spiff.drawing import MESSAGE, flow, node, path, process, xml
from tests.unit.spiff.test_correlating import ORDER

HEAR = node("intermediateCatchEvent", "hear", MESSAGE.format("n"))
#: orders a part, and waits for that part
ORDERS = process(
    node("intermediateThrowEvent", "ask", MESSAGE.format("m"), {"data.order": "=ticket.size"}), HEAR,
    path("s", "ask", "hear", "e"),
)  # fmt: skip
#: waits for whatever comes first
OPEN = process(HEAR, path("s", "hear", "e"))
#: waits for what its variables say, and they change
FOLLOWING = HEAR.replace(
    "<bpmn:message", '<bpmn:extensionElements><s:processVariableCorrelation xmlns:s="http://spiffworkflow.org'
    '/bpmn/schema/1.0/core"><s:propertyId>order</s:propertyId><s:expression>number</s:expression>'
    "</s:processVariableCorrelation></bpmn:extensionElements><bpmn:message", 1,
)  # fmt: skip
FOLLOWS = process(
    FOLLOWING,
    node("scriptTask", "first", "<bpmn:script>number = 1</bpmn:script>"),
    node("userTask", "change", "", {"groups": "clerk"}), node("parallelGateway", "f"),
    node("scriptTask", "then", "<bpmn:script>number = number + 1</bpmn:script>"),
    path("s", "first", "f", "change", "then", "e"), path("f", "hear", "e"),
)  # fmt: skip
Made = Callable[[str], Desk]


@pytest.fixture
def made(database: Database, clock: VirtualClock, sandbox: Sandbox) -> Made:
    """Makes a desk whose new tickets run a process."""

    def make(drawn: str) -> Desk:
        engine = Engine(database, clock, sandbox)
        deployments.deploy(engine, desk_files("p") | {"parts.bpmn": xml(ORDER, drawn)}, SYSTEM, "folder")
        add_people(database)
        return Desk(engine, clock)

    return make


def publish(desk: Desk, order: Any, key: str | None = None) -> str:
    return messages.publish(desk.engine, "desk", "n", key, {"order": order}, CLERK)


def keys(desk: Desk) -> list[str]:
    return [row.key for row in desk.rows(Subscription)]


def ended(desk: Desk, ticket_id: int) -> bool:
    return all(row.ended_at is not None for row in desk.rows(Instance, Instance.ticket_id == ticket_id))


def test_a_message_without_a_key_finds_the_ticket_that_asked(made: Made) -> None:
    desk = made(ORDERS)
    first, second = desk.open(size=40), desk.open(size=41)
    assert publish(desk, 41) == "delivered"
    assert (ended(desk, first), ended(desk, second)) == (False, True)
    assert publish(desk, 41) == "buffered"


def test_what_a_message_holds_goes_before_the_key_that_came_with_it(made: Made) -> None:
    desk = made(ORDERS)
    ticket_id = desk.open(size=40)
    assert publish(desk, 41, key="40") == "buffered"
    assert not ended(desk, ticket_id)


def test_a_message_that_is_correlated_by_nothing_needs_a_key(made: Made) -> None:
    desk = made(ORDERS)
    for name, data in (("n", {"part": 1}), ("another", {})):
        with pytest.raises(Invalid) as refused:
            messages.publish(desk.engine, "desk", name, None, data, CLERK)
        assert refused.value.fields


def test_the_first_message_of_a_conversation_that_was_kept_is_given_to_who_waits_for_any(made: Made) -> None:
    desk = made(OPEN)
    assert publish(desk, 7) == "buffered"
    desk.clock.advance(seconds=3)
    assert [messages.deliver(desk.engine, each) for each in messages.due(desk.engine)] == ["buffered"]
    ticket_id = desk.open()
    assert keys(desk) == [ANY_KEY]
    assert [messages.deliver(desk.engine, each) for each in messages.due(desk.engine)] == ["delivered"]
    assert ended(desk, ticket_id)


def test_who_waits_by_variables_waits_by_their_new_values(made: Made) -> None:
    desk = made(FOLLOWS)
    ticket_id = desk.open()
    assert keys(desk) == ["1"]
    desk.complete(ticket_id)
    assert keys(desk) == ["2"]
    assert publish(desk, 1) == "buffered"
    assert publish(desk, 2) == "delivered"
    assert ended(desk, ticket_id)


#: an event subprocess waits for the conversation, and is started in place of everything else
OVER = process(
    node("userTask", "a", "", {"groups": "clerk"}), path("s", "a", "e"),
    node(
        "subProcess", "over",
        node("startEvent", "over_s", MESSAGE.format("n")) + node("userTask", "b", "", {"groups": "clerk"})
        + path("over_s", "b"), triggeredByEvent="true",
    ),
)  # fmt: skip
#: who waits at the boundary follows a variable that changes in the step that ends the waiting
LATE = process(
    FOLLOWING.replace("intermediateCatchEvent", "boundaryEvent").replace('id="hear"', 'id="hear" attachedToRef="a"', 1),
    node("scriptTask", "first", "<bpmn:script>number = 1</bpmn:script>"),
    node("userTask", "a", '<bpmn:extensionElements><s:postScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">'
         "number = 2</s:postScript><camunda:properties><camunda:property name=\"groups\" value=\"clerk\"/>"
         "</camunda:properties></bpmn:extensionElements>"),
    node("userTask", "b", "", {"groups": "clerk"}),
    path("s", "first", "a", "b", "e"), path("hear", "e"),
)  # fmt: skip


def test_who_is_started_by_a_message_waits_for_it_no_longer(made: Made) -> None:
    desk = made(OVER)
    desk.open()
    assert publish(desk, 7) == "delivered"
    assert keys(desk) == []
    desk.open()
    assert publish(desk, 8) == "delivered"
    assert publish(desk, 9) == "buffered"


def test_who_follows_a_variable_in_the_step_that_ends_its_waiting_is_gone(made: Made) -> None:
    desk = made(LATE)
    ticket_id = desk.open()
    assert keys(desk) == ["1"]
    desk.complete(ticket_id)
    assert keys(desk) == []


def test_who_follows_a_variable_keeps_its_place(made: Made) -> None:
    desk = made(FOLLOWS)
    first = desk.open()
    desk.clock.advance(seconds=1)
    second = desk.open()
    desk.clock.advance(seconds=1)
    for ticket_id in (second, first):
        desk.complete(ticket_id)
    assert publish(desk, 2) == "delivered"
    assert (ended(desk, first), ended(desk, second)) == (True, False)


def test_whose_conversation_it_is_comes_before_who_waits_for_any(made: Made) -> None:
    either = process(
        node("exclusiveGateway", "x", default="x->hear"),
        node("intermediateThrowEvent", "ask", MESSAGE.format("m"), {"data.order": "=ticket.size"}), HEAR,
        path("s", "x"), flow("x", "ask", "ticket.size &gt; 40"), path("x", "hear"), path("ask", "hear", "e"),
    )  # fmt: skip
    desk = made(either)
    fresh = desk.open(size=38)
    desk.clock.advance(seconds=60)
    asked = desk.open(size=42)
    assert sorted(keys(desk)) == ["42", "{}"]
    assert publish(desk, 42) == "delivered"
    assert (ended(desk, fresh), ended(desk, asked)) == (False, True)
