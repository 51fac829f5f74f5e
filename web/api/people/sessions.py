"""Where somebody is signed in: seen and ended. Sessions are begun by pages alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.commands.people import sessions
from engine.queries.people import sessions as reads
from web.http.operations import Call, Output, Routes

routes = Routes("sessions")


class Session(Output):
    """A browser in which the account is signed in."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


class Sessions(Output):
    """All living sessions of one account, last seen first."""

    items: list[Session]


@routes.add("GET", "/sessions", scope="read", gives=Sessions)
def list_own(call: Call) -> Any:
    """List one's own sessions."""
    return {"items": reads.of_account(call.engine, call.actor)}


@routes.add("DELETE", "/sessions/<id:session_id>", scope="write", gives=None, status=204)
def end(call: Call, session_id: int) -> None:
    """End one of one's own sessions."""
    sessions.end(call.engine, call.actor, session_id, of=call.actor.id)


@routes.add("GET", "/accounts/<id:account_id>/sessions", scope="admin", gives=Sessions)
def list_of_account(call: Call, account_id: int) -> Any:
    """List the sessions of an account that one manages."""
    return {"items": reads.of_account(call.engine, call.actor, account_id)}


@routes.add("DELETE", "/accounts/<id:account_id>/sessions", scope="admin", gives=None, status=204)
def end_all(call: Call, account_id: int) -> None:
    """Sign an account out everywhere."""
    sessions.end_others(call.engine, call.actor, account_id=account_id)


@routes.add("DELETE", "/accounts/<id:account_id>/sessions/<id:session_id>", scope="admin", gives=None, status=204)
def end_of_account(call: Call, account_id: int, session_id: int) -> None:
    """End a session of an account that one manages."""
    sessions.end(call.engine, call.actor, session_id, of=account_id)
