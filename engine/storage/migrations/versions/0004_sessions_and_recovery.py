"""Sessions, two-factor secrets, recovery: what signing in to pages needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LINK = ("account_id", "purpose", "hash", "email", "created_at", "expires_at")
_TOKEN = ("account_id", "name", "hash", "scopes", "created_at", "expires_at", "revoked_at")
_LINKS = sa.table("mailed_links", *map(sa.column, _LINK))
_TOKENS = sa.table("tokens", *map(sa.column, _TOKEN))
_ACCOUNTS = sa.table("accounts", sa.column("id"), sa.column("email"))
#: an invitation was a token that allows nothing
_INVITED = sa.and_(_TOKENS.c.name == "invitation", sa.cast(_TOKENS.c.scopes, sa.String()) == "[]")


def upgrade() -> None:
    """Create the tables; invitations that are open move into theirs."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("offered_secret", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("hash", name=op.f("uq_sessions_hash")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")),
        sa.PrimaryKeyConstraint("account_id", "hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "mailed_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mailed_links_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_links")),
        sa.UniqueConstraint("hash", name=op.f("uq_mailed_links_hash")),
    )
    op.create_index(op.f("ix_mailed_links_account_id"), "mailed_links", ["account_id"])
    op.create_index(op.f("ix_mailed_links_expires_at"), "mailed_links", ["expires_at"])
    op.add_column("accounts", sa.Column("theme", sa.String(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("totp_secret", sa.String(), nullable=True))
    op.add_column("accounts", sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
    old, email = _TOKENS.c, _ACCOUNTS.c.email
    columns = (old.account_id, sa.literal("invitation"), old.hash, email, old.created_at, old.expires_at)
    invited = sa.select(*columns).where(_INVITED, old.revoked_at.is_(None), _ACCOUNTS.c.id == old.account_id)
    op.execute(sa.insert(_LINKS).from_select(list(_LINK), invited))
    op.execute(sa.delete(_TOKENS).where(_INVITED))


def downgrade() -> None:
    """Drop the tables; whoever was invited must be invited again."""
    for column in ("totp_step", "totp_secret", "theme"):
        op.drop_column("accounts", column)
    op.drop_table("mailed_links")
    op.drop_table("recovery_codes")
    op.drop_table("sessions")
