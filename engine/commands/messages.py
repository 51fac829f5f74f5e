"""Messages: publish one from outside, deliver what instances threw, buffer what nobody waits for yet. And signals."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from engine.commands.access import find_package, require
from engine.commands.engine import Engine
from engine.commands.stepping import Work, take_step, working
from engine.domain.actors import SYSTEM, Actor
from engine.domain.errors import Forbidden, Invalid
from engine.domain.events import MessageReceived, SignalReceived
from engine.domain.said import said
from engine.domain.storable import LINE, check_texts, check_values
from engine.spiff.messages import published_key
from engine.storage import messages
from engine.storage.instances import Loaded

TIME_TO_LIVE = timedelta(hours=24)
LONGEST_LIFE = timedelta(days=366)
#: A subscription that is being committed while a message finds nobody can't be seen: so it is looked for once more.
SECOND_LOOK = timedelta(seconds=2)


def publish(
    engine: Engine,
    package_id: str | None,
    name: str,
    key: str | None,
    data: Mapping[str, Any],
    actor: Actor,
    time_to_live: timedelta = TIME_TO_LIVE,
) -> Literal["delivered", "buffered"]:
    """Give a message to the subscription that has waited longest under its name and key, or keep it for a while.

    `key` None: the package's diagrams say how it is made of the data; where they do, that counts in any case.
    `package_id` None: of any package, for administrators only. Raises `Invalid`, `NotFound`, `Forbidden`, and
    `StepKept` where the step that it caused failed.
    """
    check_texts({"name": (name, LINE, True), "key": (key or "", LINE, False)})
    data = check_values(data)
    if not timedelta() < time_to_live <= LONGEST_LIFE:
        raise Invalid(
            said("Can't be accepted: time_to_live."),
            {"time_to_live": [said("Expected more than 0 and up to 366 days.")]},
        )
    with working(engine, actor, "messages.publish") as work:
        _require_publisher(work, package_id)
        key = _key(work, package_id, name, key, data)
        told = {"message": name, "key": key, "data": data}
        scope = {"package_id": package_id} if package_id else {}
        loaded = messages.find_subscription(work.tx, name, key, **scope)
        if loaded is not None:
            work.journal(told, **work.where(loaded))
            take_step(work, loaded, MessageReceived(loaded.cause["token"], data))
            return "delivered"
        _buffer(work, package_id, name, key, data, time_to_live)
        work.journal({**told, "buffered": True}, package_id=package_id)
        return "buffered"


def broadcast(engine: Engine, package_id: str | None, name: str, data: Mapping[str, Any], actor: Actor) -> int:
    """Give a signal to all who wait for it now, each by a step of its own (BPMN 10.5.1); how many that are.

    `package_id` None: of any package, for administrators only. Raises `Invalid`, `NotFound`, `Forbidden`.
    """
    check_texts({"name": (name, LINE, True)})
    data = check_values(data)
    with working(engine, actor, "messages.broadcast") as work:
        _require_publisher(work, package_id)
        reached = messages.broadcast(work.tx, _row(work, package_id, name, data, next_attempt_at=work.now))
        work.journal({"signal": name, "data": data, "reached": reached}, package_id=package_id)
        work.wakes = True
        return reached


def _require_publisher(work: Work, package_id: str | None) -> None:
    if package_id is None:
        if not work.actor.administrator:
            raise Forbidden(said("Only administrators publish to any package."))
        return
    _, package = find_package(work, package_id)
    require(work.actor, "publish", package)


def _key(work: Work, package_id: str | None, name: str, given: str | None, data: Mapping[str, Any]) -> str:
    """What the message is correlated by: made of its data where the package's latest diagrams say how."""
    key = given
    if package_id is not None:
        row, _ = find_package(work, package_id)
        definitions = work.engine.version(row.deployment_id, work.tx).definitions
        key = published_key(definitions, work.engine.sandbox, name, data, given, work.now)
    if key is None:
        raise Invalid(said("Can't be accepted: key."), {"key": [said("Expected a correlation key.")]})
    check_texts({"key": (key, LINE, False)})
    return key


def _buffer(
    work: Work, package_id: str | None, name: str, key: str, data: Mapping[str, Any], time_to_live: timedelta
) -> None:
    given = {"key": key, "expires_at": work.now + time_to_live, "next_attempt_at": work.now + SECOND_LOOK}
    messages.add(work.batch, [_row(work, package_id, name, data, **given)])


def _row(work: Work, package_id: str | None, name: str, data: Mapping[str, Any], **given: Any) -> dict[str, Any]:
    """A message from outside, not on its way yet."""
    return {
        "id": str(uuid.uuid4()), "package_id": package_id, "name": name, "key": "", "data": data, "state": "waiting",
        "published_at": work.now, "expires_at": work.now + TIME_TO_LIVE, "ticket_id": None, "instance_id": None,
        "published_by": work.actor.id, **given,
    }  # fmt: skip


def due(engine: Engine, limit: int = 100) -> list[str]:
    """Ids of messages that are to be delivered now."""
    with engine.database.read() as tx:
        return messages.due(tx, engine.clock(), limit)


def deliver(engine: Engine, message_id: str) -> Literal["delivered", "buffered", "expired", "gone"]:
    """Give a message that was thrown (or buffered) to the subscription that has waited longest for it.

    Raises `StepKept` where the step that it caused failed: the incident has the message.
    """
    with working(engine, SYSTEM, "messages.deliver") as work:
        message = messages.get(work.tx, message_id)
        if message is None or message["state"] != "waiting":
            return "gone"
        if message["expires_at"] <= work.now:
            messages.settle(work.tx, message_id, "expired")
            _tell_expired(work, message)
            return "expired"
        return _deliver(work, message)


def _deliver(work: Work, message: Mapping[str, Any]) -> Literal["delivered", "buffered", "gone"]:
    """The ticket is locked before the message, as in every step that wakes messages."""
    loaded = receiver(work, message)
    if loaded is None and message["subscription_id"]:
        messages.settle(work.tx, message["id"], "expired")
        return "gone"
    if loaded is None:
        second = message["published_at"] + SECOND_LOOK
        messages.wait(work.tx, message["id"], message["next_attempt_at"], second if second > work.now else None)
        return "buffered"
    if not messages.settle(work.tx, message["id"], "delivered"):
        return "gone"
    told = {"message": message["name"], "key": message["key"], "id": message["id"]}
    if message["ticket_id"] != loaded.ticket["id"]:  # the ticket's own journal has what its processes send
        told["data"] = message["data"]
    work.journal(told, element=loaded.cause["element"], **work.where(loaded))
    known = replace(loaded, cause={**loaded.cause, "message_id": message["id"]})
    take_step(work, known, received(known, message))
    return "delivered"


def receiver(work: Work, message: Mapping[str, Any]) -> Loaded | None:
    """Who is to get a message that is on its way, locked; None where nobody waits for it (any more)."""
    if message["subscription_id"]:
        return messages.subscription(work.tx, message["subscription_id"])
    scope = {"package_id": message["package_id"]} if message["package_id"] else {}
    return messages.find_subscription(work.tx, message["name"], message["key"], **scope)


def received(loaded: Loaded, message: Mapping[str, Any]) -> MessageReceived | SignalReceived:
    """What comes to the receiver by it."""
    kind = SignalReceived if message["subscription_id"] else MessageReceived
    return kind(loaded.cause["token"], message["data"])


def expire(engine: Engine) -> int:
    """Give up the messages that nobody wanted in time; how many."""
    with working(engine, SYSTEM, "messages.expire") as work:
        expired = messages.expire(work.tx, work.now)
        for message in expired:
            _tell_expired(work, message)
        return len(expired)


def _tell_expired(work: Work, message: Mapping[str, Any]) -> None:
    where = {"ticket_id": message["ticket_id"], "instance_id": message["instance_id"]}
    told = {"message": message["name"], "key": message["key"], "id": message["id"]}
    work.journal(told, kind="message_expired", package_id=message["package_id"], **where)
