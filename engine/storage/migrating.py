"""Brings a database's schema up to what the tables say, by Alembic, without a configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from engine.storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"


def configuration() -> Config:
    """Alembic's configuration, for its own commands too."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: Database) -> None:
    """Apply all migrations that the database hasn't had, in one transaction each on PostgreSQL.

    Two processes that start at once don't disturb each other: one waits for the other.
    """
    from alembic import command

    config = configuration()
    with database.begin() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('iter migrations'))")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the schema is the one that this version of Iter works with. Asked at every start: without Alembic."""
    head = max(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [head]
