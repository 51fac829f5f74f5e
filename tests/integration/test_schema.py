"""The migrations lead to the very schema that the tables say, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from engine.commands import notes
from engine.queries import tickets
from engine.storage.database import Database
from engine.storage.migrating import configuration, is_current, migrate
from engine.storage.tables import Base, SearchDocument
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, OWNER

#: sorted without regard to capital letters, which Alembic can't compare on SQLite
CASELESS = {"ix_accounts_name", "ix_companies_name", "ix_tickets_subject"}
ONLY_POSTGRESQL = {"ix_search_documents_words"}


def test_migrations_lead_to_the_tables(database: Database) -> None:
    with database.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    assert not is_current(database)
    migrate(database)
    migrate(database)
    assert is_current(database)
    options = {"compare_type": True, "include_object": _comparable_on(database.dialect)}
    with database.begin() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def _comparable_on(dialect: str) -> Callable[..., bool]:
    """Leaves out what Alembic can't see; the test below looks at that."""
    if dialect == "postgresql":
        return lambda item, _name, kind, reflected, _other: kind != "index" or reflected or _is_for(item, dialect)

    def comparable(_item: Any, name: str, kind: str, reflected: bool, _other: Any) -> bool:
        if kind == "table" and reflected:
            return not name.startswith("search_index")
        return kind != "index" or name not in CASELESS | ONLY_POSTGRESQL

    return comparable


def _is_for(index: Any, dialect: str) -> bool:
    return index._ddl_if is None or index._ddl_if.dialect == dialect


def test_what_alembic_cannot_see_on_sqlite_is_there(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as tx:
        made = dict(tx.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all())
    database.close()
    assert [name for name in CASELESS if "COLLATE NOCASE" not in made[name]] == []
    assert "fts5" in made["search_index"]
    assert {f"search_documents_{when}" for when in ("added", "removed", "changed")} <= made.keys()


def test_a_new_file_is_migrated(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    migrate(database)
    assert is_current(database)
    database.close()


def test_texts_that_stand_there_are_indexed_and_going_back_leaves_them(desk: Desk) -> None:
    ticket = desk.open()
    notes.add(desk.engine, ticket, OWNER, "Il tacco è ancora storto")
    before = [(row.ticket_id, row.note_id, row.public) for row in desk.rows(SearchDocument)]
    for move, revision in ((command.downgrade, "0005"), (command.upgrade, "head")):
        config = configuration()
        with desk.database.begin() as connection:
            config.attributes["connection"] = connection
            move(config, revision)
    assert [(row.ticket_id, row.note_id, row.public) for row in desk.rows(SearchDocument)] == before
    for query in ("tacco", "heel"):
        (found,) = tickets.listed(desk.engine, CLERK, text=query).items
        assert (found.id, found.deadline_goal) == (ticket, "reply")
