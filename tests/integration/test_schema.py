"""The migrations lead to the very schema that the tables say, on both databases."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from engine.storage.database import Database
from engine.storage.migrating import is_current, migrate
from engine.storage.tables import Base


def test_migrations_lead_to_the_tables(database: Database) -> None:
    with database.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    assert not is_current(database)
    migrate(database)
    migrate(database)
    assert is_current(database)
    with database.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_new_file_is_migrated(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    migrate(database)
    assert is_current(database)
    database.close()
