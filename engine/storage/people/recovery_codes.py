"""Statements on recovery codes, of which only hashes are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from engine.storage.tables import RecoveryCode


def replace(tx: Connection, account_id: int, hashes: Sequence[str]) -> None:
    """Write an account's codes in place of those that it had."""
    tx.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    if hashes:
        tx.execute(insert(RecoveryCode), [{"account_id": account_id, "hash": hashed} for hashed in hashes])


def use(tx: Connection, account_id: int, hashed: str, now: datetime) -> bool:
    """Whether the account has this code unused; it is used now."""
    this = (RecoveryCode.account_id == account_id, RecoveryCode.hash == hashed, RecoveryCode.used_at.is_(None))
    return tx.execute(update(RecoveryCode).where(*this).values(used_at=now)).rowcount == 1
