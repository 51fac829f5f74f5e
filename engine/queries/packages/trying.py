"""Runs a package's scenarios for who may deploy: of a version, or of files that aren't deployed yet.

Nothing is stored. One that went as expected isn't run again while neither it nor the package around it changes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.packages.checks import require_deployer
from engine.queries.packages.contents import of_version
from engine.queries.reading import Source
from engine.spiff.expressions import Sandbox
from engine.spiff.scenarios import Report, Result, report_on, run_file, scenarios_in
from engine.spiff.versions import PackageVersion, content_hash, read_version

#: results that are kept in a process
_KEPT = 512
_keeping = threading.Lock()
#: (hash of the package without its scenarios, hash of the scenario with its path) → what came of it
_went: dict[tuple[str, str], Result] = {}


@dataclass(frozen=True, slots=True)
class Trial:
    """A package that was read, with its scenarios by their paths."""

    version: PackageVersion
    scenarios: Mapping[str, bytes]
    #: of everything but the scenarios
    hash: str

    def run(self, path: str) -> Result:
        """Run one scenario, at most some twenty seconds. Raises `NotFound`."""
        if path not in self.scenarios:
            raise NotFound(said("There is no such file."))
        key = (self.hash, content_hash({path: self.scenarios[path]}))
        result = _went.get(key) or run_file(self.version, path, self.scenarios[path], sandbox())
        if result.ok:  # another may have been ended by the clock alone
            _keep(key, result)
        return result

    def each(self) -> Iterator[Result]:
        """Run all, one after another: each when its result is asked for."""
        return map(self.run, sorted(self.scenarios))

    def report(self, results: Sequence[Result]) -> Report:
        """The results together, with what they cover."""
        return report_on(self.version, results)


def trial_of(engine: Source, actor: Actor, files: Mapping[str, bytes]) -> Trial:
    """What a draft's files are, ready to be run. Slow where the files but for the scenarios are new.

    Raises `Forbidden` for who deploys nothing, `Refused` with all problems of files that can't be deployed.
    """
    require_deployer(engine, actor)
    scenarios, key = scenarios_in(files), _hash_without_scenarios(files)
    return Trial(_read(_Files(key, files)), scenarios, key)


def trial_of_version(engine: Source, actor: Actor, package_id: str, number: int | None = None) -> Trial:
    """A deployed version, by default the one in force; for who may deploy the package. Raises `NotFound`."""
    version = of_version(engine, actor, package_id, number).version
    return Trial(version, scenarios_in(version.files), _hash_without_scenarios(version.files))


@cache
def sandbox() -> Sandbox:
    """A pool apart from the one that runs tickets: what is only tried keeps nobody waiting."""
    return Sandbox(time.monotonic)


@dataclass(frozen=True, slots=True)
class _Files:
    """Files that are the same where their hash is."""

    hash: str
    files: Mapping[str, bytes] = field(compare=False)


@lru_cache(maxsize=4)
def _read(files: _Files) -> PackageVersion:
    return read_version(files.files)


def _hash_without_scenarios(files: Mapping[str, bytes]) -> str:
    scenarios = scenarios_in(files)
    return content_hash({path: content for path, content in files.items() if path not in scenarios})


def _keep(key: tuple[str, str], result: Result) -> None:
    """The oldest go first."""
    with _keeping:
        _went[key] = result
        while len(_went) > _KEPT:
            del _went[next(iter(_went))]
