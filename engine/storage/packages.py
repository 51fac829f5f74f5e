"""Statements on packages, their deployments, files and policy versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from engine.storage.tables import Deployment, DeploymentFile, File, Package, Policy
from engine.storage.tables.base import table_of
from engine.storage.upserting import insert_new

_PACKAGES = table_of(Package)
_CURRENT = select(_PACKAGES).where(_PACKAGES.c.id == bindparam("of_id"), _PACKAGES.c.deployment_id.is_not(None))


def lock(tx: Connection, package_id: str, now: datetime) -> Row[Any]:
    """The package, made if it is new, locked until the transaction ends."""
    insert_new(tx, Package, [{"id": package_id, "created_at": now}])
    return tx.execute(select(Package.__table__).where(Package.id == package_id).with_for_update(key_share=True)).one()


def current(tx: Connection, package_id: str) -> Row[Any] | None:
    """The package with its latest deployment's and current policy's ids; None where it was never deployed."""
    return tx.execute(_CURRENT, {"of_id": package_id}).one_or_none()


def deployment(tx: Connection, deployment_id: int) -> Row[Any]:
    """One deployment. Raises `NoResultFound`."""
    return tx.execute(select(Deployment.__table__).where(Deployment.id == deployment_id)).one()


def latest_deployment(tx: Connection, package_id: str) -> Row[Any] | None:
    """The version that new tickets start with."""
    statement = select(Deployment.__table__).join(Package, Package.deployment_id == Deployment.id)
    return tx.execute(statement.where(Package.id == package_id)).one_or_none()


def ever_deployed(tx: Connection, package_id: str, content_hash: str) -> bool:
    """Whether any version of the package had this content."""
    statement = (
        select(Deployment.id).where(Deployment.package_id == package_id, Deployment.hash == content_hash).limit(1)
    )
    return tx.execute(statement).first() is not None


def add_deployment(tx: Connection, values: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> Row[Any]:
    """Write a version with its files (path → hash and content) and make it the latest. The package must be locked."""
    highest = select(func.coalesce(func.max(Deployment.version), 0)).where(
        Deployment.package_id == values["package_id"]
    )
    version = tx.execute(highest).scalar_one() + 1
    row = tx.execute(
        insert(Deployment).values(**values, version=version).returning(*Deployment.__table__.columns)
    ).one()
    insert_new(tx, File, [{"hash": key, "content": content} for key, content in dict(files.values()).items()])
    tx.execute(
        insert(DeploymentFile),
        [{"deployment_id": row.id, "path": path, "file_hash": key} for path, (key, _) in files.items()],
    )
    tx.execute(update(Package).where(Package.id == row.package_id).values(deployment_id=row.id))
    return row


def files(tx: Connection, deployment_id: int) -> dict[str, bytes]:
    """All files of a version by path."""
    statement = (
        select(DeploymentFile.path, File.content)
        .join(File, File.hash == DeploymentFile.file_hash)
        .where(DeploymentFile.deployment_id == deployment_id)
        .order_by(DeploymentFile.path)
    )
    return {row.path: row.content for row in tx.execute(statement)}


def files_of_version(tx: Connection, package_id: str, version: int) -> dict[str, bytes]:
    """All files of a version by path, by its number; none where there is no such version."""
    statement = select(Deployment.id).where(Deployment.package_id == package_id, Deployment.version == version)
    deployment_id = tx.execute(statement).scalar()
    return {} if deployment_id is None else files(tx, deployment_id)


def policy(tx: Connection, policy_id: int) -> Row[Any]:
    """One version of a policy. Raises `NoResultFound`."""
    return tx.execute(select(Policy.__table__).where(Policy.id == policy_id)).one()


def policy_id(tx: Connection, package_id: str, version: int) -> int:
    """The id of a version of a package's policy. Raises `NoResultFound`."""
    statement = select(Policy.id).where(Policy.package_id == package_id, Policy.version == version)
    return int(tx.execute(statement).scalar_one())


def policies(tx: Connection, package_id: str) -> Sequence[Row[Any]]:
    """All versions of a package's policy, newest first."""
    statement = select(Policy.__table__).where(Policy.package_id == package_id)
    return tx.execute(statement.order_by(Policy.version.desc())).all()


def deployed_policy_hash(tx: Connection, package_id: str) -> str | None:
    """What the latest policy that came from a deployment said; None where there is none."""
    statement = select(Policy.hash).where(Policy.package_id == package_id, Policy.source == "deployment")
    return tx.execute(statement.order_by(Policy.version.desc()).limit(1)).scalar()


def next_policy_version(tx: Connection, package_id: str) -> int:
    """The number that the package's next policy gets. The package must be locked."""
    highest = select(func.coalesce(func.max(Policy.version), 0)).where(Policy.package_id == package_id)
    return int(tx.execute(highest).scalar_one()) + 1


def add_policy(tx: Connection, values: Mapping[str, Any]) -> Row[Any]:
    """Write a version of a policy and make it the current one. The package must be locked."""
    row = tx.execute(insert(Policy).values(**values).returning(*Policy.__table__.columns)).one()
    tx.execute(update(Package).where(Package.id == row.package_id).values(policy_id=row.id))
    return row
