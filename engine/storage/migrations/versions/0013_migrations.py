"""Migrations of open tickets to another version of their package, and what became of each ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables.base import Instant, Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "migrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("sources", Json, nullable=False),
        sa.Column("mapping", Json, nullable=False),
        sa.Column("last_ticket", sa.Integer(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migrations")),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_migrations_package_id")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_migrations_deployment_id")),
    )
    op.create_index("ix_migrations_package_id_id", "migrations", ["package_id", "id"])
    op.create_index(
        "ix_migrations_running", "migrations", ["id"], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )  # fmt: skip
    op.create_table(
        "migrated_tickets",
        sa.Column("migration_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("findings", Json, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("migration_id", "ticket_id", name=op.f("pk_migrated_tickets")),
        sa.ForeignKeyConstraint(["migration_id"], ["migrations.id"], name=op.f("fk_migrated_tickets_migration_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_migrated_tickets_ticket_id")),
    )
    op.create_index("ix_migrated_tickets_ticket_id", "migrated_tickets", ["ticket_id"])
    op.create_index("ix_migrated_tickets_verdict", "migrated_tickets", ["migration_id", "verdict", "ticket_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("migrated_tickets")
    op.drop_table("migrations")
