"""Alembic's entry: runs the migrations on the connection that `migrating.migrate` hands in. No schema here."""

from __future__ import annotations

from alembic import context

from engine.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=True,
)
context.run_migrations()
