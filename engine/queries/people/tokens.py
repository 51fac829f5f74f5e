"""An account's bearer tokens, without their secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.queries.reading import Source
from engine.storage.tables import Token


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token of which nobody knows the secret any more; `scopes` None: no limit."""

    id: int
    name: str
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def of_account(engine: Source, actor: Actor, account_id: int | None = None) -> list[TokenView]:
    """One's own tokens, newest first; administrators may ask for those of another account."""
    whose = account_id if account_id is not None and actor.administrator else actor.id
    with engine.database.read() as tx:
        rows = tx.execute(select(Token.__table__).where(Token.account_id == whose).order_by(Token.id.desc()))
        return [
            TokenView(r.id, r.name, r.scopes, r.created_at, r.expires_at, r.revoked_at, r.last_used_at) for r in rows
        ]
