"""Lists that people have saved for themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant


class SavedView(Base):
    """A list of tickets under a name: its filters and order, as the address says them."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str]
    #: what stands after the `?`
    query: Mapped[str]
    #: the list that the account begins with; of an account at most one
    standard: Mapped[bool]
    saved_at: Mapped[datetime] = mapped_column(Instant)
