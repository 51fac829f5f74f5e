"""Process packages, their deployed versions, the files of these by content hash, and the versions of their policy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class Package(Base):
    """A process package, pointing to what is current; `id` is its key in `package.toml`."""

    __tablename__ = "packages"

    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: the latest version; new tickets start with it. No foreign key: the two tables point at each other
    deployment_id: Mapped[int | None]
    #: the policy that clocks are started under
    policy_id: Mapped[int | None]


class Deployment(Base):
    """One immutable version of a package."""

    __tablename__ = "deployments"
    __table_args__ = (
        UniqueConstraint("package_id", "version"),
        Index("ix_deployments_package_id_hash", "package_id", "hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"))
    #: 1, 2, … within the package
    version: Mapped[int]
    #: content hash over all paths and files
    hash: Mapped[str]
    #: where it came from: folder | api | browser
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    deployed_at: Mapped[datetime] = mapped_column(Instant)
    #: account, 0 for the system
    deployed_by: Mapped[int] = mapped_column(default=0)


class File(Base):
    """A file's content, kept once however many versions have it."""

    __tablename__ = "files"

    #: SHA-256, hexadecimal
    hash: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class DeploymentFile(Base):
    """Which content a path has in a version."""

    __tablename__ = "deployment_files"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    file_hash: Mapped[str] = mapped_column(ForeignKey("files.hash"))


class Policy(Base):
    """One immutable version of a package's service level policy, calendars included."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("package_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"))
    #: 1, 2, … within the package; clocks refer to it
    version: Mapped[int]
    #: `Policy.to_json`, with this version's number
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    #: deployment | iter (changed here, by a person)
    source: Mapped[str]
    #: where it came from a deployment: hash of what its files said, so that a later one can be told from it
    hash: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: account, 0 for the system
    created_by: Mapped[int] = mapped_column(default=0)
