"""Who sends a request: the bearer token in the Authorization header alone, so that no other site can send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from engine.domain.actors import Actor
from engine.domain.errors import Unauthorized
from engine.domain.said import said

if TYPE_CHECKING:
    from engine.commands.engine import Engine

#: who calls the few routes that need no token
NOBODY = Actor(id=-1, name="", kind="customer")


def authenticate(engine: Engine, scope: str) -> Actor:
    """Whoever the token stands for. Raises `Unauthorized`, and `Forbidden` where the token hasn't got the scope."""
    from engine.commands.people.tokens import actor_for, require_scope

    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Unauthorized(said("Show a bearer token in the Authorization header."))
    actor = actor_for(engine, secret.strip())
    require_scope(actor, scope)
    return actor
