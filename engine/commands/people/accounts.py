"""Accounts: create, edit, disable, passwords, what they are in packages. How one signs in stands in `sessions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError

from engine.commands.access import require
from engine.commands.engine import Engine
from engine.commands.people import account_mails
from engine.commands.people.account_values import (
    check_roles,
    checked_account,
    name_problems,
    one_line,
    preference_problems,
)
from engine.commands.people.passwords import hash_password
from engine.commands.people.proving import prove_again
from engine.commands.people.sessions import sign_out_everywhere
from engine.commands.people.staff import locked_account, managed_account, package_of, require_people
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Invalid
from engine.domain.said import said
from engine.storage.people import accounts as store


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
    """A new account's id; without a password nobody can sign in to it yet (`links.invitations`).

    Raises `Forbidden`, `Invalid`, `Conflict` where the address has an account.
    """
    if administrator and not actor.administrator:
        raise Forbidden(said("Only administrators make administrators."))
    values = checked_account(email, name, kind, company) | {
        "administrator": administrator,
        "password_hash": None if password is None else hash_password(password),
        "demonstration": demonstration,
        "active": True,
        "created_at": engine.clock(),
        **_preferences({"language": language, "time_zone": time_zone}),
    }
    try:
        with working(engine, actor, "accounts.create") as work:
            require_people(engine, work.tx, actor)
            _require_company(work, company)
            account_id = store.add(work.tx, values)
            told = {key: values[key] for key in ("email", "name", "kind", "company_id", "administrator")}
            work.journal({"account": account_id, **told})
    except IntegrityError as error:
        text = said("There is an account for {email} already.", email=values["email"])
        raise Conflict(text) from error
    return account_id


def edit(engine: Engine, actor: Actor, account_id: int, *, name: str | None = None, company: int | None = None) -> None:
    """Another's name, a customer's company; one's own name. What is None stays.

    Who moves to another company leaves the tickets of the one before. Addresses are changed by who has them
    (`links.addresses`). Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    values: dict[str, Any] = {}
    with working(engine, actor, "accounts.edit") as work:
        own = account_id == actor.id and company is None
        account = locked_account(work.tx, account_id) if own else managed_account(engine, work.tx, actor, account_id)
        if name is not None:
            values["name"] = one_line(name)
        if company is not None:
            values["company_id"] = company
        if fields := _edit_problems(values, account.kind):
            raise Invalid(said("The account can't be written like this."), fields)
        _require_company(work, company)
        if values:
            store.change(work.tx, account_id, values)
        if company not in (None, account.company_id):
            store.leave_tickets(work.tx, account_id)
        work.journal({"account": account_id, **values})


def edit_own(engine: Engine, actor: Actor, name: str, **preferences: str) -> None:
    """One's own name and preferences (`set_preferences`) together. Raises `Invalid` with all that is wrong."""
    name = one_line(name)
    if fields := name_problems(name) | preference_problems(preferences):
        raise Invalid(said("The account can't be written like this."), fields)
    with working(engine, actor, "accounts.edit_own") as work:
        store.change(work.tx, actor.id, {"name": name, **preferences})
        work.journal({"account": actor.id, "name": name, **preferences})


def set_preferences(engine: Engine, actor: Actor, **values: str) -> None:
    """One's own `language`, `time_zone`, `theme`; empty: as the browser has it. Raises `Invalid`."""
    checked = _preferences(values)
    with working(engine, actor, "accounts.set_preferences") as work:
        if checked:
            store.change(work.tx, actor.id, checked)
        work.journal({"account": actor.id, **checked})


def set_password(
    engine: Engine, actor: Actor, account_id: int, password: str, current: str | None = None, keep: int | None = None
) -> None:
    """One's own password (`current` must be right), or another's as administrator; its owner is told by mail.

    All tokens end, and all sessions but the one to keep. Raises `Forbidden`, `Invalid`, `NotFound`, `Throttled`:
    whoever has got hold of a session mustn't guess the password.
    """
    if account_id == actor.id:
        prove_again(engine, actor, current or "")
    elif not actor.administrator:
        raise Forbidden(said("Only administrators set other people's passwords."))
    hashed = hash_password(password)
    with working(engine, actor, "accounts.set_password") as work:
        account = locked_account(work.tx, account_id)
        store.change(work.tx, account_id, {"password_hash": hashed})
        sign_out_everywhere(work, account_id, keep=keep)
        account_mails.send(work, account, "password_changed", link=account_mails.page(work, "/recover"))
        work.journal({"account": account_id})


def disable(engine: Engine, actor: Actor, account_id: int) -> None:
    """Nobody signs in to it any more, its sessions and tokens end, it gets no mail; what it did stays its own.

    Raises `Forbidden`, `NotFound`, `Conflict` for one's own account.
    """
    if account_id == actor.id:
        raise Conflict(said("You can't disable your own account."))
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
        require(actor, "accounts", package)
        account = locked_account(work.tx, account_id)
        check_roles(package, account.kind, roles)
        store.set_memberships(work.tx, account_id, package_id, roles)
        data = {"account": account_id, "roles": {role: list(departments) for role, departments in roles.items()}}
        work.journal(data, package_id=package_id)


def _set_active(engine: Engine, actor: Actor, account_id: int, *, active: bool) -> None:
    with working(engine, actor, f"accounts.{'enable' if active else 'disable'}") as work:
        managed_account(engine, work.tx, actor, account_id)
        store.change(work.tx, account_id, {"active": active})
        if not active:
            sign_out_everywhere(work, account_id)
        work.journal({"account": account_id})


def _preferences(values: Mapping[str, str]) -> dict[str, str]:
    if fields := preference_problems(values):
        raise Invalid(said("These preferences can't be kept."), fields)
    return dict(values)


def _edit_problems(values: Mapping[str, Any], kind: str) -> dict[str, list[str]]:
    fields = name_problems(values["name"]) if "name" in values else {}
    if "company_id" in values and kind != "customer":
        fields["company"] = [said("A customer belongs to a company, staff doesn't.")]
    return fields


def _require_company(work: Work, company: int | None) -> None:
    if company is not None and store.company(work.tx, company) is None:
        text = said("There is no such company.")
        raise Invalid(text, {"company": [text]})
