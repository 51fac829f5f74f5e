"""Fixtures that give tests the real parts: databases, a mail server, a clock, the product's processes."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support import economy
from tests.support.clock import VirtualClock
from tests.support.smtp import SmtpServer

# Machines that are busy are slow; and CI must say the same twice about the same code.
hypothesis.settings.register_profile("iter", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("iter")
economy.install()

TESTS = Path(__file__).parent
#: where browsers, processes or limits of seconds take part: real time passes there (decision 28)
REAL_TIME = [TESTS / name for name in ("browser", "integration", "workflows", "unit/spiff/hostile")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A machine of CI that stands still for seconds shows nothing about the code: there it is tried again, and told."""
    if "CI" not in os.environ:
        return
    for item in items:
        if any(folder in item.path.parents for folder in REAL_TIME):
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=2))


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory):
    """Fresh SQLite files, copied from a migrated one."""
    from tests.support.databases import SqliteDatabases

    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases():
    """Fresh databases of the session's own PostgreSQL cluster, copied from a migrated one."""
    from tests.support.databases import PostgresqlDatabases
    from tests.support.postgresql import running_cluster

    with running_cluster() as cluster:
        yield PostgresqlDatabases(cluster)


@pytest.fixture
def sqlite_url(sqlite_databases, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty SQLite database."""
    with sqlite_databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_databases, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty PostgreSQL database."""
    with postgresql_databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest):
    """Makes databases; what asks for it runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_databases")


@pytest.fixture
def database_url(databases, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database; the test runs once on each kind."""
    with databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str):
    """A `Database` on the test's own, migrated, empty database; the test runs once on each kind."""
    from engine.storage.database import Database

    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock(tmp_path: Path) -> VirtualClock:
    """A clock that stands still until the test moves it; its `path` suits ITER_TEST_CLOCK."""
    return VirtualClock(tmp_path / "clock")


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A listening SMTP server that keeps what it gets."""
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def serve(database_url: str, clock: VirtualClock, smtp: SmtpServer, tmp_path: Path) -> Iterator[Callable]:
    """Makes `Served`s on the test's database, clock and mail server: `serve(workflows=…).start()`.

    Settings that are given come before these. All that run are killed at the end.
    """
    from tests.support.processes import Served

    made: list[Served] = []

    def make(*arguments: str, **settings: str | int | Path) -> Served:
        defaults = {
            "database_url": database_url, "smtp_url": smtp.url, "profile": "test", "test_clock": clock.path,
        }  # fmt: skip
        made.append(Served(tmp_path, *arguments, **{**defaults, **settings}))
        return made[-1]

    yield make
    for served in made:
        served.kill()


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it for garbage, again and again, is for nothing."""
    gc.collect()
    gc.freeze()
