"""What proves who somebody is on pages: sessions, recovery codes, links that were mailed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant


class Session(Base):
    """A browser in which somebody signed in; gone when it is ended. Only the hash of its secret is kept."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    #: SHA-256 of the secret, hexadecimal
    hash: Mapped[str] = mapped_column(unique=True)
    #: None: the password was right, the code is awaited; such a session signs nobody in
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: to a few minutes
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    #: whatever happens, it ends then
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    #: network address and browser of its beginning, as they were told
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")
    #: secret of a two-factor app that is being set up here; counts for nothing before a right code
    offered_secret: Mapped[str | None]


class RecoveryCode(Base):
    """A code that takes the place of the app's, once."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    #: SHA-256, hexadecimal (codes are random: no salt needed)
    hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class MailedLink(Base):
    """A link that was mailed and counts once: an invitation, a recovery, a new address. Only its hash is kept."""

    __tablename__ = "mailed_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    #: invitation | recovery | address
    purpose: Mapped[str]
    #: SHA-256 of purpose and secret, hexadecimal
    hash: Mapped[str] = mapped_column(unique=True)
    #: where it was mailed to
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
