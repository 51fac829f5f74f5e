"""Bearer tokens: made from a password, listed, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from flask import request
from pydantic import Field

from engine.commands.people import tokens
from engine.queries.people import tokens as reads
from web.http import this_machine
from web.http.operations import Call, Created, Input, Output, Routes, example

routes = Routes("tokens")

Scopes = Annotated[list[str], Field(min_length=1, max_length=3, description="some of read, write, admin")]
Name = Annotated[str, Field(max_length=100, description="what the token is for, for its owner")]
Days = Annotated[int, Field(ge=1, le=3650, description="how long it is valid")]


class Login(Input):
    """An account's address and password."""

    model_config = example(
        {"email": "mechanic@example.com", "password": "…", "name": "my laptop", "scopes": ["read", "write"], "days": 30}
    )

    email: Annotated[str, Field(max_length=320)]
    password: Annotated[str, Field(max_length=1000)]
    code: Annotated[
        str, Field(max_length=100, description="of the app, or a recovery code: where two-factor is on")
    ] = ""
    name: Name = ""
    scopes: Scopes | None = None
    days: Days | None = None


class IssuedToken(Output):
    """A new token; `token` is shown this once."""

    id: int
    account: int
    token: str
    name: str
    scopes: list[str] | None
    expires_at: datetime | None


class Token(Output):
    """A token of which nobody knows the secret any more."""

    id: int
    name: str
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class Tokens(Output):
    """All tokens of one account."""

    items: list[Token]


@routes.add("POST", "/tokens", scope="", body=Login, gives=IssuedToken, status=201)
def exchange(call: Call, body: Login) -> Created:
    """Exchange a password for a token.

    Needs no token. Too many wrong attempts are answered with 429.
    """
    this_machine.check_password(body.password)
    issued = tokens.exchange(
        call.engine, body.email, body.password, address=request.remote_addr or "", code=body.code, name=body.name,
        scopes=body.scopes, lifetime=timedelta(days=body.days or call.settings.token_days),
    )  # fmt: skip
    return Created(_issued(issued), f"/tokens/{issued.id}")


@routes.add("GET", "/tokens", scope="read", gives=Tokens)
def list_tokens(call: Call) -> Any:
    """List one's own tokens."""
    return {"items": reads.of_account(call.engine, call.actor)}


@routes.add("DELETE", "/tokens/<id:token_id>", scope="read", gives=None, status=204)
def revoke(call: Call, token_id: int) -> None:
    """Revoke a token: it counts no more.

    A token that may only read revokes itself, no other.
    """
    tokens.revoke(call.engine, call.actor, token_id)


def _issued(issued: tokens.Issued) -> dict[str, Any]:
    return {
        "id": issued.id, "account": issued.account_id, "token": issued.secret, "name": issued.name,
        "scopes": issued.scopes, "expires_at": issued.expires_at,
    }  # fmt: skip
