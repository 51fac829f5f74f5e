"""Sessions: begun with a password, confirmed with a code, seen, ended. Bearer tokens are `tokens`' business."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from engine.commands.engine import Engine
from engine.commands.people import throttle, two_factor
from engine.commands.people.passwords import hash_of
from engine.commands.people.proving import WRONG, prove
from engine.commands.people.staff import locked_account, require_people_of
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, NotFound, Unauthorized
from engine.domain.said import said
from engine.storage.people import links, tokens
from engine.storage.people import sessions as store
from engine.storage.people.actors import actors_of

#: for a session that awaits its code
CODE_LIFETIME = timedelta(minutes=10)
#: for which links that were mailed are kept, for whoever asks what happened
LINKS_KEPT = timedelta(days=30)
#: how exactly `last_seen_at` is kept
SEEN_STEP = timedelta(minutes=5)
#: characters that are kept of what a browser says of itself
LONGEST_AGENT = 300
OVER = said("The session isn't valid any more: sign in again.")


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session. `secret` is for the browser alone; where `needs_code`, it signs nobody in before `confirm`."""

    secret: str
    account_id: int
    needs_code: bool
    #: whatever happens, it ends then
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever shows the secret of a living, confirmed session."""

    actor: Actor
    #: the session's id
    session: int
    #: what the account says, empty where it says nothing
    language: str
    time_zone: str
    #: light | dark | empty: as the device has it
    theme: str
    #: what unsafe requests of this session must show
    csrf: str


def begin(engine: Engine, email: str, password: str, *, address: str = "", agent: str = "") -> Begun:
    """A new session for who knows the account's password; its secret is fresh, whatever the browser brought along.

    Raises `Unauthorized` (unknown, disabled, wrong password: told alike, in equal time), `Throttled`.
    """
    proven = prove(engine, email, password, address)
    with working(engine, Actor(id=proven.id), "sessions.begin") as work:
        account = _locked_active(work, proven.id)
        if account.password_hash != proven.password_hash:
            raise Unauthorized(WRONG)  # it was changed meanwhile, which ended all sessions: so none may begin
        needs_code = account.totp_secret is not None
        lifetime = CODE_LIFETIME if needs_code else engine.settings.session_lifetime
        row = {"address": address[:100], "agent": _storable(agent), "confirmed_at": None if needs_code else work.now}
        secret, session_id, expires_at = _open(work, account.id, lifetime, row)
        if not needs_code:
            work.journal({"account": account.id, "session": session_id})
    return Begun(secret, proven.id, needs_code, expires_at)


def confirm(engine: Engine, secret: str, code: str) -> Begun:
    """The session with its code shown (the app's, or a recovery code), under a new secret: the old one ends.

    So whoever planted the first secret in somebody's browser is left with nothing. Raises `Unauthorized` where the
    session is over, `Invalid` (field `code`) for a wrong code, `Throttled`.
    """
    hashed, idle = _hash(secret), engine.settings.session_idle
    with engine.database.read() as tx:
        waiting = store.waiting(tx, hashed, engine.clock(), idle)
    if waiting is None:
        raise Unauthorized(OVER)
    attempts = throttle.of_codes(engine, waiting.account_id)
    attempts.count()
    with working(engine, Actor(id=waiting.account_id), "sessions.begin") as work:
        account = _locked_active(work, waiting.account_id)
        if store.waiting(work.tx, hashed, work.now, idle) is None or account.totp_secret is None:
            raise Unauthorized(OVER)
        if not two_factor.accept(work.tx, account, code, work.now):
            raise two_factor.wrong_code()
        store.end(work.tx, waiting.id)
        row = {"address": waiting.address, "agent": waiting.agent, "confirmed_at": work.now}
        fresh, session_id, expires_at = _open(work, account.id, engine.settings.session_lifetime, row)
        work.journal({"account": account.id, "session": session_id, "two_factor": True})
    attempts.forgive()
    return Begun(fresh, waiting.account_id, False, expires_at)


def signed_in(engine: Engine, secret: str, *, seen: bool = True) -> SignedIn:
    """Whoever shows this secret. Takes one statement, and one more at most every five minutes.

    `seen` False: a page asks by itself (for news), which keeps no session alive. Raises `Unauthorized`.
    """
    now = engine.clock()
    with engine.database.look() as tx:
        rows = store.signed_in(tx, _hash(secret), now, engine.settings.session_idle)
    if not rows:
        raise Unauthorized(OVER)
    first = rows[0]
    if seen and first.last_seen_at <= now - SEEN_STEP:
        with engine.database.begin() as tx:
            store.change(tx, first.session_id, {"last_seen_at": now})
    actor = replace(actors_of(rows)[0], administrator=first.administrator)
    csrf = hash_of(f"csrf {secret}")
    return SignedIn(actor, first.session_id, first.language, first.time_zone, first.theme, csrf)


def end(engine: Engine, actor: Actor, session_id: int, *, of: int | None = None) -> None:
    """Sign out: one's own session, or another's as who manages their account; `of`: whose it must be.

    Raises `NotFound` for a foreign one and one that is over.
    """
    with working(engine, actor, "sessions.end") as work:
        row = store.session(work.tx, session_id)
        if row is None or of not in (None, row.account_id):
            raise _no_session()
        _require_manager(work, row.account_id)
        store.end(work.tx, session_id)
        work.journal({"account": row.account_id, "session": session_id})


def end_others(engine: Engine, actor: Actor, keep: int | None = None, account_id: int | None = None) -> int:
    """All sessions of the actor but the one to keep, or all of another account; how many were ended.

    Raises `NotFound` where the actor doesn't manage the account.
    """
    account_id = actor.id if account_id is None else account_id
    with working(engine, actor, "sessions.end_others") as work:
        _require_manager(work, account_id)
        ended = store.end_all(work.tx, account_id, keep)
        work.journal({"account": account_id, "ended": ended})
    return ended


def sign_out_everywhere(work: Work, account_id: int, keep: int | None = None) -> None:
    """Whatever proved who it is counts no more: sessions (but the one to keep), tokens, links that were mailed."""
    store.end_all(work.tx, account_id, keep)
    tokens.revoke(work.tx, work.now, account_id=account_id)
    links.void(work.tx, account_id, work.now)


def tidy(engine: Engine) -> None:
    """Forget the sessions that have run out, links a month after they did, and attempts that count no more."""
    now = engine.clock()
    with engine.database.begin() as tx:
        store.forget(tx, now, engine.settings.session_idle)
        links.forget(tx, now - LINKS_KEPT)
        tokens.forget_attempts(tx, now - throttle.MEMORY)


def _require_manager(work: Work, account_id: int) -> None:
    """Raises `NotFound` where it is neither the actor's own account nor one that the actor manages."""
    if account_id == work.actor.id or work.actor.kind == "system":
        return
    try:
        require_people_of(work.engine, work.tx, work.actor, locked_account(work.tx, account_id))
    except (Forbidden, NotFound):
        raise _no_session() from None


def _locked_active(work: Work, account_id: int) -> Row[Any]:
    """The account, held so that it isn't disabled, nor its password changed, before the session is written."""
    account = locked_account(work.tx, account_id)
    if not account.active:
        raise Unauthorized(WRONG)
    return account


def _open(work: Work, account_id: int, lifetime: timedelta, values: dict[str, Any]) -> tuple[str, int, datetime]:
    secret = secrets.token_urlsafe(32)
    expires_at = work.now + lifetime
    row = {
        "account_id": account_id, "hash": _hash(secret), "created_at": work.now, "last_seen_at": work.now,
        "expires_at": expires_at, "offered_secret": None, **values,
    }  # fmt: skip
    return secret, store.add(work.tx, row), expires_at


def _hash(secret: str) -> str:
    return hash_of(f"session {secret}")


def _storable(agent: str) -> str:
    return "".join(character for character in agent if character.isprintable())[:LONGEST_AGENT]


def _no_session() -> NotFound:
    return NotFound(said("There is no such session."))
