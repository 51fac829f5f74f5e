"""Process instances: the state that `advance` reads and gives back, as bytes that only the seam understands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, only


class Instance(Base):
    """One run of a process on a ticket."""

    __tablename__ = "instances"
    __table_args__ = (
        Index("ix_instances_started_at", "started_at", "id"),
        Index("ix_instances_running", "started_at", "id", **only("ended_at IS NULL")),
        Index("ix_instances_on_versions", "package_id", "deployment_id", "ticket_id", **only("ended_at IS NULL")),
        Index("ix_instances_troubled", "started_at", "id", **only("troubled")),
    )

    #: UUID, made by the command that starts it
    id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id"), index=True)
    #: id of the process that it started
    process: Mapped[str]
    #: None before the first step
    state: Mapped[bytes | None]
    #: how many steps it has taken; a step writes only over the revision that it read
    revision: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    #: completed | cancelled | failed; None while it runs
    outcome: Mapped[str | None]
    #: a step of it has failed, and its incident is open
    troubled: Mapped[bool] = mapped_column(default=False)
