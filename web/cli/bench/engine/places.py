"""Where databases to measure on are made and copied; they are gone when the place is left."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, make_url, text

from engine.storage.database import Database


class Place(Protocol):
    """Makes databases, named by what they are for, and gives their addresses."""

    kind: str

    def new(self, name: str) -> str:
        """An empty one."""

    def copy(self, url: str, name: str) -> str:
        """One with all that another holds, to which nobody is connected."""


class _Files:
    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self, name: str) -> str:
        """A file that doesn't exist yet."""
        return f"sqlite:///{self._folder / f'{name}.sqlite3'}"

    def copy(self, url: str, name: str) -> str:
        """A copy of a file whose log was written back when the last connection closed."""
        copied = self.new(name)
        shutil.copy(make_url(url).database or "", make_url(copied).database or "")
        return copied


class _Server:
    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self._server, self._url = Database(url), make_url(url)
        self._names: list[str] = []

    def new(self, name: str) -> str:
        """An empty database."""
        return self._made(name, "template1")

    def copy(self, url: str, name: str) -> str:
        """A copy by PostgreSQL's templates."""
        return self._made(name, make_url(url).database or "")

    def close(self) -> None:
        """Drop all of them."""
        for name in self._names:
            self._do(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._server.close()

    def _made(self, name: str, template: str) -> str:
        full = f"iter_bench_{secrets.token_hex(4)}_{name}"
        self._do(f'CREATE DATABASE "{full}" TEMPLATE "{template}"')
        self._names.append(full)
        address: URL = self._url.set(database=full)
        return address.render_as_string(hide_password=False)

    def _do(self, statement: str) -> None:
        with self._server.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))


@contextmanager
def files() -> Iterator[Place]:
    """SQLite databases, in a folder of the disk that temporary files are on."""
    with tempfile.TemporaryDirectory(prefix="iter-bench-") as folder:
        yield _Files(Path(folder))


@contextmanager
def server(url: str) -> Iterator[Place]:
    """Databases on a PostgreSQL server."""
    place = _Server(url)
    try:
        yield place
    finally:
        place.close()
