"""Bearer tokens: made from a password or by their owner, shown once, revoked. Passwords are `passwords`' business."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.commands.engine import Engine
from engine.commands.people import two_factor
from engine.commands.people.passwords import hash_of
from engine.commands.people.proving import prove
from engine.commands.stepping import working
from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, Invalid, NotFound, Unauthorized
from engine.domain.said import said
from engine.storage.people import tokens as store
from engine.storage.people.actors import actors_of

#: `read`: GET; `write`: whatever changes tickets; `admin`: packages, policies, accounts, incidents
SCOPES = ("read", "write", "admin")
LIFETIME = timedelta(days=30)
LONGEST_LIFETIME = timedelta(days=3_650)
PREFIX = "iter_"
#: how exactly `last_used_at` is kept
USED_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token. `secret` is shown this once."""

    id: int
    account_id: int
    secret: str
    name: str
    scopes: tuple[str, ...] | None
    expires_at: datetime | None


def exchange(
    engine: Engine,
    email: str,
    password: str,
    *,
    address: str = "",
    code: str = "",
    name: str = "",
    scopes: Collection[str] | None = None,
    lifetime: timedelta = LIFETIME,
) -> Issued:
    """A token for who knows the account's password, and shows a code where two-factor is on.

    `address` is where the request came from, for throttling. Raises `Unauthorized` (an unknown account, a disabled
    one and a wrong password are told alike, in equal time), `Throttled`, `Invalid` (field `code`: missing or wrong).
    """
    wanted = _checked_scopes(scopes)
    account = prove(engine, email, password, address)
    if account.totp_secret is not None:
        two_factor.require_code(engine, account.id, code)
    by = Actor(id=account.id)
    return _issue(engine, by, "tokens.exchange", account.id, name, wanted, lifetime)


def create(
    engine: Engine,
    actor: Actor,
    *,
    name: str = "",
    scopes: Collection[str] | None = None,
    lifetime: timedelta | None = LIFETIME,
    account_id: int | None = None,
) -> Issued:
    """A further token of the actor's own, or (administrators) of `account_id`; never with more than the actor's scopes.

    `lifetime` None: until it is revoked. Raises `Invalid`, `Forbidden`.
    """
    account_id = actor.id if account_id is None else account_id
    if account_id != actor.id and not actor.administrator:
        raise Forbidden(said("Tokens are made for oneself."))
    wanted = _checked_scopes(scopes)
    if actor.scopes is not None:
        wanted = tuple(actor.scopes) if wanted is None else wanted
        if not actor.scopes.issuperset(wanted):
            raise Forbidden(said("A token can't allow more than the one that it is made with."))
    return _issue(engine, actor, "tokens.create", account_id, name, wanted, lifetime)


def revoke(engine: Engine, actor: Actor, token_id: int) -> None:
    """The token counts no more; revoking it again changes nothing.

    Raises `NotFound` for a foreign one, `Forbidden` where the actor's own token may only read and isn't this one.
    """
    with working(engine, actor, "tokens.revoke") as work:
        row = store.token(work.tx, token_id)
        if row is None or (row.account_id != actor.id and not actor.administrator):
            raise NotFound(said("There is no such token."))
        if token_id != actor.token and actor.scopes == frozenset({"read"}):
            raise Forbidden(said("A token that may only read revokes itself, no other."))
        if store.revoke(work.tx, work.now, token_id=token_id):
            work.journal({"account": row.account_id, "token": token_id})


def actor_for(engine: Engine, secret: str) -> Actor:
    """Whoever shows this token. Takes one statement, and one more at most every hour. Raises `Unauthorized`."""
    now = engine.clock()
    with engine.database.look() as tx:
        rows = store.bearer(tx, hash_of(secret), now)
    if not rows:
        raise Unauthorized(said("The token isn't valid."))
    first = rows[0]
    if first.last_used_at is None or first.last_used_at <= now - USED_STEP:
        with engine.database.begin() as tx:
            store.used(tx, first.token_id, now)
    scopes = None if first.scopes is None else frozenset(first.scopes)
    return replace(actors_of(rows)[0], administrator=first.administrator, scopes=scopes, token=first.token_id)


def require_scope(actor: Actor, scope: str) -> None:
    """Raises `Forbidden` where the actor's token doesn't allow it; `admin` and `write` include `read`."""
    if actor.scopes is None or scope in actor.scopes or (scope == "read" and actor.scopes):
        return
    raise Forbidden(said("The token lacks the scope “{scope}”.", scope=scope))


def _checked_scopes(scopes: Collection[str] | None) -> tuple[str, ...] | None:
    if scopes is None:
        return None
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        text = said("Scopes are some of: {names}.", names=list(SCOPES))
        raise Invalid(text, {"scopes": [text]})
    return tuple(scope for scope in SCOPES if scope in scopes)


def _issue(
    engine: Engine, actor: Actor, command: str, account_id: int, name: str, scopes: tuple[str, ...] | None,
    lifetime: timedelta | None,
) -> Issued:  # fmt: skip
    if len(name) > 100:
        raise Invalid(said("The name is too long."), {"name": [said("At most 100 characters.")]})
    if lifetime is not None and not timedelta() < lifetime <= LONGEST_LIFETIME:
        raise Invalid(
            said("A token lives for at most ten years."), {"lifetime": [said("Between a moment and ten years.")]}
        )
    secret, allowed = PREFIX + secrets.token_urlsafe(32), None if scopes is None else list(scopes)
    with working(engine, actor, command) as work:
        expires_at = None if lifetime is None else work.now + lifetime
        values = {"account_id": account_id, "name": name, "scopes": allowed, "expires_at": expires_at}
        token_id = store.add(work.tx, {**values, "hash": hash_of(secret), "created_at": work.now})
        work.journal({"account": account_id, "token": token_id, "name": name, "scopes": allowed})
    return Issued(token_id, account_id, secret, name, scopes, expires_at)
