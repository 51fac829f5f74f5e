"""The first package at work, in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.commands.engine import Engine
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from tests.support.clock import VirtualClock
from tests.support.databases import Databases
from tests.support.office import Office, at

BEGUN = "2026-03-27 09:00"


@pytest.fixture(scope="session")
def furnished(databases: Databases, tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Office]:
    """A database with the package and its people, that tests copy: deploying takes seconds."""
    folder = tmp_path_factory.mktemp("office")
    clock = VirtualClock(folder / "clock", at(BEGUN))
    with databases.fresh(folder) as url:
        office = Office(Engine(Database(url), clock, sandbox), clock)
        office.furnish()
        office.database.close()
        yield office


@pytest.fixture
def office(
    databases: Databases, furnished: Office, tmp_path: Path, clock: VirtualClock, sandbox: Sandbox
) -> Iterator[Office]:
    """Everybody is there on a Friday morning, and no ticket yet."""
    clock.set(at(BEGUN))
    url = furnished.database.url.render_as_string(hide_password=False)
    with databases.fresh(tmp_path, copy_of=url) as copy:
        database = Database(copy)
        engine = Engine(database, clock, sandbox)
        engine.remember(1, furnished.engine.version(1))
        yield Office(engine, clock)
        database.close()
