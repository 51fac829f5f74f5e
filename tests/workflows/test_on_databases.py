"""The scenarios of all packages, played by the server's commands on both databases: all is as in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.commands.packages.folders import read_folder
from engine.domain.actors import SYSTEM
from engine.queries.packages.retelling import retold
from engine.spiff.expressions import Sandbox
from engine.spiff.scenarios import runner
from engine.spiff.scenarios.format import read_scenario
from engine.spiff.versions import PackageVersion, read_version
from engine.storage.database import Database
from tests.support.databases import Databases
from tests.support.stored_world import StoredWorld, carry_out

TESTS = Path(__file__).parents[1]
SCENARIOS = sorted([*TESTS.parent.glob("workflows/*/scenarios/*.yaml"), *TESTS.glob("**/scenarios/*.yaml")])
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def version_of(folder: Path) -> PackageVersion:
    return read_version(read_folder(folder))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox()
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def deployed(databases: Databases, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with all packages, that nobody is in."""
    with databases.fresh(tmp_path_factory.mktemp("deployed")) as url:
        database = Database(url)
        for folder in sorted({path.parents[1] for path in SCENARIOS}):
            deployments.deploy(Engine(database, lambda: BEGIN, sandbox), version_of(folder).files, SYSTEM, "folder")
        database.close()
        yield url


@pytest.fixture
def engine(databases: Databases, deployed: str, sandbox: Sandbox, tmp_path: Path) -> Iterator[Engine]:
    with databases.fresh(tmp_path, copy_of=deployed) as url:
        database = Database(url)
        yield Engine(database, lambda: BEGIN, sandbox)
        database.close()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_scenario(path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, problems = read_scenario(path.name, path.read_bytes())
    assert scenario is not None, problems
    version = version_of(path.parents[1])
    with monkeypatch.context() as stored:
        stored.setattr(runner, "open_world", lambda _version, *given: StoredWorld(engine, version, *given[:2]))
        stored.setattr(runner, "carry_out", carry_out)
        result = runner.run(version, scenario, engine.sandbox)
    assert [f"line {found.line}, {found.step}: {found.problem}" for found in result.differences] == []
    told = retold(engine, SYSTEM, 1)
    again = runner.run_file(version, path.name, told.content.encode(), engine.sandbox)
    assert (told.problem, again.differences) == ("", ())
    assert again.path == told.path == result.path


def test_there_are_scenarios_of_several_packages() -> None:
    assert len({path.parents[1] for path in SCENARIOS}) > 1
