"""What owners are changing about a package: the files of its draft, and who is at them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant


class PackageDraft(Base):
    """The draft of a package: one, shared by all who own it. Without files it says what the version in force says."""

    __tablename__ = "package_drafts"

    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"), primary_key=True)
    #: the version that its files are changes of
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id"))
    #: grows with every change, and never begins anew
    revision: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int]


class PackageDraftFile(Base):
    """A file that the draft has otherwise than its version."""

    __tablename__ = "package_draft_files"

    package_id: Mapped[str] = mapped_column(ForeignKey("package_drafts.package_id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    #: None where the draft takes the file away
    content: Mapped[bytes | None]
    #: the draft's revision that wrote it
    revision: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int]


class PackageDraftVisit(Base):
    """Who has the draft open, and what of it."""

    __tablename__ = "package_draft_visits"

    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    #: empty for none in particular
    path: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(Instant)
