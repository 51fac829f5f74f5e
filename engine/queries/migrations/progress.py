"""How far a migration is, and the tickets that it has left where they were, with the reasons of that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Package
from engine.domain.said import from_json, said
from engine.domain.visibility import sees
from engine.queries.migrations.verdicts import TicketCheck
from engine.queries.packages.standing import owned_package
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading
from engine.spiff.migrating import Finding, Option
from engine.storage.operations import migrations
from engine.storage.tables import Account, Deployment, MigratedTicket, Migration, Ticket


@dataclass(frozen=True, slots=True)
class Progress:
    """A migration. `moved`, `choice` and `impossible` are tickets that it has come to."""

    id: int
    package: str
    #: number of the version that the tickets go to
    version: int
    #: numbers of those that they come from
    sources: tuple[int, ...]
    #: where tokens go whose elements are gone
    mapping: Mapping[tuple[str, str], str]
    state: Literal["running", "done", "failed", "stopped"]
    #: why it failed, empty where it didn't
    problem: str
    tickets: int
    moved: int
    choice: int
    impossible: int
    #: tickets that are still to be looked at, or were when it failed or was stopped and still run on their version
    left: int
    #: tickets that it didn't come to, for they ended, or somebody else moved them, before it could
    gone: int
    started_at: datetime
    finished_at: datetime | None
    #: empty where Iter itself started it
    by: str


def one(engine: Source, actor: Actor, package_id: str, migration_id: int) -> Progress:
    """A migration of a package; for who may deploy it. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        row = _find(reader, package_id, Migration.id == migration_id)
        if row is None:
            raise NotFound(said("There is no such migration."))
        return _progress(reader, row)


def latest(engine: Source, actor: Actor, package_id: str) -> Progress | None:
    """The last migration of a package that was started; None for none. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        row = _find(reader, package_id)
        return None if row is None else _progress(reader, row)


def stayed(
    engine: Source, actor: Actor, package_id: str, migration_id: int, *, limit: int = 25, cursor: str | None = None
) -> Page[TicketCheck]:
    """The tickets that a migration has left where they were, with why. Raises `NotFound`, `Invalid`."""
    with reading(engine, actor) as reader:
        package = owned_package(reader, package_id)
        if _find(reader, package_id, Migration.id == migration_id) is None:
            raise NotFound(said("There is no such migration."))
        statement = (
            select(Ticket.__table__, MigratedTicket.verdict, MigratedTicket.findings)
            .join(Ticket, Ticket.id == MigratedTicket.ticket_id)
            .where(MigratedTicket.migration_id == migration_id, MigratedTicket.verdict != "safe")
        )
        order = Order(MigratedTicket.ticket_id, Ticket.id)
        return page(reader.tx, statement, order, limit, cursor, lambda row: _stayed(reader, package, row))


def _find(reader: Reader, package_id: str, *where: Any) -> Row[Any] | None:
    statement = (
        select(Migration.__table__, Deployment.version, Account.name.label("by"))
        .join(Deployment, Deployment.id == Migration.deployment_id)
        .outerjoin(Account, Account.id == Migration.started_by)
        .where(Migration.package_id == package_id, *where)
    )
    return reader.tx.execute(statement.order_by(Migration.id.desc()).limit(1)).one_or_none()


def _progress(reader: Reader, row: Row[Any]) -> Progress:
    outcomes = migrations.outcomes(reader.tx, row.id)
    seen = sum(outcomes.values())
    left = {"running": max(0, row.tickets - seen), "done": 0}.get(row.state)
    if left is None:
        left = migrations.count_left(reader.tx, dict(row._mapping))
    numbers = select(Deployment.version).where(Deployment.id.in_(row.sources)).order_by(Deployment.version)
    return Progress(
        id=row.id, package=row.package_id, version=row.version, sources=tuple(reader.tx.execute(numbers).scalars()),
        mapping={(process, element): target for process, element, target in row.mapping}, state=row.state,
        problem=row.problem, tickets=row.tickets, moved=outcomes.get("safe", 0), choice=outcomes.get("choice", 0),
        impossible=outcomes.get("impossible", 0), left=left, gone=max(0, row.tickets - seen - left),
        started_at=row.started_at, finished_at=row.finished_at, by=row.by or "",
    )  # fmt: skip


def _stayed(reader: Reader, package: Package, row: Row[Any]) -> TicketCheck:
    findings = tuple(
        Finding(
            found["kind"], from_json(found["problem"], found["said"]), found["process"], found["element"],
            found["label"], tuple(Option(*option) for option in found["options"]),
        )
        for found in row.findings
    )  # fmt: skip
    subject = row.subject if sees(reader.actor, package, dict(row._mapping)) else ""
    return TicketCheck(row.id, row.number, subject, row.verdict, findings)
