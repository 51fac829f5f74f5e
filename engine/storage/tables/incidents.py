"""Incidents: what stands still until somebody mends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Incident(Base):
    """Something failed at an element; with the event of a step that failed, so that a retry can apply it again."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: step | job | mail
    kind: Mapped[str]
    package_id: Mapped[str | None] = mapped_column(ForeignKey("packages.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instances.id"), index=True)
    token: Mapped[int | None]
    element: Mapped[str] = mapped_column(default="")
    problem: Mapped[str]
    #: `events.to_json` of the event whose step failed
    event: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: what a retry does again besides: the job, mail or message
    job_id: Mapped[str | None]
    mail_id: Mapped[str | None]
    message_id: Mapped[str | None]
    #: open | resolved
    state: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    #: account whose command failed, 0 for the system
    raised_by: Mapped[int] = mapped_column(default=0)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[int | None]
