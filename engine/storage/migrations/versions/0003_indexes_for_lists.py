"""Indexes with which lists and looks cost the same however much has happened."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_jobs_created_at": ("jobs", ["created_at", "id"]),
    "ix_mails_created_at": ("mails", ["created_at", "id"]),
    "ix_messages_state_expires_at": ("messages", ["state", "expires_at"]),
    "ix_tickets_changed_at": ("tickets", ["changed_at", "id"]),
    "ix_tickets_opened_at": ("tickets", ["opened_at", "id"]),
    "ix_user_tasks_state_opened_at": ("user_tasks", ["state", "opened_at", "id"]),
}


def upgrade() -> None:
    """Create the indexes; the one of messages takes the place of one that led through all that are done."""
    op.drop_index("ix_messages_expires_at", "messages")
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Drop the indexes."""
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
    op.create_index("ix_messages_expires_at", "messages", ["expires_at"])
