"""Statements on migrations, and on the tickets that run on a version which they are to leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, insert, select, text, update

from engine.storage.tables import Clock, Deployment, Instance, Job, MigratedTicket, Migration, Ticket
from engine.storage.tables.base import table_of
from engine.storage.tables.operations.migrations import RUNNING
from engine.storage.upserting import insert_new

Values = Mapping[str, Any]

_INSTANCES, _TICKETS, _CLOCKS = table_of(Instance), table_of(Ticket), table_of(Clock)


def target(tx: Connection, package_id: str, version: int) -> Row[Any] | None:
    """A deployment by its number in the package."""
    statement = select(Deployment.__table__).where(Deployment.package_id == package_id, Deployment.version == version)
    return tx.execute(statement).one_or_none()


def sources(tx: Connection, package_id: str, target_id: int) -> list[int]:
    """The deployments of a package, but for one, on which processes run."""
    statement = select(Instance.deployment_id).where(_on(package_id), Instance.deployment_id != target_id).distinct()
    return sorted(tx.execute(statement).scalars())


def count(tx: Connection, package_id: str, deployments: Collection[int]) -> tuple[int, int]:
    """How many tickets have a process that runs on one of the deployments, and the newest of them; 0 for none."""
    tickets = (func.count(Instance.ticket_id.distinct()), func.coalesce(func.max(Instance.ticket_id), 0))
    statement = select(*tickets).where(_on(package_id), Instance.deployment_id.in_(deployments))
    counted, newest = tx.execute(statement).one()
    return counted, newest


def tickets_on(tx: Connection, package_id: str, deployments: Collection[int], *, after: int, limit: int) -> list[int]:
    """Ids of the tickets with a process that runs on one of the deployments, in their order."""
    statement = select(Instance.ticket_id).where(_on(package_id), Instance.deployment_id.in_(deployments))
    statement = statement.where(Instance.ticket_id > after).distinct().order_by(Instance.ticket_id)
    return list(tx.execute(statement.limit(limit)).scalars())


def count_ended(tx: Connection, package_id: str, target_id: int, source_id: int | None = None) -> int:
    """How many tickets of other deployments than one (or of `source_id`) no process runs on any more."""
    running = select(Instance.ticket_id).where(_on(package_id))
    statement = select(func.count(Ticket.id)).where(Ticket.package_id == package_id, Ticket.id.not_in(running))
    statement = statement.where(Ticket.deployment_id != target_id)
    if source_id is not None:
        statement = statement.where(Ticket.deployment_id == source_id)
    return int(tx.execute(statement).scalar_one())


def left(tx: Connection, migration: Values, limit: int) -> list[int]:
    """Ids of the tickets that a migration hasn't come to yet."""
    statement = select(Instance.ticket_id).where(*_left(migration)).distinct().order_by(Instance.ticket_id)
    return list(tx.execute(statement.limit(limit)).scalars())


def count_left(tx: Connection, migration: Values) -> int:
    """How many tickets those are."""
    statement = select(func.count(Instance.ticket_id.distinct())).where(*_left(migration))
    return int(tx.execute(statement).scalar_one())


def _left(migration: Values) -> tuple[ColumnElement[bool], ...]:
    seen = exists().where(
        MigratedTicket.migration_id == migration["id"], MigratedTicket.ticket_id == Instance.ticket_id
    )
    on = (_on(migration["package_id"]), Instance.deployment_id.in_(migration["sources"]))
    return (*on, Instance.ticket_id <= migration["last_ticket"], ~seen)


def instances(tx: Connection, ticket_ids: Collection[int], *, lock: bool = False) -> list[dict[str, Any]]:
    """The running instances of tickets, the oldest of each first."""
    statement = select(_INSTANCES).where(_INSTANCES.c.ticket_id.in_(ticket_ids), _INSTANCES.c.ended_at.is_(None))
    statement = statement.order_by(_INSTANCES.c.ticket_id, _INSTANCES.c.started_at, _INSTANCES.c.id)
    if lock:
        statement = statement.with_for_update(key_share=True)
    return [dict(row._mapping) for row in tx.execute(statement)]


def tickets(tx: Connection, ticket_ids: Collection[int]) -> list[dict[str, Any]]:
    """Tickets, in the order of their ids."""
    statement = select(_TICKETS).where(_TICKETS.c.id.in_(ticket_ids)).order_by(_TICKETS.c.id)
    return [dict(row._mapping) for row in tx.execute(statement)]


def clocks(tx: Connection, ticket_ids: Collection[int]) -> list[tuple[int, Values]]:
    """The contents of tickets' clocks, each with its ticket."""
    statement = select(_CLOCKS.c.ticket_id, _CLOCKS.c.content).where(_CLOCKS.c.ticket_id.in_(ticket_ids))
    return [(ticket_id, content) for ticket_id, content in tx.execute(statement.order_by(_CLOCKS.c.goal))]


def mails(tx: Connection, ticket_ids: Collection[int]) -> list[tuple[int, str]]:
    """The templates of mails that are still to be written, each with its ticket."""
    template = Job.payload["template"].as_string()
    waiting = (Job.ticket_id.in_(ticket_ids), Job.type == "mail", Job.state.in_(("open", "failed")))
    return [(ticket_id, name) for ticket_id, name in tx.execute(select(Job.ticket_id, template).where(*waiting))]


def add(tx: Connection, values: Values) -> int:
    """Write a new migration; gives its id."""
    return int(tx.execute(insert(Migration).values(**values).returning(Migration.id)).scalar_one())


def get(tx: Connection, migration_id: int) -> dict[str, Any] | None:
    """A migration."""
    row = tx.execute(select(Migration.__table__).where(Migration.id == migration_id)).one_or_none()
    return dict(row._mapping) if row else None


def running(tx: Connection, package_id: str | None = None) -> list[int]:
    """Ids of the migrations that run, of a package or of all."""
    statement = select(Migration.id).where(text(RUNNING))
    if package_id is not None:
        statement = statement.where(Migration.package_id == package_id)
    return list(tx.execute(statement.order_by(Migration.id)).scalars())


def finish(tx: Connection, migration_id: int, state: str, at: datetime, problem: str = "") -> bool:
    """A running migration has come to its end; False where it had already."""
    statement = update(Migration).where(Migration.id == migration_id, Migration.state == "running")
    return tx.execute(statement.values(state=state, finished_at=at, problem=problem)).rowcount == 1


def note(
    tx: Connection, migration_id: int, ticket_id: int, verdict: str, findings: Sequence[Values], at: datetime
) -> None:
    """What became of a ticket. What was noted first stands."""
    row = {"migration_id": migration_id, "ticket_id": ticket_id, "verdict": verdict, "findings": findings, "at": at}
    insert_new(tx, MigratedTicket, [row])


def wants(tx: Connection, migration_id: int, ticket_id: int) -> bool:
    """Whether a migration runs and hasn't come to the ticket; nobody stops it before this transaction ends."""
    noted = exists().where(MigratedTicket.migration_id == migration_id, MigratedTicket.ticket_id == ticket_id)
    statement = select(Migration.id).where(Migration.id == migration_id, Migration.state == "running", ~noted)
    return tx.execute(statement.with_for_update(read=True)).first() is not None


def outcomes(tx: Connection, migration_id: int) -> dict[str, int]:
    """How many tickets a migration has come to, by verdict."""
    statement = select(MigratedTicket.verdict, func.count()).where(MigratedTicket.migration_id == migration_id)
    return {row[0]: row[1] for row in tx.execute(statement.group_by(MigratedTicket.verdict))}


def _on(package_id: str) -> ColumnElement[bool]:
    return and_(Instance.package_id == package_id, Instance.ended_at.is_(None))
