"""Tickets with the numbers given out, the people involved and the notes. Clocks and instances stand apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json, only
from engine.storage.tables.sorting import caseless_index


class Ticket(Base):
    """A ticket: the built-in fields as columns, the package's own in `fields`."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("package_id", "number"),
        Index("ix_tickets_package_id_status", "package_id", "status"),
        Index("ix_tickets_package_id_changed_at", "package_id", "changed_at", "id"),
        Index("ix_tickets_company_id_changed_at", "company_id", "changed_at", "id"),
        Index("ix_tickets_assignee_id_changed_at", "assignee_id", "changed_at", "id"),
        Index("ix_tickets_package_id_department", "package_id", "department"),
        Index("ix_tickets_changed_at", "changed_at", "id"),
        Index("ix_tickets_opened_at", "opened_at", "id"),
        Index("ix_tickets_open", "changed_at", "id", "package_id", "department", **only("closed_at IS NULL")),
        # what lists are sorted by
        Index("ix_tickets_deadline_at", "deadline_at", "id"),
        Index("ix_tickets_number", "number", "id"),
        *caseless_index("ix_tickets_subject", "subject"),
        Index("ix_tickets_status", "status", "id"),
        Index("ix_tickets_request_type_category", "request_type", "category", "id"),
        Index("ix_tickets_company_id", "company_id", "id"),
        Index("ix_tickets_assignee_id", "assignee_id", "id"),
        Index("ix_tickets_opened_by", "opened_by", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"))
    number: Mapped[str]
    #: version of the package that it was opened with: it says what statuses and fields mean
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id"))
    subject: Mapped[str]
    text: Mapped[str]
    #: empty until the first element that names one
    status: Mapped[str] = mapped_column(default="")
    request_type: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    department: Mapped[str] = mapped_column(default="")
    #: key of the step that customers see
    step: Mapped[str] = mapped_column(default="")
    #: keys of the steps that it has come to since it was opened, or opened again; in order, each once
    steps_passed: Mapped[list[str]] = mapped_column(Json, default=list)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    #: the package's own fields
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    #: account, 0 for the system
    opened_by: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    #: since when it has been in a status of kind closed or cancelled
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    status_since: Mapped[datetime] = mapped_column(Instant)
    #: {status: {calendar: seconds}} of working time spent in it before `status_since`
    status_seconds: Mapped[dict[str, dict[str, float]]] = mapped_column(Json, default=dict)
    #: the earliest deadline of a clock that runs, kept in step with the clocks; None where none does
    deadline_at: Mapped[datetime | None] = mapped_column(Instant)
    #: the goal of that clock; empty for none
    deadline_goal: Mapped[str] = mapped_column(default="")


class TicketSequence(Base):
    """The last number given out in a package; `year` is 0 where the numbers don't start anew each year."""

    __tablename__ = "ticket_sequences"

    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Involvement(Base):
    """Somebody who has to do with a ticket: they see it and get its mails."""

    __tablename__ = "involvements"
    __table_args__ = (Index("ix_involvements_account_id_ticket_id", "account_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    #: what involved them first: requester | assignee | author | worker | watcher
    reason: Mapped[str]
    since: Mapped[datetime] = mapped_column(Instant)


class Note(Base):
    """What somebody said on a ticket."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_ticket_id_id", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    #: None: the system
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str]
    #: seen by the customer too; else by staff alone
    public: Mapped[bool]
    #: from whom an answer is expected: staff | customer | nobody
    expects: Mapped[str]
