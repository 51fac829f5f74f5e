"""User tasks and the groups that may claim them. Closed ones stay, so that a late completion can be told so."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, Instant, Json

#: what stands for no deadline: lists put it last, and one index orders all
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class UserTask(Base):
    """Something that somebody has, or had, to do."""

    __tablename__ = "user_tasks"
    __table_args__ = (
        Index("ix_user_tasks_instance_id_token", "instance_id", "token"),
        Index("ix_user_tasks_ticket_id_state", "ticket_id", "state"),
        Index("ix_user_tasks_assignee_id_state_due_at", "assignee_id", "state", "due_at", "id"),
        Index("ix_user_tasks_state_opened_at", "state", "opened_at", "id"),
        Index("ix_user_tasks_state_due_at", "state", "due_at", "id"),
        # what `UserTaskGroup` repeats of it
        Index("ix_user_tasks_id_offered_due_at", "id", "offered", "due_at", unique=True),
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
    #: it is open, and nobody has it
    offered: Mapped[bool] = mapped_column(default=False)
    #: the deadline of its goal's clock, kept in step with that while it is open; `NEVER` for none
    due_at: Mapped[datetime] = mapped_column(Instant, default=NEVER)
    #: when that deadline draws near, as the policy says; None for no warning
    warning_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    #: account, 0 for the system
    closed_by: Mapped[int | None]


class UserTaskGroup(Base):
    """A group that may claim a user task: `pm`, `agent@crm`, `customer@7`, `account:12`.

    `offered` and `due_at` are the user task's. The database itself keeps them so (ON UPDATE CASCADE): one index gives
    what a group may claim by its deadline, and no statement has to see to it.
    """

    __tablename__ = "user_task_groups"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_task_id", "offered", "due_at"],
            ["user_tasks.id", "user_tasks.offered", "user_tasks.due_at"],
            onupdate="CASCADE",
        ),
        Index(
            "ix_user_task_groups_offered", "group", "due_at", "user_task_id",
            postgresql_where=text("offered"), sqlite_where=text("offered = 1"),
        ),
    )  # fmt: skip

    user_task_id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column(primary_key=True, index=True)
    offered: Mapped[bool]
    due_at: Mapped[datetime] = mapped_column(Instant)
