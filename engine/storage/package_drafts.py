"""Statements on the drafts of packages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from engine.storage.tables import PackageDraft, PackageDraftFile, PackageDraftVisit
from engine.storage.upserting import insert_new, upsert


def lock(tx: Connection, package_id: str, deployment_id: int, account_id: int, now: datetime) -> Row[Any]:
    """The draft of a package, locked until the transaction ends; made on that version where there is none."""
    new = {
        "package_id": package_id, "deployment_id": deployment_id, "revision": 0, "changed_at": now,
        "changed_by": account_id,
    }  # fmt: skip
    insert_new(tx, PackageDraft, [new])
    statement = select(PackageDraft.__table__).where(PackageDraft.package_id == package_id)
    return tx.execute(statement.with_for_update()).one()


def of(tx: Connection, package_id: str) -> Row[Any] | None:
    """The draft of a package; None where it was never changed here."""
    statement = select(PackageDraft.__table__).where(PackageDraft.package_id == package_id)
    return tx.execute(statement).one_or_none()


def files(tx: Connection, package_id: str) -> dict[str, Row[Any]]:
    """What the draft has otherwise than its version, by path."""
    statement = select(PackageDraftFile.__table__).where(PackageDraftFile.package_id == package_id)
    return {row.path: row for row in tx.execute(statement.order_by(PackageDraftFile.path))}


def change(tx: Connection, package_id: str, values: Mapping[str, Any]) -> None:
    """Write what has become of the draft itself. It must be locked."""
    tx.execute(update(PackageDraft).where(PackageDraft.package_id == package_id).values(**values))


def write(tx: Connection, rows: list[dict[str, Any]]) -> None:
    """Write files over what was kept of them."""
    upsert(tx, PackageDraftFile, rows, ("package_id", "path"))


def drop(tx: Connection, package_id: str, paths: Collection[str] | None = None) -> None:
    """Have some files, or all, as the draft's version has them."""
    statement = delete(PackageDraftFile).where(PackageDraftFile.package_id == package_id)
    tx.execute(statement if paths is None else statement.where(PackageDraftFile.path.in_(paths)))


def visit(tx: Connection, package_id: str, account_id: int, path: str, now: datetime) -> None:
    """Somebody has the draft open."""
    row = {"package_id": package_id, "account_id": account_id, "path": path, "seen_at": now}
    upsert(tx, PackageDraftVisit, [row], ("package_id", "account_id"))
