"""Actions: what a package lets people do with a ticket beside their user tasks (withdraw it, reopen it, …)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from engine.commands.access import Held, hold_ticket
from engine.commands.engine import Engine
from engine.commands.forms import check_form
from engine.commands.stepping import StepKept, Work, start_instance, take_step, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, NotFound
from engine.domain.events import MessageReceived
from engine.domain.packages import Action, Package
from engine.domain.said import said
from engine.domain.storable import check_values
from engine.storage import messages


def act(
    engine: Engine, ticket_id: int, action_key: str, data: Mapping[str, Any], actor: Actor
) -> Literal["delivered", "started"]:
    """Do a package's action on a ticket: its message reaches the process that waits for it, or its process starts.

    Raises `NotFound`, `Forbidden`, `Invalid` per field, `Conflict` where it isn't possible (any more), `StepKept`.
    """
    data = check_values(data)
    with working(engine, actor, "actions.act") as work:
        held = hold_ticket(work, ticket_id)
        action = held.package.actions.get(action_key)
        if action is None:
            raise NotFound(said("There is no such action."))
        if not allows(actor, held.package, action):
            raise Forbidden(said("Your roles don't allow you this action."))
        if not is_offered(held.package, action, held.row["status"]):
            raise Conflict(said("This can't be done with the ticket as it stands now."))
        clean = check_form(work, held.version, held.policy_id, held.row, action.form, data)
        told = {"action": action_key, "data": clean}
        work.journal(told, ticket_id=ticket_id, package_id=held.package.id)
        return _start(work, held, action, clean) if action.process else _send(work, held, action, clean)


def allows(actor: Actor, package: Package, action: Action) -> bool:
    """Whether one of the actor's roles is among the action's."""
    return actor.administrator or any(role.key in action.roles for role in actor.roles(package))


def is_offered(package: Package, action: Action, status: str) -> bool:
    """Whether the action is for tickets in this status; whether a process waits for its message is asked apart."""
    known = package.statuses.get(status)
    return not action.statuses or status in action.statuses or (known is not None and known.kind in action.statuses)


def _start(work: Work, held: Held, action: Action, data: Mapping[str, Any]) -> Literal["started"]:
    started = start_instance(work, held.row, held.policy_id, action.process, data)
    if isinstance(started, StepKept):
        raise Conflict(said("The process could not begin: {problem}", problem=started.problem))
    return "started"


def _send(work: Work, held: Held, action: Action, data: Mapping[str, Any]) -> Literal["delivered"]:
    loaded = messages.find_subscription(work.tx, action.message, ticket_id=held.id)
    if loaded is None:
        raise Conflict(said("This can't be done with the ticket as it stands now."))
    take_step(work, loaded, MessageReceived(loaded.cause["token"], data))
    return "delivered"
