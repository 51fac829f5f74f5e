"""Accounts: create, invite, edit, disable, passwords, what they are in packages. Tokens stand in `tokens`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from engine.commands.engine import Engine
from engine.commands.people.passwords import hash_password, is_right
from engine.commands.people.staff import package_of, require_people, require_people_of
from engine.commands.people.throttle import Throttle
from engine.commands.people.tokens import hash_of
from engine.commands.stepping import working
from engine.domain.actors import SYSTEM, Actor
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from engine.domain.packages import Package
from engine.storage.people import accounts as store
from engine.storage.people import tokens as token_store

#: a token that does nothing but set the account's first password
INVITATION = "invitation"
INVITATION_LIFETIME = timedelta(days=7)
_EMAIL = re.compile(r"[^@\s\x00-\x1f<>(),;:\"\\\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Invited:
    """A new account, and the secret with which its owner sets the first password (`accept`)."""

    account_id: int
    secret: str


def create(
    engine: Engine,
    actor: Actor,
    *,
    email: str,
    name: str,
    kind: Literal["staff", "customer"],
    company: int | None = None,
    password: str | None = None,
    administrator: bool = False,
    language: str = "",
    time_zone: str = "",
    demonstration: bool = False,
) -> int:
    """A new account's id; without a password nobody can log in to it yet.

    Raises `Forbidden`, `Invalid`, `Conflict` where the address has an account.
    """
    if administrator and not actor.administrator:
        raise Forbidden("Only administrators make administrators.")
    values = _checked(email, name, kind, company) | {
        "administrator": administrator,
        "password_hash": None if password is None else hash_password(password),
        "language": language,
        "time_zone": time_zone,
        "demonstration": demonstration,
        "active": True,
        "created_at": engine.clock(),
    }
    try:
        with working(engine, actor, "accounts.create") as work:
            require_people(engine, work.tx, actor)
            if company is not None and store.company(work.tx, company) is None:
                raise _no_company()
            account_id = store.add(work.tx, values)
            told = {key: values[key] for key in ("email", "name", "kind", "company_id", "administrator")}
            work.journal({"account": account_id, **told})
    except IntegrityError as error:
        raise Conflict(f"There is an account for {values['email']} already.") from error
    return account_id


def invite(engine: Engine, actor: Actor, **values: Any) -> Invited:
    """An account as `create` makes it, without a password, and the secret for its owner, valid for a week."""
    secret = secrets.token_urlsafe(32)
    with working(engine, actor, "accounts.invite") as work:
        account_id = create(engine, actor, **values)
        row = {
            "account_id": account_id, "name": INVITATION, "hash": hash_of(f"{INVITATION} {secret}"), "scopes": [],
            "created_at": work.now, "expires_at": work.now + INVITATION_LIFETIME,
        }  # fmt: skip
        token_store.add(work.tx, row)
        work.journal({"account": account_id})
    return Invited(account_id, secret)


def accept(engine: Engine, secret: str, password: str) -> int:
    """Set the first password of the account that was invited with this secret; its id. Raises `Unauthorized`."""
    hashed = hash_password(password)
    with working(engine, SYSTEM, "accounts.accept") as work:
        rows = token_store.bearer(work.tx, hash_of(f"{INVITATION} {secret}"), work.now)
        if not rows or not token_store.revoke(work.tx, work.now, token_id=rows[0].token_id):
            raise Unauthorized("The invitation isn't valid any more.")
        work.actor = Actor(id=rows[0].id)
        store.change(work.tx, rows[0].id, {"password_hash": hashed})
        work.journal({"account": rows[0].id})
    return int(rows[0].id)


def set_password(engine: Engine, actor: Actor, account_id: int, password: str, current: str | None = None) -> None:
    """One's own password (`current` must be right), or another's as administrator; all tokens end.

    Raises `Forbidden`, `Invalid`, `NotFound`, `Throttled`: whoever has got hold of a token mustn't guess the password.
    """
    hashed = hash_password(password)
    if not actor.administrator:
        _require_own(engine, actor, account_id, current or "")
    with working(engine, actor, "accounts.set_password") as work:
        _locked(work.tx, account_id)
        store.change(work.tx, account_id, {"password_hash": hashed})
        token_store.revoke(work.tx, work.now, account_id=account_id)
        work.journal({"account": account_id})


def disable(engine: Engine, actor: Actor, account_id: int) -> None:
    """Nobody logs in to it any more, its tokens end, it gets no mail; what it did stays its own.

    Raises `Forbidden`, `NotFound`, `Conflict` for one's own account.
    """
    if account_id == actor.id:
        raise Conflict("You can't disable your own account.")
    _set_active(engine, actor, account_id, active=False)


def enable(engine: Engine, actor: Actor, account_id: int) -> None:
    """Take `disable` back; tokens stay revoked. Raises `Forbidden`, `NotFound`."""
    _set_active(engine, actor, account_id, active=True)


def set_memberships(
    engine: Engine, actor: Actor, account_id: int, package_id: str, roles: Mapping[str, Sequence[str]]
) -> None:
    """What an account is in a package: its roles, each with the departments that it works for.

    Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    with working(engine, actor, "accounts.set_memberships") as work:
        package = package_of(engine, work.tx, package_id)
        if not actor.may("accounts", package):
            raise Forbidden("You don't manage the people of this package.")
        account = _locked(work.tx, account_id)
        _check_roles(package, account.kind, roles)
        store.set_memberships(work.tx, account_id, package_id, roles)
        data = {"account": account_id, "roles": {role: list(departments) for role, departments in roles.items()}}
        work.journal(data, package_id=package_id)


def _set_active(engine: Engine, actor: Actor, account_id: int, *, active: bool) -> None:
    with working(engine, actor, f"accounts.{'enable' if active else 'disable'}") as work:
        account = _locked(work.tx, account_id)
        require_people_of(engine, work.tx, actor, account)
        store.change(work.tx, account_id, {"active": active})
        if not active:
            token_store.revoke(work.tx, work.now, account_id=account_id)
        work.journal({"account": account_id})


def _locked(tx: Connection, account_id: int) -> Row[Any]:
    account = store.account(tx, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def _require_own(engine: Engine, actor: Actor, account_id: int, current: str) -> None:
    if actor.id != account_id:
        raise Forbidden("Only administrators set other people's passwords.")
    throttle = Throttle(engine, email=actor.email, address="")
    throttle.count()
    with engine.database.read() as tx:
        account = store.by_email(tx, actor.email)
    if account is None or not is_right(current, account.password_hash):
        raise Invalid("The present password is wrong.", {"current": ["The present password is wrong."]})
    throttle.forgive()


def _checked(email: str, name: str, kind: str, company: int | None) -> dict[str, Any]:
    email, name = email.strip().lower(), " ".join(name.split())
    fields: dict[str, list[str]] = {}
    if len(email) > 254 or not email.isprintable() or not _EMAIL.fullmatch(email):
        fields["email"] = ["This isn't an e-mail address."]
    if not 0 < len(name) <= 200 or not name.isprintable():
        fields["name"] = ["A name has 1 to 200 characters."]
    if kind not in ("staff", "customer"):
        fields["kind"] = ["An account is staff or customer."]
    elif (kind == "customer") != (company is not None):
        fields["company"] = ["A customer belongs to a company, staff doesn't."]
    if fields:
        raise Invalid("The account can't be written like this.", fields)
    return {"email": email, "name": name, "kind": kind, "company_id": company}


def _check_roles(package: Package, kind: str, roles: Mapping[str, Sequence[str]]) -> None:
    fields: dict[str, list[str]] = {}
    for role, departments in roles.items():
        if role not in package.roles:
            fields[role] = [f"The package has no such role; it has {', '.join(package.roles)}."]
        elif package.roles[role].kind != kind:
            fields[role] = [f"The role is for {package.roles[role].kind}, the account is {kind}."]
        elif unknown := sorted(set(departments) - set(package.departments)):
            fields[role] = [f"The package has no department {', '.join(unknown)}."]
    if fields:
        raise Invalid("These roles can't be given.", fields)


def _no_company() -> Invalid:
    return Invalid("There is no such company.", {"company": ["There is no such company."]})
