"""What people have typed and not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Draft(Base):
    """The latest state of a form that an account has begun; nobody else sees it."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_kept_at", "kept_at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    #: which form: `user-task:12`, `note:5`, `ticket:shop`, `action:5:withdraw`
    place: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    kept_at: Mapped[datetime] = mapped_column(Instant)
