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
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _compared})
        assert compare_metadata(context, Base.metadata) == []


def test_what_alembic_cannot_compare_on_sqlite_is_there(sqlite_url: str) -> None:
    """Indexes with a collation, and the index of texts with its triggers."""
    database = Database(sqlite_url)
    with database.read() as tx:
        made = dict(tx.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).tuples().all())
    database.close()
    for name in CASELESS:
        assert "COLLATE NOCASE" in made[name]
    assert "fts5" in made["search_index"]
    assert {f"search_documents_{when}" for when in ("added", "removed", "changed")} <= made.keys()


def test_texts_that_there_are_become_findable_and_back(desk: Desk) -> None:
    """The migration indexes what stands there; going back leaves the texts."""
    ticket = desk.open()
    notes.add(desk.engine, ticket, OWNER, "Il tacco è ancora storto")
    before = [(row.ticket_id, row.note_id, row.public) for row in desk.rows(SearchDocument)]
    for move, to in ((command.downgrade, "0005"), (command.upgrade, "head")):
        config = configuration()
        with desk.database.begin() as connection:
            config.attributes["connection"] = connection
            move(config, to)
    assert [(row.ticket_id, row.note_id, row.public) for row in desk.rows(SearchDocument)] == before
    for query in ("tacco", "heel"):
        found = listing.listed(desk.engine, CLERK, text=query).items
        assert [item.id for item in found] == [ticket]
    assert found[0].deadline is not None


def _compared(item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """All but what Alembic can't see: SQLite's FTS5 table with its shadows, collations, another database's indexes."""
    if kind == "table" and reflected and str(name).startswith("search_index"):
        return False
    if kind == "index" and name in CASELESS:
        return bool(item.table.metadata is not Base.metadata) is reflected and _dialect(item) == "postgresql"
    return True


def test_a_new_file_is_migrated(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    migrate(database)
    assert is_current(database)
    database.close()
