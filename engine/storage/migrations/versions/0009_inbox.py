"""Open user tasks know when they are due, so that an inbox is read in the order of deadlines from one index."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.storage.tables.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
#: as SQLAlchemy writes it on SQLite
_NEVER = "9999-01-01 00:00:00.000000"
_TASKS = sa.table(
    "user_tasks", sa.column("id"), sa.column("ticket_id"), sa.column("goal"), sa.column("state"),
    sa.column("assignee_id"), sa.column("offered", sa.Boolean), sa.column("due_at", Instant),
)  # fmt: skip
_CLOCKS = sa.table(
    "clocks", sa.column("ticket_id"), sa.column("goal"), sa.column("stopped_at"), sa.column("deadline_at", Instant)
)
_GROUPS = sa.table(
    "user_task_groups", sa.column("user_task_id"), sa.column("offered", sa.Boolean), sa.column("due_at", Instant)
)
_OLD_KEY, _NEW_KEY = "fk_user_task_groups_user_task_id", "fk_user_task_groups_user_task_id_offered_due_at"


def upgrade() -> None:
    """Add the columns, filled in from the clocks for open user tasks; their warnings are told from the next step on."""
    for table in ("user_tasks", "user_task_groups"):
        op.add_column(table, sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.add_column(table, sa.Column("due_at", Instant(), nullable=False, server_default=_NEVER))
    op.add_column("user_tasks", sa.Column("warning_at", Instant(), nullable=True))
    running = (
        sa.select(_CLOCKS.c.deadline_at)
        .where(
            _CLOCKS.c.ticket_id == _TASKS.c.ticket_id, _CLOCKS.c.goal == _TASKS.c.goal, _CLOCKS.c.stopped_at.is_(None)
        )
        .scalar_subquery()
    )
    op.execute(
        _TASKS.update()
        .where(_TASKS.c.state == "open")
        .values(offered=_TASKS.c.assignee_id.is_(None), due_at=sa.func.coalesce(running, sa.literal(NEVER, Instant())))
    )
    op.drop_index("ix_user_tasks_assignee_id_state", "user_tasks")
    op.create_index("ix_user_tasks_assignee_id_state_due_at", "user_tasks", ["assignee_id", "state", "due_at", "id"])
    op.create_index("ix_user_tasks_state_due_at", "user_tasks", ["state", "due_at", "id"])
    op.create_index("ix_user_tasks_id_offered_due_at", "user_tasks", ["id", "offered", "due_at"], unique=True)
    _fill_groups()


def _fill_groups() -> None:
    """What the groups repeat of their user tasks; from now on the database keeps it so."""
    task = sa.select(_TASKS.c.offered, _TASKS.c.due_at).where(_TASKS.c.id == _GROUPS.c.user_task_id)
    columns = {name: task.with_only_columns(_TASKS.c[name]).scalar_subquery() for name in ("offered", "due_at")}
    op.execute(_GROUPS.update().values(columns))
    with op.batch_alter_table("user_task_groups") as table:
        table.drop_constraint(_OLD_KEY, type_="foreignkey")
        repeated, original = ["user_task_id", "offered", "due_at"], ["id", "offered", "due_at"]
        table.create_foreign_key(_NEW_KEY, "user_tasks", repeated, original, onupdate="CASCADE")
    op.create_index(
        "ix_user_task_groups_offered", "user_task_groups", ["group", "due_at", "user_task_id"],
        postgresql_where=sa.text("offered"), sqlite_where=sa.text("offered = 1"),
    )  # fmt: skip


def downgrade() -> None:
    """Drop what was added."""
    op.drop_index("ix_user_task_groups_offered", "user_task_groups")
    with op.batch_alter_table("user_task_groups") as table:
        table.drop_constraint(_NEW_KEY, type_="foreignkey")
        table.create_foreign_key(_OLD_KEY, "user_tasks", ["user_task_id"], ["id"])
        table.drop_column("offered")
        table.drop_column("due_at")
    for name in ("id_offered_due_at", "state_due_at", "assignee_id_state_due_at"):
        op.drop_index(f"ix_user_tasks_{name}", "user_tasks")
    op.create_index("ix_user_tasks_assignee_id_state", "user_tasks", ["assignee_id", "state"])
    for column in ("warning_at", "due_at", "offered"):
        op.drop_column("user_tasks", column)
