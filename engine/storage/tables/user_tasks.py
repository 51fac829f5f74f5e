"""User tasks and the groups that may claim them. Closed ones stay, so that a late completion can be told so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json


class UserTask(Base):
    """Something that somebody has, or had, to do."""

    __tablename__ = "user_tasks"
    __table_args__ = (
        Index("ix_user_tasks_instance_id_token", "instance_id", "token"),
        Index("ix_user_tasks_ticket_id_state", "ticket_id", "state"),
        Index("ix_user_tasks_assignee_id_state", "assignee_id", "state"),
        Index("ix_user_tasks_state_opened_at", "state", "opened_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the effect's id
    key: Mapped[str] = mapped_column(unique=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"))
    token: Mapped[int]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    package_id: Mapped[str] = mapped_column(ForeignKey("packages.id"))
    element: Mapped[str]
    name: Mapped[str]
    #: form that it shows, empty for none
    form: Mapped[str] = mapped_column(default="")
    #: goal whose deadline it is shown with (`clocks`), empty for none
    goal: Mapped[str] = mapped_column(default="")
    #: the groups that may claim it, as in `UserTaskGroup`: so that reading one user task takes one row
    groups: Mapped[list[str]] = mapped_column(Json, default=list)
    #: who claimed it, or was named by the diagram
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: open | completed | cancelled | failed
    state: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    #: account, 0 for the system
    closed_by: Mapped[int | None]


class UserTaskGroup(Base):
    """A group that may claim a user task: `pm`, `agent@crm`, `customer@7`, `account:12`."""

    __tablename__ = "user_task_groups"

    user_task_id: Mapped[int] = mapped_column(ForeignKey("user_tasks.id"), primary_key=True)
    group: Mapped[str] = mapped_column(primary_key=True, index=True)
