"""What operators need: what kind of fault an incident is, how often it was tried, which workers run, quick lists."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.storage.tables.base import Instant, Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_INDEXES: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "ix_incidents_job_id": ("incidents", ["job_id"], {}),
    "ix_incidents_mail_id": ("incidents", ["mail_id"], {}),
    "ix_incidents_package_id_state_id": ("incidents", ["package_id", "state", "id"], {}),
    "ix_instances_running": ("instances", ["started_at", "id"], _only("ended_at IS NULL")),
    "ix_instances_started_at": ("instances", ["started_at", "id"], {}),
    "ix_instances_troubled": ("instances", ["started_at", "id"], _only("troubled")),
    "ix_jobs_state_created_at": ("jobs", ["state", "created_at", "id"], {}),
    "ix_journal_way": ("journal", ["instance_id", "id"], _only("kind = 'element_entered'")),
    "ix_mails_state_created_at": ("mails", ["state", "created_at", "id"], {}),
}
#: what an incident that stands already was, as far as can be told
_CAUSES = "UPDATE incidents SET cause = CASE kind WHEN 'mail' THEN 'mail' WHEN 'job' THEN 'text' ELSE cause END"


def upgrade() -> None:
    """Add the columns, the table and the indexes."""
    op.add_column("incidents", sa.Column("cause", sa.String(), nullable=False, server_default="diagram"))
    op.add_column("incidents", sa.Column("tries", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("incidents", sa.Column("failed_at", Instant(), nullable=True))
    op.add_column("incidents", sa.Column("reason", sa.String(), nullable=False, server_default=""))
    op.execute(_CAUSES)
    op.add_column("tickets", sa.Column("steps_passed", Json, nullable=False, server_default="[]"))
    op.create_table(
        "workers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    for name, (table, columns, more) in _INDEXES.items():
        op.create_index(name, table, columns, unique=False, **more)


def downgrade() -> None:
    """Take them away."""
    for name, (table, _, _) in _INDEXES.items():
        op.drop_index(name, table)
    op.drop_table("workers")
    op.drop_column("tickets", "steps_passed")
    for column in ("reason", "failed_at", "tries", "cause"):
        op.drop_column("incidents", column)
