"""Who else may do a user task: the people that it can be handed over to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from engine.domain.actors import Actor, Membership
from engine.domain.packages import Package
from engine.domain.visibility import may_take
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import visible_user_tasks
from engine.storage.tables import Account, Ticket, UserTask
from engine.storage.tables import Membership as MembershipRow


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
            for other in _people(reader, package, _who(task.groups, package))
            if other.id != task.assignee_id and may_take(other, package, task.groups, dict(task._mapping))
        ]


def _who(groups: Collection[str], package: Package) -> ColumnElement[bool]:
    """Those of whom some may take it: everybody else needn't be read."""
    named = [int(group.removeprefix("account:")) for group in groups if group.startswith("account:")]
    roles = {group.partition("@")[0] for group in groups}
    if named:
        roles |= {role.key for role in package.roles.values() if "decide" in role.may}
    return or_(MembershipRow.role.in_(sorted(roles)), Account.id.in_(named))


def _people(reader: Reader, package: Package, who: ColumnElement[bool]) -> Iterator[Actor]:
    statement = (
        select(Account.id, Account.name, Account.email, Account.kind, Account.company_id, MembershipRow.__table__)
        .join(MembershipRow, MembershipRow.account_id == Account.id)
        .where(MembershipRow.package_id == package.id, Account.active, who)
        .order_by(Account.name, Account.id)
    )
    roles: dict[int, list[Membership]] = {}
    found: dict[int, Any] = {}
    for row in reader.tx.execute(statement):
        found[row.id] = row
        roles.setdefault(row.id, []).append(Membership(row.package_id, row.role, tuple(row.departments)))
    for key, row in found.items():
        yield Actor(key, row.name, row.email, row.kind, row.company_id, tuple(roles[key]))
