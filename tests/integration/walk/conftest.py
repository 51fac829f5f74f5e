"""The world, once on each kind of database, and an application on it; for what changes it, a copy."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from engine.commands.engine import Engine
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from tests.integration.walk.walking import content
from tests.integration.walk.world import World, build
from tests.support.clock import VirtualClock
from tests.support.databases import Databases
from web.app import create_app
from web.settings import Settings


@pytest.fixture(scope="session")
def world(databases: Databases, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everything, to be looked at; nothing of it may change."""
    folder = tmp_path_factory.mktemp("walk")
    with databases.fresh(folder) as url:
        database = Database(url)
        clock = VirtualClock(folder / "clock")
        try:
            made = build(Engine(database, clock, sandbox), clock)
            made.content = content(made)
            yield made
        finally:
            database.close()


@pytest.fixture(scope="session")
def app(world: World) -> Flask:
    """The application on it."""
    return create_app(Settings(), world.engine)


@pytest.fixture
def own_world(world: World, databases: Databases, sandbox: Sandbox, tmp_path: Path) -> Iterator[World]:
    """A copy, to do with as one likes."""
    url = world.engine.database.sql.url.render_as_string(hide_password=False)
    world.engine.database.close()
    with databases.fresh(tmp_path, copy_of=url.replace("postgresql+psycopg", "postgresql")) as copied:
        database = Database(copied)
        other = copy.copy(world)
        other.engine = Engine(database, world.engine.clock, sandbox)
        try:
            yield other
        finally:
            database.close()
