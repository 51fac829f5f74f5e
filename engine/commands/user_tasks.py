"""User tasks: claim, release, hand over, complete. What may be asked of whom is in the diagram and the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.access import find_actor, require_visible
from engine.commands.engine import Engine
from engine.commands.forms import check_form
from engine.commands.stepping import Work, take_step, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.domain.events import UserTaskCompleted
from engine.domain.said import said
from engine.domain.storable import can_be_id, check_values
from engine.domain.visibility import may_take
from engine.spiff.versions import PackageVersion
from engine.storage import instances, tickets, user_tasks
from engine.storage.instances import Loaded
from engine.storage.tables import UserTask


@dataclass(frozen=True, slots=True)
class Completed:
    """What completing did."""

    user_task_id: int
    ticket_id: int
    #: the process has ended with it
    ended: bool


def claim(engine: Engine, user_task_id: int, actor: Actor) -> None:
    """Take an open user task for oneself. Raises `NotFound`, `Forbidden`, `Conflict` where another has it."""
    with working(engine, actor, "user_tasks.claim") as work:
        loaded, _ = _open(work, user_task_id)
        holder = loaded.cause["assignee_id"]
        if holder not in (None, actor.id):
            raise Conflict(said("Somebody else has claimed this user task."))
        _assign(work, loaded, actor.id)


def release(engine: Engine, user_task_id: int, actor: Actor) -> None:
    """Give a claimed user task back. Raises `NotFound`, `Forbidden` where another has it, `Conflict`."""
    with working(engine, actor, "user_tasks.release") as work:
        loaded, version = _open(work, user_task_id)
        if loaded.cause["assignee_id"] != actor.id and not actor.may("hand_over", version.package):
            raise Forbidden(said("Only who has claimed a user task gives it back."))
        _assign(work, loaded, None)


def hand_over(engine: Engine, user_task_id: int, to: int, actor: Actor) -> None:
    """Give a user task to somebody who may take it. Raises `NotFound`, `Forbidden`, `Conflict`, `Invalid`."""
    with working(engine, actor, "user_tasks.hand_over") as work:
        loaded, version = _open(work, user_task_id, hands_over=True)
        if not actor.may("hand_over", version.package):
            raise Forbidden(said("Your roles don't allow you to hand user tasks over."))
        other = find_actor(work, to)
        if other is None or not may_take(other, version.package, loaded.cause["groups"], loaded.ticket):
            raise Invalid(
                said("Can't be accepted: to."), {"to": [said("Expected somebody who may take this user task.")]}
            )
        _assign(work, loaded, to)


def complete(engine: Engine, user_task_id: int, data: Mapping[str, Any], actor: Actor) -> Completed:
    """Complete an open user task with its form's data; the process goes on in the same transaction.

    Raises `NotFound`, `Forbidden`, `Invalid` (per field), `Conflict` where it was completed or cancelled meanwhile;
    `StepKept` (a `Conflict`) where the process could not go on: the user task stays open, an incident keeps the data.
    """
    data = check_values(data)
    with working(engine, actor, "user_tasks.complete") as work:
        loaded, version = _open(work, user_task_id)
        task = loaded.cause
        if task["assignee_id"] not in (None, actor.id):
            raise Forbidden(said("Somebody else has claimed this user task."))
        clean = check_form(work, version, loaded.policy_id, loaded.ticket, task["form"], data)
        work.journal({"user_task": user_task_id, "data": clean}, element=task["element"], **work.where(loaded))
        if actor.id and not loaded.involved:
            tickets.involve(work.tx, task["ticket_id"], [(actor.id, "worker")], work.now)
        result = take_step(work, loaded, UserTaskCompleted(task["token"], clean, by=str(actor.id or "")))
        return Completed(user_task_id, result.ticket_id, result.ended)


def _open(work: Work, user_task_id: int, *, hands_over: bool = False) -> tuple[Loaded, PackageVersion]:
    """An open user task that the actor may take, or hands over as one who sees the ticket."""
    if not can_be_id(user_task_id):
        raise _no_user_task()
    loaded = instances.load(work.tx, {"id": user_task_id}, UserTask, account_id=work.actor.id)
    if loaded is None:
        raise _no_user_task()
    version = work.engine.version(loaded.instance["deployment_id"], work.tx)
    task, actor = loaded.cause, work.actor
    if task["assignee_id"] != actor.id and not may_take(actor, version.package, task["groups"], loaded.ticket):
        _require_ticket(work, version, loaded)
        if not hands_over:
            raise Forbidden(said("This user task isn't for you."))
    if task["state"] != "open":
        raise Conflict(said("The user task is no longer open: it was {state}.", state=task["state"]))
    return loaded, version


def _require_ticket(work: Work, version: PackageVersion, loaded: Loaded) -> None:
    try:
        require_visible(work, version.package, loaded.ticket)
    except NotFound:
        raise _no_user_task() from None


def _no_user_task() -> NotFound:
    """The same whether it doesn't exist or isn't visible."""
    return NotFound(said("There is no such user task."))


def _assign(work: Work, loaded: Loaded, account_id: int | None) -> None:
    task = loaded.cause
    user_tasks.assign(work.tx, task["id"], account_id)
    if account_id:
        tickets.involve(work.tx, task["ticket_id"], [(account_id, "worker")], work.now)
    told = {"user_task": task["id"], "from": task["assignee_id"], "to": account_id}
    work.journal(told, element=task["element"], **work.where(loaded))
