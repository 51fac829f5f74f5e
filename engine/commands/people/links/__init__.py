"""Links that are mailed and count once: invitations, new passwords, new addresses. What they share stands here."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from engine.commands.engine import Engine
from engine.commands.people.passwords import hash_of
from engine.commands.stepping import Work
from engine.domain.errors import Unauthorized
from engine.domain.said import said
from engine.storage.people import links as store

INVITATION, RECOVERY, ADDRESS = "invitation", "recovery", "address"


def make(work: Work, account_id: int, purpose: str, email: str, lifetime: timedelta) -> str:
    """The secret of a new link, which takes the place of earlier ones for the same."""
    secret = secrets.token_urlsafe(32)
    store.void(work.tx, account_id, work.now, purpose)
    row = {
        "account_id": account_id, "purpose": purpose, "hash": _hash(purpose, secret), "email": email,
        "created_at": work.now, "expires_at": work.now + lifetime,
    }  # fmt: skip
    store.add(work.tx, row)
    return secret


def look(engine: Engine, purpose: str, secret: str) -> Row[Any]:
    """What a link is for; it stays unused. Raises `Unauthorized`."""
    with engine.database.read() as tx:
        return _found(store.link(tx, _hash(purpose, secret), engine.clock()))


def use(work: Work, purpose: str, secret: str) -> Row[Any]:
    """What a link is for; it is used now. Raises `Unauthorized`."""
    link = _found(store.link(work.tx, _hash(purpose, secret), work.now))
    if not store.use(work.tx, link.id, work.now):
        raise _over()
    return link


def _found(link: Row[Any] | None) -> Row[Any]:
    if link is None:
        raise _over()
    return link


def _hash(purpose: str, secret: str) -> str:
    return hash_of(f"{purpose} {secret}")


def _over() -> Unauthorized:
    return Unauthorized(said("This link isn't valid any more."))
