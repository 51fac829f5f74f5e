"""The journal: who did what when, and what came of it. Append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json, only

#: the entries that say which way an instance has come
WAY = "kind = 'element_entered'"


class JournalEntry(Base):
    """One command, or one effect of it."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_ticket_id_id", "ticket_id", "id"),
        Index("ix_journal_package_id_id", "package_id", "id"),
        Index("ix_journal_way", "instance_id", "id", **only(WAY)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[str | None] = mapped_column(ForeignKey("packages.id"))
    #: None: not about a ticket (a deployment, a policy)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    instance_id: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(Instant)
    #: account, 0 for the system
    actor_id: Mapped[int]
    #: `user_tasks.complete`, `timers.fire`, …
    command: Mapped[str]
    #: `command`, or the kind of the effect
    kind: Mapped[str]
    element: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(Json)
