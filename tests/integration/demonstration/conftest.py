"""The project's own demonstration, filled once on each kind of database; tests look at it, or get a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.commands import demonstration
from engine.commands.demonstration import Filled, Progress
from engine.commands.engine import Engine
from engine.commands.packages.folders import deploy_folder
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.tables import Base
from tests.support.clock import VirtualClock
from tests.support.databases import Databases
from tests.support.processes import ROOT

PACKAGE = "mrdoc"
PASSWORD = "invented by nobody"
#: a Thursday afternoon in Rome
NOW = datetime.fromisoformat("2026-06-18T14:35:20+02:00")


@dataclass
class Filling:
    """A database with the demonstration, and what filling told."""

    engine: Engine
    filled: Filled | None = None
    told: list[Progress] = field(default_factory=list)
    #: rows of each table before it was filled
    before: dict[str, int] = field(default_factory=dict)

    def fill(self) -> Filled | None:
        """Fill it, as it is now."""
        return demonstration.fill(self.engine, PACKAGE, PASSWORD, self.told.append)

    def rows(self, statement: Any) -> list[Any]:
        """What the database says."""
        with self.engine.database.read() as tx:
            return list(tx.execute(statement).all())

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = Base.metadata.sorted_tables
        return {table.name: self.rows(select(func.count()).select_from(table))[0][0] for table in tables}

    def move(self, later: timedelta) -> None:
        """So much time passes."""
        at = self.engine.clock() + later
        self.engine.clock = lambda: at


@contextmanager
def opened(url: str, folder: Path, sandbox: Sandbox) -> Iterator[Filling]:
    """An engine on a database, at the instant of the demonstration."""
    database = Database(url)
    try:
        yield Filling(Engine(database, VirtualClock(folder / "clock", NOW), sandbox))
    finally:
        database.close()


@pytest.fixture(scope="session")
def filled_url(databases: Databases, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The URL of a filled database that nobody is in, and what filling it gave and told."""
    folder = tmp_path_factory.mktemp("demonstration")
    with databases.fresh(folder) as url:
        with opened(url, folder, sandbox) as filling:
            # a mail server that there isn't: nothing of a demonstration may ever ask for it
            handlers = replace(filling.engine.settings.handlers, smtp_url="smtp://127.0.0.1:9")
            filling.engine.settings = replace(filling.engine.settings, handlers=handlers)
            deploy_folder(filling.engine, ROOT / "workflows" / PACKAGE)
            filling.before = filling.counts()
            filling.filled = filling.fill()
        yield url, filling


@pytest.fixture
def shown(filled_url: Any, databases: Databases, sandbox: Sandbox, tmp_path: Path) -> Iterator[Filling]:
    """A copy of the filled database, to do with as one likes."""
    url, filling = filled_url
    with databases.fresh(tmp_path, copy_of=url) as copied, opened(copied, tmp_path, sandbox) as copy:
        copy.filled, copy.told, copy.before = filling.filled, filling.told, filling.before
        yield copy
