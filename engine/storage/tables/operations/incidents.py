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
    __table_args__ = (
        Index("ix_incidents_state_id", "state", "id"),
        Index("ix_incidents_package_id_state_id", "package_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: step | job | mail | message
    kind: Mapped[str]
    #: what kind of fault it is: `engine.domain.remedies` says what to do about each
    cause: Mapped[str] = mapped_column(default="diagram")
    package_id: Mapped[str | None] = mapped_column(ForeignKey("packages.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instances.id"), index=True)
    token: Mapped[int | None]
    element: Mapped[str] = mapped_column(default="")
    problem: Mapped[str]
    #: key and values of `problem`, to say it in the reader's language; None where it has none
    said: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: `events.to_json` of the event whose step failed
    event: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: what a retry does again besides: the job, mail or message
    job_id: Mapped[str | None] = mapped_column(index=True)
    mail_id: Mapped[str | None] = mapped_column(index=True)
    message_id: Mapped[str | None]
    #: open | resolved
    state: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    #: account whose command failed, 0 for the system
    raised_by: Mapped[int] = mapped_column(default=0)
    #: how often it was tried in vain, and when last
    tries: Mapped[int] = mapped_column(default=1)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[int | None]
    #: why it was resolved without another try; empty where it went on
    reason: Mapped[str] = mapped_column(default="")
