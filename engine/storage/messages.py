"""Statements on subscriptions and messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, literal, or_, select, update

from engine.domain.effects import ANY_KEY
from engine.storage import instances
from engine.storage.batching import Batch
from engine.storage.tables import Message, Subscription
from engine.storage.tables.base import table_of
from engine.storage.upserting import upsert_later

Values = Mapping[str, Any]

_MESSAGES, _SUBSCRIPTIONS = table_of(Message), table_of(Subscription)
_OLDEST = ("opened_at", "instance_id", "token")
_ADD = insert(_MESSAGES)
_UNSUBSCRIBE = delete(_SUBSCRIPTIONS).where(
    _SUBSCRIPTIONS.c.instance_id == bindparam("of_instance"), _SUBSCRIPTIONS.c.token == bindparam("of_token")
)


def subscribe(batch: Batch, rows: Sequence[Values]) -> None:
    """Write subscriptions, each over the one that its token has, whose place among those that wait it takes."""
    upsert_later(batch, Subscription, rows, ("instance_id", "token"), kept=("opened_at",))


def unsubscribe(batch: Batch, instance_id: str, tokens: Collection[int]) -> None:
    """The tokens no longer wait for messages."""
    batch.add(_UNSUBSCRIBE, [{"of_instance": instance_id, "of_token": token} for token in tokens])


def find_subscription(tx: Connection, name: str, key: str | None = None, **by: Any) -> instances.Loaded | None:
    """The oldest subscription to a message, with its instance and ticket, locked.

    Whose conversation it is comes before who waits for any (BPMN 2.0, 8.3.2: correlation before a new conversation).
    `by`: `package_id` or `ticket_id` of the subscription.
    """
    for meant in ({},) if key is None else ({"key": key}, {"key": ANY_KEY}):
        where = {"message": name, "signal": False, **meant, **by}
        found = instances.load(tx, where, Subscription, order=_OLDEST, running=True)
        if found is not None:
            return found
    return None


def subscription(tx: Connection, subscription_id: str) -> instances.Loaded | None:
    """A subscription by its id, with its instance and ticket, locked; None where nothing waits so any more."""
    return instances.load(tx, {"id": subscription_id}, Subscription, running=True)


def broadcast(tx: Connection, signal: Values, beyond: Collection[str] = ()) -> int:
    """A message of its own for each subscription to a signal, given as the row of a message; how many that are.

    `beyond`: ids of subscriptions that began after it was thrown.
    """
    columns = [*signal, "subscription_id"]
    told: dict[str, ColumnElement[Any]] = {
        name: literal(value, Message.__table__.c[name].type) for name, value in signal.items()
    }
    told["id"] = literal(f"{signal['id']}>") + Subscription.id
    waiting = select(*(told[name].label(name) for name in signal), Subscription.id).where(
        Subscription.message == signal["name"], Subscription.signal.is_(True), Subscription.id.not_in(beyond)
    )
    if signal["package_id"] is not None:
        waiting = waiting.where(Subscription.package_id == signal["package_id"])
    written = insert(Message).from_select(columns, waiting).execution_options(preserve_rowcount=True)
    return tx.execute(written).rowcount


def add(batch: Batch, rows: Sequence[Values]) -> None:
    """Write messages in one batch."""
    batch.add(_ADD, rows)


def wake(tx: Connection, package_id: str, wanted: Collection[tuple[str, str]], now: datetime) -> None:
    """Messages that wait under one of the names and keys are to be delivered now: somebody wants them."""
    fits = or_(*(_wanted(name, key) for name, key in sorted(wanted)))
    package = or_(Message.package_id.is_(None), Message.package_id == package_id)
    statement = update(Message).where(fits, package, Message.state == "waiting", Message.expires_at > now)
    tx.execute(statement.values(next_attempt_at=now))


def _wanted(name: str, key: str) -> ColumnElement[bool]:
    return Message.name == name if key == ANY_KEY else and_(Message.name == name, Message.key == key)


def due(tx: Connection, now: datetime, limit: int) -> list[str]:
    """Ids of messages that are to be delivered; of those that were woken together, the oldest first."""
    order = (Message.next_attempt_at, Message.published_at, Message.id)
    statement = select(Message.id).where(Message.next_attempt_at <= now).order_by(*order)
    return list(tx.execute(statement.limit(limit)).scalars())


def get(tx: Connection, message_id: str) -> dict[str, Any] | None:
    """A message."""
    row = tx.execute(select(Message.__table__).where(Message.id == message_id)).one_or_none()
    return dict(row._mapping) if row else None


def settle(tx: Connection, message_id: str, state: str, next_attempt_at: datetime | None = None) -> bool:
    """Change a waiting message's state; False where somebody else already has."""
    statement = update(Message).where(Message.id == message_id, Message.state.in_(("waiting", "failed")))
    return tx.execute(statement.values(state=state, next_attempt_at=next_attempt_at)).rowcount == 1


def wait(tx: Connection, message_id: str, seen: datetime | None, next_attempt_at: datetime | None) -> None:
    """Nobody wants it yet; unless it has been woken since it was seen."""
    unchanged = Message.next_attempt_at.is_not_distinct_from(seen)
    statement = update(Message).where(Message.id == message_id, Message.state == "waiting", unchanged)
    tx.execute(statement.values(next_attempt_at=next_attempt_at))


def expire(tx: Connection, now: datetime) -> list[dict[str, Any]]:
    """Give up the messages that nobody wanted in time; gives them."""
    statement = update(Message).where(Message.expires_at <= now, Message.state == "waiting")
    expired = statement.values(state="expired", next_attempt_at=None).returning(*_MESSAGES.c)
    return [dict(row._mapping) for row in tx.execute(expired)]
