"""An account's living sessions, without their secrets; and what one's own account says of its sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.people.accounts import manages
from engine.queries.reading import Source, reading
from engine.storage.people.sessions import alive
from engine.storage.tables import Account, RecoveryCode, Session


class Lifetimes(Protocol):
    """What the operator says of sessions."""

    @property
    def session_idle(self) -> timedelta:
        """A session in which nothing was done for so long is over."""


class SessionSource(Source, Protocol):
    """What sessions are read from."""

    @property
    def settings(self) -> Lifetimes:
        """The operator's."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser in which the account is signed in."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    #: what the browser said of itself
    agent: str


@dataclass(frozen=True, slots=True)
class TwoFactor:
    """Whether a code is asked for at sign-in, and how many recovery codes are left."""

    on: bool
    codes_left: int


def of_account(engine: SessionSource, actor: Actor, account_id: int | None = None) -> list[SessionView]:
    """One's own living sessions, or those of an account that one manages; last seen first. Raises `NotFound`."""
    account_id = actor.id if account_id is None else account_id
    with reading(engine, actor) as reader:
        if account_id != actor.id and not manages(reader, account_id):
            raise NotFound(said("There is no such account."))
        statement = select(Session.__table__).where(Session.account_id == account_id, Session.confirmed_at.is_not(None))
        now = engine.clock()
        statement = statement.where(alive(now, now - engine.settings.session_idle))
        rows = reader.tx.execute(statement.order_by(Session.last_seen_at.desc(), Session.id.desc()))
        return [SessionView(r.id, r.created_at, r.last_seen_at, r.expires_at, r.address, r.agent) for r in rows]


def two_factor(engine: Source, actor: Actor) -> TwoFactor:
    """Of one's own account."""
    with reading(engine, actor) as reader:
        left = select(func.count()).where(RecoveryCode.account_id == actor.id, RecoveryCode.used_at.is_(None))
        statement = select(Account.totp_secret.is_not(None), left.scalar_subquery()).where(Account.id == actor.id)
        on, codes = reader.tx.execute(statement).one()
        return TwoFactor(bool(on), codes)
