"""Where packages stand, for those who own them: the version in force, earlier ones, and what runs on each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Label, Package
from engine.domain.said import said
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading
from engine.storage.tables import Account, Deployment, Instance
from engine.storage.tables import Package as PackageRow


@dataclass(frozen=True, slots=True)
class Standing:
    """One version of a package. `by` is empty where Iter deployed it from a folder."""

    package: str
    version: int
    deployment_id: int
    source: str
    reason: str
    deployed_at: datetime
    by: str
    #: tickets on which a process of this version runs
    tickets: int
    #: new tickets start with it
    in_force: bool


@dataclass(frozen=True, slots=True)
class Owned:
    """A package with its version in force."""

    id: str
    title: Label
    #: of the title, where the reader's isn't there
    language: str
    live: Standing
    #: tickets on which an earlier version still runs
    behind: int


def owned(engine: Source, actor: Actor) -> list[Owned]:
    """The packages that the actor may deploy, by id. Raises `NotFound` for who owns none. Takes two statements."""
    with reading(engine, actor) as reader:
        mine = [package for package in reader.packages.values() if actor.may("deploy", package)]
        if not mine and not reader.sees_everything:
            raise NotFound(said("There is nothing here, or nothing that you may see."))
        which = (PackageRow.id.in_([package.id for package in mine]), PackageRow.deployment_id == Deployment.id)
        running = _running(reader, [package.id for package in mine])
        live = {row.package_id: _standing(row, running) for row in reader.tx.execute(_versions().where(*which))}
        return [
            Owned(package.id, package.title, package.language, live[package.id], _behind(live[package.id], running))
            for package in sorted(mine, key=lambda one: one.id)
        ]


def versions(engine: Source, actor: Actor, package_id: str, *, cursor: str | None = None) -> Page[Standing]:
    """The versions of a package, newest first; for who may deploy it. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        running = _running(reader, [package_id])
        order = Order(Deployment.version, Deployment.id, descending=True)
        statement = _versions().where(Deployment.package_id == package_id)
        return page(reader.tx, statement, order, 20, cursor, lambda row: _standing(row, running))


def one(engine: Source, actor: Actor, package_id: str, version: int | None = None) -> Standing:
    """A version of a package, by default the one in force; for who may deploy it. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        which = PackageRow.deployment_id == Deployment.id if version is None else Deployment.version == version
        row = reader.tx.execute(_versions().where(Deployment.package_id == package_id, which)).one_or_none()
        if row is None:
            raise NotFound(said("There is no such version."))
        return _standing(row, _running(reader, [package_id]))


def owned_package(reader: Reader, package_id: str) -> Package:
    """A package that the reader may deploy. Raises `NotFound`."""
    package = reader.package(package_id)
    if not reader.actor.may("deploy", package):
        raise NotFound(said("There is no such package."))
    return package


def _versions() -> Any:
    """Versions with who deployed them, and whether they are in force."""
    columns = (
        Deployment.id, Deployment.package_id, Deployment.version, Deployment.source, Deployment.reason,
        Deployment.deployed_at, Account.name.label("by"), (PackageRow.deployment_id == Deployment.id).label("in_force"),
    )  # fmt: skip
    statement = select(*columns).join(PackageRow, PackageRow.id == Deployment.package_id)
    return statement.outerjoin(Account, Account.id == Deployment.deployed_by)


#: tickets with a running process, by package and version
Running = dict[tuple[str, int], int]


def _running(reader: Reader, package_ids: Collection[str]) -> Running:
    tickets = func.count(Instance.ticket_id.distinct())
    statement = select(Instance.package_id, Instance.deployment_id, tickets).where(Instance.ended_at.is_(None))
    grouped = statement.where(Instance.package_id.in_(package_ids)).group_by(
        Instance.package_id, Instance.deployment_id
    )
    return {(package, deployment): count for package, deployment, count in reader.tx.execute(grouped)}


def _standing(row: Row[Any], running: Running) -> Standing:
    tickets = running.get((row.package_id, row.id), 0)
    return Standing(
        row.package_id, row.version, row.id, row.source, row.reason, row.deployed_at, row.by or "", tickets,
        bool(row.in_force),
    )  # fmt: skip


def _behind(live: Standing, running: Running) -> int:
    return sum(
        count
        for (package, deployment), count in running.items()
        if package == live.package and deployment != live.deployment_id
    )
