"""Messages reach one subscription each, the oldest; where none waits they are kept for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import actions, messages, tickets
from engine.commands.stepping import start_instance, working
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.storage.tables import Instance, Message, Subscription, Ticket
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER


def listen(desk: Desk, ticket_id: int) -> None:
    """Start another instance on a ticket: one that waits for `ping`."""
    with working(desk.engine, SYSTEM, "test") as work:
        found = tickets_row(desk, ticket_id)
        start_instance(work, found, 1, "listener", {})


def tickets_row(desk: Desk, ticket_id: int) -> dict:
    (row,) = desk.rows(Ticket, Ticket.id == ticket_id)
    return dict(row._mapping)


def ended(desk: Desk, process: str) -> list[bool]:
    return [row.ended_at is not None for row in desk.rows(Instance, Instance.process == process)]


def publish(desk: Desk, key: object, name: str = "ping") -> str:
    return messages.publish(desk.engine, "desk", name, str(key), {}, CLERK)


def test_a_message_reaches_the_oldest_subscription_alone(desk: Desk) -> None:
    ticket_id = desk.open()
    for _ in range(2):
        listen(desk, ticket_id)
        desk.clock.advance(minutes=1)
    first = min(desk.rows(Subscription, Subscription.message == "ping"), key=lambda row: row.opened_at)
    assert publish(desk, ticket_id) == "delivered"
    left = desk.rows(Subscription, Subscription.message == "ping")
    assert len(left) == 1
    assert left[0].id != first.id


def test_a_message_that_nobody_waits_for_is_buffered_until_somebody_does(desk: Desk) -> None:
    ticket_id = desk.open()
    assert publish(desk, ticket_id) == "buffered"
    desk.clock.advance(seconds=3)
    (message_id,) = messages.due(desk.engine)
    assert messages.deliver(desk.engine, message_id) == "buffered"
    assert messages.due(desk.engine) == []
    listen(desk, ticket_id)
    assert messages.due(desk.engine) == [message_id]
    assert messages.deliver(desk.engine, message_id) == "delivered"
    assert messages.deliver(desk.engine, message_id) == "gone"
    assert ended(desk, "listener") == [True]


def test_a_buffered_message_expires(desk: Desk) -> None:
    ticket_id = desk.open()
    publish(desk, ticket_id)
    desk.clock.advance(hours=25)
    assert messages.expire(desk.engine) == 1
    listen(desk, ticket_id)
    assert messages.due(desk.engine) == []
    assert ended(desk, "listener") == [False]


def test_a_thrown_message_is_delivered_by_another_command(make_desk) -> None:
    desk = make_desk("again")
    ticket_id = desk.open()
    listen(desk, ticket_id)
    desk.complete(ticket_id)
    desk.engine.wake.clear()
    desk.complete(ticket_id)
    assert desk.engine.wake.is_set()
    (message,) = desk.rows(Message)
    assert (message.name, message.key, message.state) == ("ping", str(ticket_id), "waiting")
    assert messages.deliver(desk.engine, message.id) == "delivered"
    assert ended(desk, "listener") == [True]


def test_who_may_publish(desk: Desk) -> None:
    for actor in (OWNER, COBBLER):
        with pytest.raises(Forbidden):
            messages.publish(desk.engine, "desk", "ping", "1", {}, actor)
    with pytest.raises(NotFound):
        messages.publish(desk.engine, "elsewhere", "ping", "1", {}, CLERK)
    with pytest.raises(Forbidden):
        messages.publish(desk.engine, None, "ping", "1", {}, CLERK)


@pytest.mark.parametrize(
    ("name", "key", "data"),
    [("", "1", {}), ("p\0", "1", {}), ("p", "\ud800", {}), ("p", "1", {"x": float("inf")}), ("p", "x" * 501, {})],
)
def test_bad_input_is_refused_with_the_field(desk: Desk, name: str, key: str, data: dict) -> None:
    with pytest.raises(Invalid) as caught:
        messages.publish(desk.engine, "desk", name, key, data, CLERK)
    assert caught.value.fields


def test_a_life_that_is_too_long_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        messages.publish(desk.engine, "desk", "ping", "1", {}, CLERK, timedelta(days=400))


def test_an_action_sends_its_message_or_starts_its_process(desk: Desk) -> None:
    ticket_id = desk.open()
    with pytest.raises(Conflict):
        actions.act(desk.engine, ticket_id, "withdraw", {}, OWNER)
    listen(desk, ticket_id)
    assert actions.act(desk.engine, ticket_id, "withdraw", {}, OWNER) == "delivered"
    with pytest.raises(Conflict):
        actions.act(desk.engine, ticket_id, "again", {}, CLERK)
    desk.complete(ticket_id, pairs=1)
    desk.complete(ticket_id)
    assert tickets_row(desk, ticket_id)["status"] == "closed"
    assert actions.act(desk.engine, ticket_id, "again", {}, CLERK) == "started"
    assert desk.task(ticket_id).element == "first"


def test_actions_are_for_their_roles(desk: Desk) -> None:
    ticket_id = desk.open()
    with pytest.raises(Forbidden):
        actions.act(desk.engine, ticket_id, "withdraw", {}, CLERK)
    with pytest.raises(NotFound):
        actions.act(desk.engine, ticket_id, "withdraw", {}, STRANGER)
    with pytest.raises(NotFound):
        actions.act(desk.engine, ticket_id, "nothing", {}, CLERK)
    with pytest.raises(Invalid):
        tickets.open(desk.engine, OWNER, "desk", "x", "y", {"agreed": "2026-03-31"})
