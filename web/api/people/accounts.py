"""Accounts: who can log in, and what they are in each package."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.commands.people import accounts, two_factor
from engine.commands.people.links import invitations
from engine.commands.people.tokens import require_scope
from engine.queries.people import accounts as reads
from web.api.paging import PageQuery
from web.http.operations import Call, Created, Input, Output, Routes, example
from web.http.paths import Id

routes = Routes("accounts")

Kind = Literal["staff", "customer"]
Password = Annotated[str, Field(min_length=1, max_length=1000)]


class NewAccount(Input):
    """Somebody who is to log in. A customer belongs to a company; staff doesn't."""

    model_config = example(
        {"email": "rider@example.com", "name": "Robin Rider", "kind": "customer", "company": 1, "language": "en"}
    )

    email: Annotated[str, Field(max_length=320)]
    name: Annotated[str, Field(max_length=500)]
    kind: Kind
    company: Id | None = None
    password: Password | None = None
    administrator: bool = False
    language: Annotated[str, Field(max_length=35)] = ""
    time_zone: Annotated[str, Field(max_length=64)] = ""


class NewInvitation(Input):
    """Somebody who is to choose their password themselves, by a link that is mailed to them."""

    model_config = example({"email": "rider@example.com", "name": "Robin Rider", "kind": "customer", "company": 1})

    email: Annotated[str, Field(max_length=320)]
    name: Annotated[str, Field(max_length=500)]
    kind: Kind
    company: Id | None = None
    administrator: bool = False
    language: Annotated[str, Field(max_length=35, description="of the mail and of the account")] = ""


class AccountChange(Input):
    """What changes; what is left out stays."""

    model_config = example({"name": "Robin Rider"})

    name: Annotated[str, Field(max_length=500)] | None = None
    company: Id | None = None


class NewPassword(Input):
    """`current` is needed for one's own account; administrators leave it out for others'."""

    model_config = example({"password": "a long sentence is easy to remember", "current": "…"})

    password: Password
    current: Password | None = None


class Roles(Input):
    """Roles by key, each with the departments that the account works for in it."""

    model_config = example({"roles": {"mechanic": ["brakes", "wheels"]}})

    roles: dict[str, list[str]]


class Membership(Output):
    """A role in a package."""

    package: str
    role: str
    departments: list[str]


class Account(Output):
    """Somebody who can log in."""

    id: int
    email: str
    name: str
    kind: Kind
    company: int | None
    company_name: str
    administrator: bool
    active: bool
    invited: bool = Field(description="its owner hasn't chosen a password yet")
    two_factor: bool = Field(description="a code is asked for at sign-in")
    language: str
    time_zone: str
    created_at: datetime
    memberships: list[Membership]


class Accounts(Output):
    """A page of accounts."""

    items: list[Account]
    next: str | None


class AccountsQuery(PageQuery):
    """Which accounts."""

    kind: Kind | None = None
    company: Id | None = None
    package: str | None = None
    active: bool | None = None
    invited: bool | None = None
    text: Annotated[str | None, Field(max_length=200, description="part of the name or address")] = None


@routes.add("GET", "/accounts", scope="admin", query=AccountsQuery, gives=Accounts)
def list_accounts(call: Call, query: AccountsQuery) -> Any:
    """List accounts."""
    return reads.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/accounts/me", scope="read", gives=Account)
def me(call: Call) -> Any:
    """Read one's own account."""
    return reads.one(call.engine, call.actor, call.actor.id)


@routes.add("GET", "/accounts/<id:account_id>", scope="admin", gives=Account)
def read(call: Call, account_id: int) -> Any:
    """Read an account."""
    return reads.one(call.engine, call.actor, account_id)


@routes.add("POST", "/accounts", scope="admin", body=NewAccount, gives=Account, status=201)
def create(call: Call, body: NewAccount) -> Created:
    """Create an account."""
    account_id = accounts.create(call.engine, call.actor, **body.model_dump())
    return Created(reads.one(call.engine, call.actor, account_id), f"/accounts/{account_id}")


@routes.add("POST", "/accounts/invite", scope="admin", body=NewInvitation, gives=Account, status=201)
def invite(call: Call, body: NewInvitation) -> Created:
    """Invite somebody.

    They get a link by mail, valid for a week, and choose their password themselves.
    """
    invited = invitations.invite(call.engine, call.actor, speaks=call.language, **body.model_dump())
    return Created(reads.one(call.engine, call.actor, invited.account_id), f"/accounts/{invited.account_id}")


@routes.add("POST", "/accounts/<id:account_id>/invite-again", scope="admin", gives=Account)
def invite_again(call: Call, account_id: int) -> Any:
    """Mail a new link to somebody who hasn't activated their account; the old one counts no more."""
    invitations.again(call.engine, call.actor, account_id, speaks=call.language)
    return reads.one(call.engine, call.actor, account_id)


@routes.add("PATCH", "/accounts/<id:account_id>", scope="admin", body=AccountChange, gives=Account)
def edit(call: Call, account_id: int, body: AccountChange) -> Any:
    """Change an account's name, or a customer's company."""
    accounts.edit(call.engine, call.actor, account_id, **body.model_dump())
    return reads.one(call.engine, call.actor, account_id)


@routes.add("POST", "/accounts/<id:account_id>/two-factor/off", scope="admin", gives=Account)
def reset_two_factor(call: Call, account_id: int) -> Any:
    """Switch two-factor sign-in off for who lost phone and recovery codes; they are told by mail, and signed out."""
    two_factor.reset(call.engine, call.actor, account_id)
    return reads.one(call.engine, call.actor, account_id)


@routes.add("POST", "/accounts/<id:account_id>/disable", scope="admin", gives=Account)
def disable(call: Call, account_id: int) -> Any:
    """Disable an account.

    Nobody signs in to it any more, its sessions and tokens end, it gets no mail; what it did stays its own.
    """
    accounts.disable(call.engine, call.actor, account_id)
    return reads.one(call.engine, call.actor, account_id)


@routes.add("POST", "/accounts/<id:account_id>/enable", scope="admin", gives=Account)
def enable(call: Call, account_id: int) -> Any:
    """Enable an account again; its tokens stay revoked."""
    accounts.enable(call.engine, call.actor, account_id)
    return reads.one(call.engine, call.actor, account_id)


@routes.add(
    "PUT", "/accounts/<id:account_id>/password", scope="write", body=NewPassword, gives=None, status=204, keyed=False
)
def set_password(call: Call, account_id: int, body: NewPassword) -> None:
    """Set one's own password, or as administrator another's; all sessions and tokens of the account end."""
    if account_id != call.actor.id:
        require_scope(call.actor, "admin")
    accounts.set_password(call.engine, call.actor, account_id, body.password, body.current)


@routes.add("PUT", "/accounts/<id:account_id>/memberships/<key:package>", scope="admin", body=Roles, gives=Account)
def set_memberships(call: Call, account_id: int, package: str, body: Roles) -> Any:
    """Say what an account is in a package, in place of what it was."""
    accounts.set_memberships(call.engine, call.actor, account_id, package, body.roles)
    return reads.one(call.engine, call.actor, account_id)
