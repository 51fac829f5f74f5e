"""An index that counts what runs on which version of a package."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add it."""
    op.create_index(
        "ix_instances_on_versions", "instances", ["package_id", "deployment_id", "ticket_id"],
        sqlite_where=_RUNNING, postgresql_where=_RUNNING,
    )  # fmt: skip


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_instances_on_versions", "instances")
