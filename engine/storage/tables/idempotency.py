"""Idempotency keys with the answers that they gave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class IdempotencyKey(Base):
    """A key that a client sent with a request; its answer commits together with the work."""

    __tablename__ = "idempotency_keys"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    #: of method, path and body: another request under the same key is refused
    request_hash: Mapped[str]
    #: HTTP status; None while the first request runs
    status: Mapped[int | None]
    answer: Mapped[Any | None] = mapped_column(Json)
    headers: Mapped[dict[str, str] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
