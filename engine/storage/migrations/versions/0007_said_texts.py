"""What an incident, a job and a mail say went wrong, so that it can be told in its reader's language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables.base import Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = ("incidents", "jobs", "mails")


def upgrade() -> None:
    """Add the column; what stands already stays English."""
    for table in _TABLES:
        op.add_column(table, sa.Column("said", Json, nullable=True))


def downgrade() -> None:
    """Take it away."""
    for table in _TABLES:
        op.drop_column(table, "said")
