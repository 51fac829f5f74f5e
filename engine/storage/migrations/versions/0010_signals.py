"""Signals: subscriptions to them, and the message that each subscription gets of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: all that there is are messages."""
    op.add_column("subscriptions", sa.Column("signal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("messages", sa.Column("subscription_id", sa.String(), nullable=True))


def downgrade() -> None:
    """Take them away again, with the signals that are on their way."""
    op.execute("DELETE FROM messages WHERE subscription_id IS NOT NULL")
    op.execute("DELETE FROM subscriptions WHERE signal")
    for table, column in (("messages", "subscription_id"), ("subscriptions", "signal")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
