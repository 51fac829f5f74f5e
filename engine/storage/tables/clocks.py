"""The clocks of service level goals; one row per ticket and goal. What their values mean is `engine.domain.clocks`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Clock(Base):
    """A clock: all of it in `content`, and what lists and filters ask for as columns."""

    __tablename__ = "clocks"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    goal: Mapped[str] = mapped_column(primary_key=True)
    #: `Clock.to_json`
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    #: None while paused; of a stopped clock, the deadline that it was judged by
    deadline_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    paused_since: Mapped[datetime | None] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    met: Mapped[bool | None]
