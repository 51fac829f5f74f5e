"""Timers that tokens wait for. A timer that has fired or no longer matters has no row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Timer(Base):
    """A token's timer; a token has at most one."""

    __tablename__ = "timers"
    __table_args__ = (UniqueConstraint("instance_id", "token"),)

    #: the effect's id
    id: Mapped[str] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"))
    token: Mapped[int]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    element: Mapped[str]
    #: what it waits for: {"kind": "at" | "working" | "goal", …}
    due: Mapped[dict[str, Any]] = mapped_column(Json)
    #: goal whose clock says when, empty for the others
    goal: Mapped[str] = mapped_column(default="")
    #: deadline | warning, of a goal's timer
    mark: Mapped[str] = mapped_column(default="")
    #: None while its clock is paused, and while an incident holds it
    due_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
