"""Service level policies of a package, version by version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.reading import Source, reading
from engine.spiff.checking.calendars import calendar_uses
from engine.storage import packages
from engine.storage.tables import Package, Policy


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A version of a policy; `policy` is `Policy.to_json`: rows and calendars."""

    package: str
    version: int
    source: str
    reason: str
    created_at: datetime
    created_by: int
    policy: dict[str, Any]


def current(engine: Source, actor: Actor, package_id: str) -> PolicyView:
    """The policy under which clocks are started now; for the package's staff. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        reader.staff_package(package_id)
        statement = select(Policy.__table__).join(Package, Package.policy_id == Policy.id)
        row = reader.tx.execute(statement.where(Package.id == package_id)).one_or_none()
        if row is None:
            raise NotFound(said("The package has no policy."))
        return _view(row)


def versions(engine: Source, actor: Actor, package_id: str) -> list[PolicyView]:
    """All versions, newest first; for the package's staff. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        reader.staff_package(package_id)
        statement = select(Policy.__table__).where(Policy.package_id == package_id).order_by(Policy.version.desc())
        return [_view(row) for row in reader.tx.execute(statement)]


def uses(engine: Source, actor: Actor, package_id: str) -> dict[str, list[str]]:
    """By calendar, what of the package counts in it besides the policy's rows; for its staff. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        reader.staff_package(package_id)
        row = packages.current(reader.tx, package_id)
        if row is None:
            raise NotFound(said("There is no such package."))
        version = engine.version(row.deployment_id, reader.tx)
        return calendar_uses(version.package, version.definitions)


def _view(row: Row[Any]) -> PolicyView:
    return PolicyView(row.package_id, row.version, row.source, row.reason, row.created_at, row.created_by, row.content)
