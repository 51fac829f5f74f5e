"""Invitations: an account whose owner chooses name and password, by a link that was mailed to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from engine.commands.engine import Engine
from engine.commands.people import account_mails, accounts, links
from engine.commands.people.account_values import checked_email, name_problems, one_line, preference_problems
from engine.commands.people.links import addresses
from engine.commands.people.passwords import hash_password
from engine.commands.people.staff import locked_account, managed_account
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Invalid
from engine.domain.said import said
from engine.storage.people import accounts as store

LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """An account that waits for its owner, and the secret of the link that was mailed to them."""

    account_id: int
    secret: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What whoever opens an invitation is shown."""

    name: str
    email: str
    #: staff | customer
    kind: str
    #: empty: as the browser has it
    language: str


def invite(engine: Engine, actor: Actor, *, speaks: str = "", **values: Any) -> Invited:
    """An account as `accounts.create` makes it, without a password; its owner gets a link by mail, valid for a week.

    `speaks`: the language of whoever invites, for a mail to somebody whose own isn't known.
    """
    with working(engine, actor, "invitations.invite") as work:
        account_id = accounts.create(engine, actor, **{**values, "password": None})
        return Invited(account_id, _mail(work, locked_account(work.tx, account_id), speaks))


def again(engine: Engine, actor: Actor, account_id: int, *, email: str | None = None, speaks: str = "") -> Invited:
    """A new link, by mail, in place of the old; `email` mends an address that was wrong.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` for an account that is active already or disabled.
    """
    with working(engine, actor, "invitations.again") as work:
        account = managed_account(engine, work.tx, actor, account_id)
        if account.password_hash is not None or not account.active:
            raise Conflict(said("This account waits for nobody: it was activated, or is disabled."))
        if email is not None and checked_email(email) != account.email:
            addresses.write(work, account_id, checked_email(email))
            account = locked_account(work.tx, account_id)
        return Invited(account_id, _mail(work, account, speaks))


def look(engine: Engine, secret: str) -> Invitation:
    """What an invitation says; it stays open. Raises `Unauthorized`."""
    link = links.look(engine, links.INVITATION, secret)
    return Invitation(link.name, link.present, link.kind, link.language)


def accept(
    engine: Engine, secret: str, password: str, *, name: str | None = None, email: str | None = None, language: str = ""
) -> int:
    """Activate the account that was invited with this secret: its first password, its owner's own name; its id.

    Another address than the invited one counts only when it was confirmed by the link that is mailed to it.
    Raises `Unauthorized`, `Invalid` with all that is wrong.
    """
    values, wanted = _checked(password, name, email, language)
    with working(engine, Actor(id=0), "invitations.accept") as work:
        link = links.use(work, links.INVITATION, secret)
        work.actor = Actor(id=link.account_id)
        account = locked_account(work.tx, link.account_id)
        language = values.pop("language")
        store.change(work.tx, account.id, {**values, "language": account.language or language})
        work.journal({"account": account.id})
        if wanted and wanted != account.email:
            addresses.ask_for(work, account.id, wanted, language)
    return int(link.account_id)


def _mail(work: Work, account: Row[Any], speaks: str) -> str:
    secret = links.make(work, account.id, links.INVITATION, account.email, LIFETIME)
    until = (work.now + LIFETIME).astimezone(account_mails.zone_of(work, account))
    link = account_mails.page(work, f"/invitation/{secret}")
    inviter = work.actor.name or "Iter"
    account_mails.send(work, account, "invitation", language=speaks, link=link, until=until, inviter=inviter)
    work.journal({"account": account.id})
    return secret


def _checked(password: str, name: str | None, email: str | None, language: str) -> tuple[dict[str, Any], str]:
    fields: dict[str, list[str]] = {}
    values: dict[str, Any] = {"language": language}
    if name is not None:
        values["name"] = one_line(name)
        fields |= name_problems(values["name"])
    fields |= preference_problems({"language": language})
    wanted = ""
    try:
        wanted = checked_email(email) if email else ""
    except Invalid as error:
        fields |= error.fields
    try:
        values["password_hash"] = hash_password(password)
    except Invalid as error:
        fields |= error.fields
    if fields:
        raise Invalid(said("The account can't be activated like this."), fields)
    return values, wanted
