"""Drafts of packages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    op.create_table(
        "package_drafts",
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_package_drafts_package_id")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_package_drafts_deployment_id")),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_package_drafts")),
    )
    op.create_table(
        "package_draft_files",
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package_drafts.package_id"], name=op.f("fk_package_draft_files_package_id")
        ),
        sa.PrimaryKeyConstraint("package_id", "path", name=op.f("pk_package_draft_files")),
    )
    op.create_table(
        "package_draft_visits",
        sa.Column("package_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["packages.id"], name=op.f("fk_package_draft_visits_package_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_package_draft_visits_account_id")),
        sa.PrimaryKeyConstraint("package_id", "account_id", name=op.f("pk_package_draft_visits")),
    )


def downgrade() -> None:
    """Take them away again."""
    for name in ("package_draft_visits", "package_draft_files", "package_drafts"):
        op.drop_table(name)
