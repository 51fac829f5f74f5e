"""Who else may do a user task: the people that it can be handed over to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from engine.domain.actors import Actor
from engine.domain.packages import Package
from engine.domain.visibility import may_take
from engine.queries.members import in_groups, members
from engine.queries.reading import Source, reading
from engine.queries.visibility import visible_user_tasks
from engine.storage.tables import Ticket, UserTask


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may take a user task."""

    id: int
    name: str


def candidates(engine: Source, actor: Actor, user_task_id: int) -> list[Candidate]:
    """Whom the actor may hand an open user task to, by name; nobody where the actor may hand nothing over.

    Whoever has it isn't among them. The rules are those of `engine.commands.user_tasks.hand_over`.
    """
    with reading(engine, actor) as reader:
        task = reader.tx.execute(
            select(UserTask.groups, UserTask.assignee_id, UserTask.state, Ticket.__table__)
            .join(Ticket, Ticket.id == UserTask.ticket_id)
            .where(UserTask.id == user_task_id, visible_user_tasks(reader))
        ).one_or_none()
        if task is None or task.state != "open":
            return []
        package = engine.version(task.deployment_id, reader.tx).package
        if not actor.may("hand_over", package):
            return []
        return [
            Candidate(other.id, other.name)
            for other in members(reader, package, _who(task.groups, package))
            if other.id != task.assignee_id and may_take(other, package, task.groups, dict(task._mapping))
        ]


def _who(groups: Collection[str], package: Package) -> ColumnElement[bool]:
    """Those of whom some may take it: who may decide acts for a requester."""
    deciders = {role.key for role in package.roles.values() if "decide" in role.may}
    named = any(group.startswith("account:") for group in groups)
    return in_groups({*groups, *(deciders if named else ())})
