"""The second factor: a code of an app (TOTP, RFC 6238), or one of ten recovery codes. Sessions stand in `sessions`.

A code counts once: the last step of 30 seconds whose code was taken is kept, and a recovery code is marked as used.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, Row

from engine.commands.engine import Engine
from engine.commands.people import account_mails
from engine.commands.people.passwords import hash_of
from engine.commands.people.proving import prove_again
from engine.commands.people.staff import locked_account, managed_account
from engine.commands.people.throttle import of_codes
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Invalid
from engine.domain.said import said
from engine.storage.people import accounts, recovery_codes
from engine.storage.people import sessions as session_store

#: seconds of a step; the step before and the one after count too, for clocks that differ
STEP = 30
RECOVERY_CODES = 10
ISSUER = "Iter"
_WRONG = said("This code isn't right, or was used before.")


@dataclass(frozen=True, slots=True)
class Offered:
    """What an app is set up with: `uri` as a QR code, or `secret` by hand."""

    secret: str
    uri: str


def offer(engine: Engine, actor: Actor, session: int, password: str) -> Offered:
    """A fresh secret for the actor's app, kept with the session; it counts from `enable` on.

    Raises `Invalid` (field `current`), `Throttled`, `Conflict` where two-factor is on.
    """
    prove_again(engine, actor, password)
    secret = pyotp.random_base32()
    with working(engine, actor, "two_factor.offer") as work:
        if locked_account(work.tx, actor.id).totp_secret is not None:
            raise Conflict(said("Two-factor sign-in is on already."))
        session_store.change(work.tx, session, {"offered_secret": secret})
        work.journal({"account": actor.id})
    return _offered(secret, actor.email)


def offered(engine: Engine, actor: Actor, session: int) -> Offered | None:
    """What was offered in this session, for showing it again after a wrong code."""
    with engine.database.read() as tx:
        row = session_store.session(tx, session)
    mine = row is not None and row.account_id == actor.id and row.offered_secret
    return _offered(row.offered_secret, actor.email) if row is not None and mine else None


def enable(engine: Engine, actor: Actor, session: int, code: str) -> tuple[str, ...]:
    """Two-factor is on from now, as a right code shows that the app is set up; other sessions end.

    Gives the recovery codes, this once. Raises `Invalid` (field `code`), `Throttled`, `Conflict`.
    """
    of_codes(engine, actor.id).count()
    with working(engine, actor, "two_factor.enable") as work:
        account = locked_account(work.tx, actor.id)
        row = session_store.session(work.tx, session)
        if account.totp_secret is not None or row is None or row.account_id != actor.id or row.offered_secret is None:
            raise Conflict(said("Begin again: nothing was offered in this session."))
        step = _right_step(row.offered_secret, re.sub(r"\s", "", code[:100]), work.now, after=0)
        if step is None:
            raise wrong_code()
        accounts.change(work.tx, actor.id, {"totp_secret": row.offered_secret, "totp_step": step})
        session_store.change(work.tx, session, {"offered_secret": None})
        session_store.end_all(work.tx, actor.id, keep=session)
        codes = _fresh_codes(work, actor.id)
        work.journal({"account": actor.id})
    of_codes(engine, actor.id).forgive()
    return codes


def disable(engine: Engine, actor: Actor, password: str, code: str) -> None:
    """One's own second factor is off. Raises `Invalid` (fields `current`, `code`), `Throttled`, `Conflict`."""
    prove_again(engine, actor, password)
    with _code_shown(engine, actor, "two_factor.disable", code) as work:
        _switch_off(work, locked_account(work.tx, actor.id))


def renew_codes(engine: Engine, actor: Actor, password: str, code: str) -> tuple[str, ...]:
    """Ten new recovery codes in place of the old; shown this once. Raises as `disable`."""
    prove_again(engine, actor, password)
    with _code_shown(engine, actor, "two_factor.renew_codes", code) as work:
        codes = _fresh_codes(work, actor.id)
        work.journal({"account": actor.id})
    return codes


def reset(engine: Engine, actor: Actor, account_id: int) -> None:
    """Another's second factor is off, as who manages their account: for who lost phone and codes. Their sessions end.

    Raises `Forbidden`, `NotFound`, `Conflict` where it is off.
    """
    with working(engine, actor, "two_factor.reset") as work:
        account = managed_account(engine, work.tx, actor, account_id)
        if account.totp_secret is None:
            raise _is_off()
        session_store.end_all(work.tx, account_id)
        _switch_off(work, account)


def accept(tx: Connection, account: Row[Any], code: str, now: datetime) -> bool:
    """Whether the code is right for the account, which the transaction has locked; a right one counts no more.

    Attempts must have been counted before (`throttle.of_codes`).
    """
    plain = re.sub(r"[\s-]", "", code[:100]).lower()
    if len(plain) != 6:
        return recovery_codes.use(tx, account.id, _code_hash(plain), now)
    step = _right_step(account.totp_secret, plain, now, after=account.totp_step)
    if step is not None:
        accounts.change(tx, account.id, {"totp_step": step})
    return step is not None


def require_code(engine: Engine, account_id: int, code: str) -> None:
    """That a right code of the account is shown. Raises `Invalid` (field `code`: missing or wrong), `Throttled`."""
    if not code.strip():
        text = said("A code is needed: two-factor sign-in is on.")
        raise Invalid(text, {"code": [text]})
    with _code_shown(engine, Actor(id=account_id), "two_factor.require_code", code):
        pass


@contextmanager
def _code_shown(engine: Engine, actor: Actor, command: str, code: str) -> Iterator[Work]:
    """A transaction of who showed a right code of their own account."""
    of_codes(engine, actor.id).count()
    with working(engine, actor, command) as work:
        account = locked_account(work.tx, actor.id)
        if account.totp_secret is None:
            raise _is_off()
        if not accept(work.tx, account, code, work.now):
            raise wrong_code()
        yield work
    of_codes(engine, actor.id).forgive()


def _switch_off(work: Work, account: Row[Any]) -> None:
    accounts.change(work.tx, account.id, {"totp_secret": None, "totp_step": 0})
    recovery_codes.replace(work.tx, account.id, [])
    account_mails.send(work, account, "two_factor_off")
    work.journal({"account": account.id})


def _fresh_codes(work: Work, account_id: int) -> tuple[str, ...]:
    """Eighty random bits each, in groups of four."""
    plain = [b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    recovery_codes.replace(work.tx, account_id, [_code_hash(code) for code in plain])
    return tuple("-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in plain)


def _right_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The step whose code it is, if it is one near now and none that was taken before."""
    present = int(now.timestamp()) // STEP
    codes = pyotp.HOTP(secret)
    for step in (present - 1, present, present + 1):
        if step > after and hmac.compare_digest(codes.at(step).encode(), code.encode("utf-8", "replace")):
            return step
    return None


def _offered(secret: str, email: str) -> Offered:
    return Offered(secret, pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=email, issuer_name=ISSUER))


def _code_hash(plain: str) -> str:
    return hash_of(f"recovery code {plain}")


def wrong_code() -> Invalid:
    """What is told of a code that isn't right."""
    return Invalid(_WRONG, {"code": [_WRONG]})


def _is_off() -> Conflict:
    return Conflict(said("Two-factor sign-in is off."))
