"""What is demonstration data, and what of it is due. A ticket is demonstration where its requester's account is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, union_all

from engine.storage.tables import (
    Account,
    Company,
    DeploymentFile,
    Incident,
    Job,
    Membership,
    Message,
    Package,
    Ticket,
    Timer,
    UserTask,
)


def invented() -> ColumnElement[bool]:
    """Whether a ticket is demonstration data."""
    return Ticket.requester_id.in_(select(Account.id).where(Account.demonstration))


def packages_with_one(tx: Connection, folder: str) -> list[str]:
    """The packages whose latest version holds files below a folder."""
    holds = select(DeploymentFile.deployment_id).where(DeploymentFile.path.startswith(folder))
    return list(tx.execute(select(Package.id).where(Package.deployment_id.in_(holds)).order_by(Package.id)).scalars())


def is_invented(tx: Connection, ticket_id: int | None) -> bool:
    """Whether a ticket is demonstration data."""
    return tx.execute(select(Ticket.id).where(Ticket.id == ticket_id, invented())).first() is not None


def is_filled(tx: Connection, package_id: str) -> bool:
    """Whether a package has people of a demonstration."""
    member = select(Membership.account_id).where(Membership.package_id == package_id)
    found = select(Account.id).where(Account.demonstration, Account.active, Account.id.in_(member))
    return tx.execute(found.limit(1)).first() is not None


def real_tickets(tx: Connection) -> int:
    """How many tickets aren't demonstration data; counted no further than a thousand."""
    some = select(Ticket.id).where(~invented() | Ticket.requester_id.is_(None)).limit(1_000)
    return int(tx.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def accounts(tx: Connection) -> Sequence[Any]:
    """The accounts of demonstrations with what they are: a row for each role, in the order in which they were made."""
    columns = (Account.id, Account.name, Account.email)
    statement = select(*columns, Membership.package_id, Membership.role, Membership.departments)
    statement = statement.join(Membership, Membership.account_id == Account.id)
    return tx.execute(statement.where(Account.demonstration, Account.active).order_by(Account.id)).all()


def password_hash(tx: Connection) -> str | None:
    """Of the first account of a demonstration; all were given the same."""
    first = select(Account.password_hash).where(Account.demonstration, Account.active).order_by(Account.id)
    return tx.execute(first.limit(1)).scalar()


def company_named(tx: Connection, name: str) -> int | None:
    """The id of a company by its name."""
    return tx.execute(select(Company.id).where(Company.name == name)).scalar()


def next_due(tx: Connection, tickets: Collection[int], until: datetime) -> datetime | None:
    """When the first of the tickets' timers, messages and jobs is due; None where none is until then."""
    columns = (
        select(func.min(Timer.due_at).label("at")).where(Timer.ticket_id.in_(tickets)),
        select(func.min(Message.next_attempt_at)).where(Message.ticket_id.in_(tickets), Message.state == "waiting"),
        select(func.min(Job.next_attempt_at)).where(Job.ticket_id.in_(tickets), Job.state == "open"),
    )
    found = [at for at in tx.execute(union_all(*columns)).scalars() if at is not None]
    return min((at for at in found if at <= until), default=None)


def due_timers(tx: Connection, tickets: Collection[int], now: datetime) -> list[str]:
    """Ids of the tickets' timers that are due, the longest overdue first."""
    due = select(Timer.id).where(Timer.ticket_id.in_(tickets), Timer.due_at <= now)
    return list(tx.execute(due.order_by(Timer.due_at, Timer.id)).scalars())


def due_messages(tx: Connection, tickets: Collection[int], now: datetime) -> list[str]:
    """Ids of the messages that the tickets threw, and that are to be delivered."""
    due = select(Message.id).where(Message.ticket_id.in_(tickets), Message.next_attempt_at <= now)
    return list(tx.execute(due.where(Message.state == "waiting").order_by(Message.published_at, Message.id)).scalars())


def due_jobs(tx: Connection, tickets: Collection[int], now: datetime) -> Sequence[Any]:
    """The tickets' jobs that are due: `id` and `type`."""
    due = select(Job.id, Job.type).where(Job.ticket_id.in_(tickets), Job.state == "open", Job.next_attempt_at <= now)
    return tx.execute(due.order_by(Job.created_at, Job.id)).all()


def user_task(tx: Connection, ticket_id: int, element: str) -> int | None:
    """The oldest open user task at an element of a ticket's."""
    found = select(UserTask.id).where(UserTask.ticket_id == ticket_id, UserTask.element == element)
    return tx.execute(found.where(UserTask.state == "open").order_by(UserTask.id).limit(1)).scalar()


def incident(tx: Connection, ticket_id: int) -> int | None:
    """A ticket's oldest open incident."""
    found = select(Incident.id).where(Incident.ticket_id == ticket_id, Incident.state == "open")
    return tx.execute(found.order_by(Incident.id).limit(1)).scalar()
