"""Statements on bearer tokens and failed logins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from engine.storage.tables import Account, LoginAttempt, Membership, Token
from engine.storage.upserting import insert_new, upsert

_BEARER = (
    select(
        Account.id, Account.name, Account.email, Account.kind, Account.company_id, Account.administrator,
        Token.id.label("token_id"), Token.scopes, Token.last_used_at,
        Membership.package_id, Membership.role, Membership.departments,
    )
    .join(Token, Token.account_id == Account.id)
    .outerjoin(Membership, Membership.account_id == Account.id)
    .where(
        Token.hash == bindparam("of_hash"),
        Token.revoked_at.is_(None),
        or_(Token.expires_at.is_(None), Token.expires_at > bindparam("now")),
        Account.active,
    )
    .order_by(Membership.package_id, Membership.role)
)  # fmt: skip


def add(tx: Connection, values: Mapping[str, Any]) -> int:
    """Write a token; its id."""
    return int(tx.execute(insert(Token).values(**values).returning(Token.id)).scalar_one())


def token(tx: Connection, token_id: int) -> Row[Any] | None:
    """One token."""
    return tx.execute(select(Token.__table__).where(Token.id == token_id)).one_or_none()


def bearer(tx: Connection, hashed: str, now: datetime) -> Sequence[Any]:
    """The account of a token that counts now, once per membership; no row for any other token."""
    return tx.execute(_BEARER, {"of_hash": hashed, "now": now}).all()


def used(tx: Connection, token_id: int, now: datetime) -> None:
    """Note that a token was used."""
    tx.execute(update(Token).where(Token.id == token_id).values(last_used_at=now))


def revoke(tx: Connection, now: datetime, *, token_id: int | None = None, account_id: int | None = None) -> int:
    """Have one token, or all of an account, count no more; how many did."""
    which = Token.id == token_id if token_id is not None else Token.account_id == account_id
    return tx.execute(update(Token).where(which, Token.revoked_at.is_(None)).values(revoked_at=now)).rowcount


def attempts(tx: Connection, keys: Sequence[str], now: datetime) -> Sequence[Row[Any]]:
    """Failed logins under the keys, made where they are new, locked until the transaction ends."""
    insert_new(tx, LoginAttempt, [{"key": key, "failures": 0, "last_failed_at": now} for key in sorted(keys)])
    statement = select(LoginAttempt.__table__).where(LoginAttempt.key.in_(keys))
    return tx.execute(statement.order_by(LoginAttempt.key).with_for_update()).all()


def set_attempts(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write whole rows of failed logins."""
    upsert(tx, LoginAttempt, rows, ["key"])


def forget_attempts(tx: Connection, before: datetime) -> None:
    """Forget failed logins whose last is older."""
    tx.execute(delete(LoginAttempt).where(LoginAttempt.last_failed_at < before))
