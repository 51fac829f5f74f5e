"""Subscriptions that tokens wait with, and messages that are on their way to one or wait to be wanted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Subscription(Base):
    """A token waits for a message by name and correlation key, or for a signal by name; a token has at most one."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("instance_id", "token"),
        Index("ix_subscriptions_message_key", "message", "key", "opened_at"),
    )

    #: the effect's id
    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"))
    token: Mapped[int]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"))
    element: Mapped[str]
    #: the message's or the signal's name
    message: Mapped[str]
    key: Mapped[str]
    signal: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(Instant)


class Message(Base):
    """A message that was thrown or published, and has not reached a subscription yet (or has: for the record).

    A signal is one for each subscription that waited for it when it was thrown.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_name_key", "name", "key", "state"),
        Index("ix_messages_state_expires_at", "state", "expires_at"),
    )

    #: the effect's id, or a UUID
    id: Mapped[str] = mapped_column(primary_key=True)
    #: None: for any package
    package_id: Mapped[str | None] = mapped_column(ForeignKey("packages.id"))
    name: Mapped[str]
    key: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    #: waiting | delivered | expired | failed (its step failed: an incident keeps it)
    state: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(Instant)
    #: until when it waits for somebody to want it
    expires_at: Mapped[datetime] = mapped_column(Instant)
    #: when the worker is to (try to) deliver it; None: when a subscription opens
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    #: where it came from; None: from outside
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instances.id"))
    #: account, 0 for the system
    published_by: Mapped[int] = mapped_column(default=0)
    #: a signal: the one subscription that it is for; None: a message, for whoever has waited longest
    subscription_id: Mapped[str | None]
