"""Full-text search, saved views, and what lists of tickets are sorted by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.domain.words import document
from engine.storage.tables.base import Instant, only
from engine.storage.tables.tickets.search import Words

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: rows that are read and indexed at a time
BATCH = 500

_TICKETS = sa.table(
    "tickets", *map(sa.column, ("id", "number", "subject", "text", "company_id", "deadline_at", "deadline_goal"))
)
_TEXTS = [_TICKETS.c[name] for name in ("id", "number", "subject", "text", "company_id")]
_NOTES = sa.table("notes", *map(sa.column, ("id", "ticket_id", "text", "public")))
_DOCUMENTS = sa.table(
    "search_documents", *map(sa.column, ("ticket_id", "note_id", "public")), sa.column("words", Words)
)
#: FTS5 keeps no text of its own: the triggers tell it what it had
_FTS = (
    # a table of this name is left where somebody dropped the others by hand
    "DROP TABLE IF EXISTS search_index",
    "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_documents', content_rowid='id', "
    "columnsize=0, prefix='2 3', tokenize=\"ascii tokenchars '='\")",
    "CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN "
    "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN "
    "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER search_documents_changed AFTER UPDATE OF words ON search_documents BEGIN "
    "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END",
)
_CLOCKS = sa.table("clocks", *map(sa.column, ("ticket_id", "goal", "deadline_at", "stopped_at")))
#: what lists of tickets are sorted by
_INDEXES: dict[str, tuple[str, list[str]]] = {
    "ix_tickets_deadline_at": ("tickets", ["deadline_at", "id"]),
    "ix_tickets_number": ("tickets", ["number", "id"]),
    "ix_tickets_subject": ("tickets", ["subject", "id"]),
    "ix_tickets_status": ("tickets", ["status", "id"]),
    "ix_tickets_request_type_category": ("tickets", ["request_type", "category", "id"]),
    "ix_tickets_company_id": ("tickets", ["company_id", "id"]),
    "ix_tickets_assignee_id": ("tickets", ["assignee_id", "id"]),
    "ix_tickets_opened_by": ("tickets", ["opened_by", "id"]),
    "ix_accounts_name": ("accounts", ["name", "id"]),
    "ix_companies_name": ("companies", ["name", "id"]),
    "ix_involvements_account_id_ticket_id": ("involvements", ["account_id", "ticket_id"]),
}


def upgrade() -> None:
    """Create the tables and indexes, and index the texts that there are."""
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("words", Words(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_search_documents_note_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_search_documents_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
    )
    op.create_index(op.f("ix_search_documents_ticket_id"), "search_documents", ["ticket_id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("standard", sa.Boolean(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
    )
    op.add_column("tickets", sa.Column("deadline_at", Instant(), nullable=True))
    op.add_column("tickets", sa.Column("deadline_goal", sa.String(), nullable=False, server_default=""))
    running = sa.and_(_CLOCKS.c.stopped_at.is_(None), _CLOCKS.c.deadline_at.is_not(None))
    first = sa.select(_CLOCKS.c.deadline_at).where(_CLOCKS.c.ticket_id == _TICKETS.c.id, running)
    first = first.order_by(_CLOCKS.c.deadline_at, _CLOCKS.c.goal).limit(1)
    goal = sa.func.coalesce(first.with_only_columns(_CLOCKS.c.goal).scalar_subquery(), "")
    op.execute(sa.update(_TICKETS).values(deadline_at=first.scalar_subquery(), deadline_goal=goal))
    op.drop_index("ix_involvements_account_id", "involvements")
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, [_sorted(column) for column in columns])
    columns = ["changed_at", "id", "package_id", "department"]
    op.create_index("ix_tickets_open", "tickets", columns, **only("closed_at IS NULL"))
    _index_texts()


def _sorted(column: str) -> Any:
    """Names and subjects are sorted with small and capital letters alike."""
    if column not in ("name", "subject"):
        return column
    return sa.text(f"lower({column})" if op.get_bind().dialect.name == "postgresql" else f"{column} COLLATE NOCASE")


def _index_texts() -> None:
    """The words of all texts; the index itself last on PostgreSQL, where it is quicker so."""
    tx = op.get_bind()
    if tx.dialect.name == "sqlite":
        for statement in _FTS:
            op.execute(statement)
    last = 0
    while tickets := tx.execute(
        sa.select(*_TEXTS).where(_TICKETS.c.id > last).order_by(_TICKETS.c.id).limit(BATCH)
    ).all():
        tx.execute(sa.insert(_DOCUMENTS), list(_documents(tx, {ticket.id: ticket for ticket in tickets})))
        last = tickets[-1].id
    if tx.dialect.name == "postgresql":
        op.create_index("ix_search_documents_words", "search_documents", ["words"], postgresql_using="gin")


def _documents(tx: sa.Connection, tickets: dict[int, Any]) -> Iterator[dict[str, Any]]:
    for ticket in tickets.values():
        words = document(ticket.number, ticket.subject, ticket.text, ticket.company_id)
        yield {"ticket_id": ticket.id, "note_id": None, "public": True, "words": words}
    notes = sa.select(_NOTES).where(_NOTES.c.ticket_id.in_(tickets)).order_by(_NOTES.c.id)
    for note in tx.execute(notes):
        about = tickets[note.ticket_id]
        words = document(about.number, about.subject, note.text, about.company_id, note.public)
        yield {"ticket_id": about.id, "note_id": note.id, "public": note.public, "words": words}


def downgrade() -> None:
    """Take them away; the texts themselves stay."""
    op.drop_table("saved_views")
    op.drop_table("search_documents")  # and its triggers
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_index("ix_tickets_open", "tickets")
    for name, (table, _) in reversed(_INDEXES.items()):
        op.drop_index(name, table)
    op.create_index("ix_involvements_account_id", "involvements", ["account_id"])
    for column in ("deadline_goal", "deadline_at"):
        op.drop_column("tickets", column)
