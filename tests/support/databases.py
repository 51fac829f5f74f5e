"""Fresh databases for tests: one migrated template of each kind, copied for every test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from engine.storage.database import Database
from engine.storage.migrating import migrate
from tests.support.postgresql import Cluster


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


class SqliteDatabases:
    """Database files, each in the folder of its test."""

    def __init__(self, folder: Path) -> None:
        self._template = f"sqlite:///{folder / 'template.sqlite3'}"
        _migrate(self._template)

    @contextmanager
    def fresh(self, folder: Path, copy_of: str = "") -> Iterator[str]:
        """The URL of a migrated, empty database, or of a copy of one that nobody is in."""
        path = folder / "iter.sqlite3"
        source = (copy_of or self._template).removeprefix("sqlite:///")
        # a backup, for whoever wrote last may have been killed: a file alone lacks what its write-ahead log holds
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(path)) as new:
            old.backup(new)
        yield f"sqlite:///{path}"


class PostgresqlDatabases:
    """Databases of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._template = cluster.url(cluster.create(name="template_iter"))
        _migrate(self._template)

    @contextmanager
    def fresh(self, _folder: Path, copy_of: str = "") -> Iterator[str]:
        """The URL of a migrated, empty database, or of a copy of one that nobody is in; dropped afterwards."""
        name = self._cluster.create(template=self._cluster.name(copy_of or self._template))
        yield self._cluster.url(name)
        self._cluster.drop(name)


#: whichever a test runs on
Databases = SqliteDatabases | PostgresqlDatabases
