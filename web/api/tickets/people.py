"""Who is involved in a ticket: watching it oneself, and involving others."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from engine.commands import tickets
from engine.queries.tickets import people as reads
from web.http.operations import Call, Output, Routes

routes = Routes("people")


class Involved(Output):
    """Somebody who sees the ticket and gets its mails; `reason` is what involved them first."""

    account: int
    name: str
    kind: Literal["staff", "customer"]
    reason: str
    since: datetime


class People(Output):
    """Those involved, of longest standing first; at most a hundred."""

    items: list[Involved]


@routes.add("GET", "/tickets/<id:ticket_id>/people", scope="read", gives=People)
def involved(call: Call, ticket_id: int) -> Any:
    """List who is involved in a ticket. For its staff."""
    return {"items": reads.involved(call.engine, call.actor, ticket_id)}


@routes.add("PUT", "/tickets/<id:ticket_id>/people/<id:account_id>", scope="write", gives=None, status=204)
def involve(call: Call, ticket_id: int, account_id: int) -> None:
    """Watch a ticket, or involve somebody else as its staff: its mails come from now on."""
    tickets.watch(call.engine, call.actor, ticket_id, account_id)


@routes.add("DELETE", "/tickets/<id:ticket_id>/people/<id:account_id>", scope="write", gives=None, status=204)
def leave(call: Call, ticket_id: int, account_id: int) -> None:
    """Watch a ticket no longer, or take a watcher off as its staff."""
    tickets.unwatch(call.engine, call.actor, ticket_id, account_id)
