"""The workers that run, and when each last looked for what is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant


class WorkerBeat(Base):
    """A worker's sign of life; one that was stopped in order has none."""

    __tablename__ = "workers"

    #: machine, process and a word by chance
    id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
