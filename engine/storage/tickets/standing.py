"""What a ticket waits for just now: open user tasks and messages. Statements only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from engine.storage.tables import Instance, Subscription, Ticket, UserTask


@dataclass(frozen=True, slots=True)
class Waits:
    """Empty of everything where there is no such ticket."""

    status: str
    #: the package's version that the ticket lives under; 0 for none
    deployment_id: int
    #: rows of `id`, `form`, `assignee_id`, `deployment_id`, the oldest first
    user_tasks: Sequence[Row[int, str, int | None, int]]
    #: names of messages
    messages: frozenset[str]

    @property
    def deployments(self) -> frozenset[int]:
        """All versions that are meant."""
        own = {self.deployment_id} if self.deployment_id else set()
        return frozenset(own | {task.deployment_id for task in self.user_tasks})


def waits(tx: Connection, ticket_id: int) -> Waits:
    """What a ticket waits for, by three statements."""
    ticket = tx.execute(select(Ticket.status, Ticket.deployment_id).where(Ticket.id == ticket_id)).one_or_none()
    open_tasks = (
        select(UserTask.id, UserTask.form, UserTask.assignee_id, Instance.deployment_id)
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(UserTask.ticket_id == ticket_id, UserTask.state == "open")
        .order_by(UserTask.id)
    )
    wanted = select(Subscription.message).where(Subscription.ticket_id == ticket_id)
    return Waits(
        ticket.status if ticket else "", ticket.deployment_id if ticket else 0, tx.execute(open_tasks).all(),
        frozenset(tx.execute(wanted).scalars()),
    )  # fmt: skip
