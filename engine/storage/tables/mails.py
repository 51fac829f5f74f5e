"""Mails, one row per recipient, as they were or will be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Mail(Base):
    """One mail to one address; its Message-ID is fixed before the first attempt."""

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_mails_created_at", "created_at", "id"),
        Index("ix_mails_state_created_at", "state", "created_at", "id"),
    )

    #: job's id and the recipient
    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), index=True)
    package_id: Mapped[str | None] = mapped_column(ForeignKey("packages.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    message_id: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str] = mapped_column(default="")
    #: open | sent | kept (no server configured, or demonstration) | failed
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(default="")
    #: key and values of `last_error`, to say it in the reader's language; None where it has none
    said: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
