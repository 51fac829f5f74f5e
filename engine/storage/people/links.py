"""Statements on links that were mailed and count once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.storage.tables import Account, MailedLink


def add(tx: Connection, values: Mapping[str, Any]) -> None:
    """Write a link."""
    tx.execute(insert(MailedLink).values(**values))


def link(tx: Connection, hashed: str, now: datetime) -> Row[Any] | None:
    """A link of an active account that counts now, with the account's name, present address and language."""
    account = (Account.name, Account.email.label("present"), Account.language, Account.kind)
    statement = select(MailedLink.__table__, *account).join(Account, Account.id == MailedLink.account_id)
    statement = statement.where(MailedLink.hash == hashed, MailedLink.used_at.is_(None), MailedLink.expires_at > now)
    return tx.execute(statement.where(Account.active)).one_or_none()


def use(tx: Connection, link_id: int, now: datetime) -> bool:
    """Whether this was its one use."""
    this = (MailedLink.id == link_id, MailedLink.used_at.is_(None))
    return tx.execute(update(MailedLink).where(*this).values(used_at=now)).rowcount == 1


def void(tx: Connection, account_id: int, now: datetime, purpose: str | None = None) -> None:
    """All links of an account, or those of one purpose, count no more."""
    these = [MailedLink.account_id == account_id, MailedLink.used_at.is_(None)]
    if purpose is not None:
        these.append(MailedLink.purpose == purpose)
    tx.execute(update(MailedLink).where(*these).values(used_at=now))


def forget(tx: Connection, before: datetime) -> None:
    """Those that ran out before are gone."""
    tx.execute(delete(MailedLink).where(MailedLink.expires_at < before))
