"""Migrations of open tickets to another version of their package, and what became of each ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json, only

#: the migrations that are under way
RUNNING = "state = 'running'"


class Migration(Base):
    """The tickets of a package that run on some versions are to go on by another."""

    __tablename__ = "migrations"
    __table_args__ = (
        Index("ix_migrations_package_id_id", "package_id", "id"),
        Index("ix_migrations_running", "id", **only(RUNNING)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"))
    #: the version that they go to
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id"))
    #: deployments that they come from
    sources: Mapped[list[int]] = mapped_column(Json)
    #: where tokens go whose elements are gone: [process, element, element instead]
    mapping: Mapped[list[list[str]]] = mapped_column(Json)
    #: the newest ticket that it is about
    last_ticket: Mapped[int]
    #: how many tickets there were to move when it was started
    tickets: Mapped[int]
    #: running | done | failed | stopped (by somebody)
    state: Mapped[str]
    #: why it failed, empty where it didn't
    problem: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime] = mapped_column(Instant)
    #: account, 0 for the system
    started_by: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class MigratedTicket(Base):
    """A ticket that a migration has come to: it was moved, or stayed where it was."""

    __tablename__ = "migrated_tickets"
    __table_args__ = (Index("ix_migrated_tickets_verdict", "migration_id", "verdict", "ticket_id"),)

    migration_id: Mapped[int] = mapped_column(ForeignKey("migrations.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)
    #: safe (it was moved) | choice | impossible
    verdict: Mapped[str]
    #: why it stayed: kind, process, element, label, problem and how to say it in the reader's language
    findings: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)
