"""Statements on sessions. What counts as alive is said once, here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, insert, or_, select, update

from engine.storage.tables import Account, Membership, Session


def alive(now: Any, seen: Any) -> ColumnElement[bool]:
    """Sessions that haven't run out by `now`, and were seen after `seen`: instants, or parameters for them."""
    return and_(Session.expires_at > now, Session.last_seen_at > seen)


_SIGNED_IN = (
    select(
        Account.id, Account.name, Account.email, Account.kind, Account.company_id, Account.administrator,
        Account.language, Account.time_zone, Account.theme,
        Session.id.label("session_id"), Session.last_seen_at,
        Membership.package_id, Membership.role, Membership.departments,
    )
    .join(Session, Session.account_id == Account.id)
    .outerjoin(Membership, Membership.account_id == Account.id)
    .where(
        Session.hash == bindparam("of_hash"),
        Session.confirmed_at.is_not(None),
        alive(bindparam("now"), bindparam("seen")),
        Account.active,
    )
    .order_by(Membership.package_id, Membership.role)
)  # fmt: skip


def add(tx: Connection, values: Mapping[str, Any]) -> int:
    """Write a session; its id."""
    return int(tx.execute(insert(Session).values(**values).returning(Session.id)).scalar_one())


def session(tx: Connection, session_id: int) -> Row[Any] | None:
    """One session."""
    return tx.execute(select(Session.__table__).where(Session.id == session_id)).one_or_none()


def waiting(tx: Connection, hashed: str, now: datetime, idle: timedelta) -> Row[Any] | None:
    """A living session that awaits its code."""
    statement = select(Session.__table__).where(Session.hash == hashed, Session.confirmed_at.is_(None))
    return tx.execute(statement.where(alive(now, now - idle))).one_or_none()


def signed_in(tx: Connection, hashed: str, now: datetime, idle: timedelta) -> Sequence[Any]:
    """The active account of a living, confirmed session, once per membership; no row for any other secret."""
    return tx.execute(_SIGNED_IN, {"of_hash": hashed, "now": now, "seen": now - idle}).all()


def change(tx: Connection, session_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of a session."""
    tx.execute(update(Session).where(Session.id == session_id).values(**values))


def end(tx: Connection, session_id: int) -> None:
    """One session is gone."""
    tx.execute(delete(Session).where(Session.id == session_id))


def end_all(tx: Connection, account_id: int, keep: int | None = None) -> int:
    """All sessions of an account are gone, but for the one to keep; how many were."""
    ended = delete(Session).where(Session.account_id == account_id)
    return tx.execute(ended if keep is None else ended.where(Session.id != keep)).rowcount


def forget(tx: Connection, now: datetime, idle: timedelta) -> None:
    """Those that have run out are gone."""
    tx.execute(delete(Session).where(or_(Session.expires_at <= now, Session.last_seen_at <= now - idle)))
