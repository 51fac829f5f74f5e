"""The outbox: what is to be done outside, at least once, each with a stable id."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Job(Base):
    """Something to do outside. Of type `mail`: to be turned into one mail per recipient."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_jobs_instance_id_token", "instance_id", "token"),
        Index("ix_jobs_created_at", "created_at", "id"),
        Index("ix_jobs_state_created_at", "state", "created_at", "id"),
    )

    #: the effect's id; idempotency key towards the outside
    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    package_id: Mapped[str | None] = mapped_column(ForeignKey("packages.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instances.id"))
    #: the token that waits for its end; None: nobody does
    token: Mapped[int | None]
    element: Mapped[str] = mapped_column(default="")
    #: open | done | failed (an incident tells) | cancelled
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant)
    #: somebody is doing it until then
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(default="")
    #: key and values of `last_error`, to say it in the reader's language; None where it has none
    said: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
