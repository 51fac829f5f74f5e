"""Process packages: what they call things, their versions and files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Choice, Field, Package, Role, Status
from engine.domain.said import said
from engine.queries.reading import Source, reading
from engine.storage import packages as store
from engine.storage.tables import Deployment, DeploymentFile, File
from engine.storage.tables import Package as PackageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView:
    """A package in its latest version. Labels are by language."""

    id: str
    title: dict[str, str]
    version: int
    hash: str
    deployed_at: datetime
    language: str
    time_zone: str
    process: str
    statuses: list[Status]
    request_types: list[Choice]
    categories: list[Choice]
    departments: list[Choice]
    roles: list[Role]
    steps: list[Choice]
    fields: list[Field]
    #: paths; only of one read alone
    files: list[str]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One deployment of a package."""

    id: int
    version: int
    hash: str
    source: str
    reason: str
    deployed_at: datetime
    deployed_by: int


def listed(engine: Source, actor: Actor) -> list[PackageView]:
    """The packages in which the actor is somebody, by id."""
    with reading(engine, actor) as reader:
        latest = select(Deployment.__table__).join(PackageRow, PackageRow.deployment_id == Deployment.id)
        rows = reader.tx.execute(latest.where(Deployment.package_id.in_(list(reader.packages)))).all()
        return [_view(reader.packages[row.package_id], row) for row in sorted(rows, key=lambda row: row.package_id)]


def one(engine: Source, actor: Actor, package_id: str) -> PackageView:
    """A package, with the paths of its files for staff. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        package = reader.package(package_id)
        row = store.latest_deployment(reader.tx, package_id)
        if row is None:
            raise NotFound(said("There is no such package."))
        paths = select(DeploymentFile.path).where(DeploymentFile.deployment_id == row.id).order_by(DeploymentFile.path)
        return _view(package, row, reader.tx.execute(paths).scalars() if reader.is_staff(package) else ())


def versions(engine: Source, actor: Actor, package_id: str) -> list[VersionView]:
    """All versions of a package, newest first; for its staff. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        reader.staff_package(package_id)
        statement = select(Deployment.__table__).where(Deployment.package_id == package_id)
        return [
            VersionView(row.id, row.version, row.hash, row.source, row.reason, row.deployed_at, row.deployed_by)
            for row in reader.tx.execute(statement.order_by(Deployment.version.desc()))
        ]


def files(engine: Source, actor: Actor, package_id: str, version: int) -> dict[str, bytes]:
    """All files of a version by path; for the package's staff. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        reader.staff_package(package_id)
        statement = (
            select(DeploymentFile.path, File.content)
            .join(File, File.hash == DeploymentFile.file_hash)
            .join(Deployment, Deployment.id == DeploymentFile.deployment_id)
            .where(Deployment.package_id == package_id, Deployment.version == version)
        )
        found = {row.path: row.content for row in reader.tx.execute(statement.order_by(DeploymentFile.path))}
        if not found:
            raise NotFound(said("There is no such version."))
        return found


def file(engine: Source, actor: Actor, package_id: str, version: int, path: str) -> bytes:
    """One file of a version; for the package's staff. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        reader.staff_package(package_id)
        statement = (
            select(File.content)
            .join(DeploymentFile, DeploymentFile.file_hash == File.hash)
            .join(Deployment, Deployment.id == DeploymentFile.deployment_id)
            .where(Deployment.package_id == package_id, Deployment.version == version, DeploymentFile.path == path)
        )
        content = reader.tx.execute(statement).scalar()
        if content is None:
            raise NotFound(said("There is no such file."))
        return content


def _view(package: Package, row: Row[Any], paths: Iterable[str] = ()) -> PackageView:
    return PackageView(
        id=package.id, title=dict(package.title), version=row.version, hash=row.hash, deployed_at=row.deployed_at,
        language=package.language, time_zone=package.time_zone, process=package.process,
        statuses=list(package.statuses.values()), request_types=list(package.request_types.values()),
        categories=list(package.categories.values()), departments=list(package.departments.values()),
        roles=list(package.roles.values()), steps=list(package.steps), fields=list(package.fields.values()),
        files=list(paths),
    )  # fmt: skip
