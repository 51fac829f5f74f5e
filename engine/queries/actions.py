"""Which of a package's actions somebody may take on a ticket now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.domain.packages import Action, Package, text
from engine.queries.forms import begun
from engine.queries.reading import Source, reading
from engine.queries.visibility import require_ticket
from engine.storage.tables import Subscription


@dataclass(frozen=True, slots=True)
class ActionView:
    """Something that the reader may do; `form` is its form-js schema, `values` what that begins with."""

    key: str
    label: str
    form: dict[str, Any] | None
    values: dict[str, Any]


def offered(
    engine: Source, actor: Actor, ticket_id: int, language: str = "", *, forms: bool = True, only: str = ""
) -> list[ActionView]:
    """The actions that the actor may take on a ticket, in the package's order. Raises `NotFound`.

    One that publishes a message is offered while an instance of the ticket waits for it. Without `forms` one
    statement tells them all; `only`: one action.
    """
    with reading(engine, actor) as reader:
        ticket = require_ticket(reader, ticket_id)
        version = engine.version(ticket.deployment_id, reader.tx)
        waiting = select(Subscription.message).where(Subscription.ticket_id == ticket_id)
        wanted = set(reader.tx.execute(waiting).scalars())
        return [
            ActionView(
                action.key, text(action.label, language or reader.language, version.package.language),
                *begun(reader, version, action.form if forms else "", ticket_id),
            )
            for action in version.package.actions.values()
            if (not only or action.key == only) and _fits(action, actor, version.package, ticket, wanted)
        ]  # fmt: skip


def _fits(action: Action, actor: Actor, package: Package, ticket: Any, wanted: Collection[str]) -> bool:
    roles = {role.key for role in actor.roles(package)}
    if roles.isdisjoint(action.roles) and not actor.administrator:
        return False
    status = package.statuses.get(ticket.status)
    names = {ticket.status, status.kind if status else ""}
    if action.statuses and names.isdisjoint(action.statuses):
        return False
    return not action.message or action.message in wanted
