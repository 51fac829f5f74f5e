"""Companies, accounts, what an account is in a package, bearer tokens, failed logins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json
from engine.storage.tables.sorting import caseless_index


class Company(Base):
    """A customer's company: its accounts see one another's tickets."""

    __tablename__ = "companies"
    __table_args__ = caseless_index("ix_companies_name", "name")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    vat_number: Mapped[str] = mapped_column(default="")
    #: what the company is called in the owner's other systems
    reference: Mapped[str] = mapped_column(default="")
    #: the services that it has, in words
    services: Mapped[list[str]] = mapped_column(Json, default=list)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Account(Base):
    """Somebody who can log in."""

    __tablename__ = "accounts"
    __table_args__ = caseless_index("ix_accounts_name", "name")

    id: Mapped[int] = mapped_column(primary_key=True)
    #: lower case; mail about tickets goes there
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: staff | customer
    kind: Mapped[str]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    administrator: Mapped[bool] = mapped_column(default=False)
    #: argon2; None: no login by password
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="")
    #: light | dark | empty: as the device has it
    theme: Mapped[str] = mapped_column(default="")
    #: of the two-factor app (base32); None: a password is enough
    totp_secret: Mapped[str | None]
    #: the last step of 30 seconds whose code was taken: no code counts twice
    totp_step: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    #: of demonstration data: mail never leaves the machine
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Membership(Base):
    """An account's role in a package."""

    __tablename__ = "memberships"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"), primary_key=True)
    #: key of a role of the package
    role: Mapped[str] = mapped_column(primary_key=True)
    #: keys of the departments that it works for in this role
    departments: Mapped[list[str]] = mapped_column(Json, default=list)


class Token(Base):
    """A bearer token; only its hash is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    #: SHA-256 of the token, hexadecimal (tokens are random: no salt needed)
    hash: Mapped[str] = mapped_column(unique=True)
    #: None: no limit
    scopes: Mapped[list[str] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class LoginAttempt(Base):
    """Failed logins in a row under a key (an address, an e-mail), so that guessing is slowed down."""

    __tablename__ = "login_attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime] = mapped_column(Instant)
    blocked_until: Mapped[datetime | None] = mapped_column(Instant)
