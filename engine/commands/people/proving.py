"""Shows that somebody knows an account's password, told and timed alike whatever is wrong. Who signs in isn't here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from engine.commands.engine import Engine
from engine.commands.people.passwords import is_right
from engine.commands.people.throttle import of_passwords
from engine.domain.actors import Actor
from engine.domain.errors import Invalid, Unauthorized
from engine.domain.said import said
from engine.storage.people import accounts

WRONG = said("The address or the password is wrong.")


def prove(engine: Engine, email: str, password: str, address: str = "") -> Row[Any]:
    """The active account of whoever knows its password. `address` is where the request came from, for throttling.

    Raises `Unauthorized` (an unknown account, a disabled one and a wrong password are told alike, in equal time),
    `Throttled`. Slow on purpose: never inside a transaction.
    """
    email = email.strip().lower()[:320]
    throttle = of_passwords(engine, email, address)
    throttle.count()
    with engine.database.read() as tx:
        account = accounts.by_email(tx, email)
    usable = account is not None and account.active
    if not is_right(password, account.password_hash if account and usable else None) or account is None:
        raise Unauthorized(WRONG)
    throttle.forgive()
    return account


def prove_again(engine: Engine, actor: Actor, password: str, field: str = "current") -> None:
    """That whoever holds the actor's session or token is the actor still, before something that can't be undone.

    Raises `Invalid` for the field, `Throttled`: whoever has got hold of a session mustn't guess the password.
    """
    try:
        prove(engine, actor.email, password)
    except Unauthorized:
        text = said("The present password is wrong.")
        raise Invalid(text, {field: [text]}) from None
