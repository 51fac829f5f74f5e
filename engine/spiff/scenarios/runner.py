"""Runs scenarios: step by step, looking at what must be so, until one can't be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.domain.errors import IterError
from engine.domain.said import said
from engine.spiff.expressions import Sandbox
from engine.spiff.scenarios.coverage import cover
from engine.spiff.scenarios.expectations import Seen, differences
from engine.spiff.scenarios.format import Scenario, read_scenario, verb_of
from engine.spiff.scenarios.opening import open_world
from engine.spiff.scenarios.people import People
from engine.spiff.scenarios.plain_yaml import Path
from engine.spiff.scenarios.report import Difference, Report, Result
from engine.spiff.scenarios.steps import Stage, carry_out

if TYPE_CHECKING:
    from engine.spiff.versions import PackageVersion

FOLDER = "scenarios/"
#: seconds after which none of several scenarios is begun any more, where the sandbox's stopwatch goes
LONGEST_TOGETHER = 40
#: differences that are told of one scenario; after so many it goes no further
MAX_DIFFERENCES = 100


def run_package(
    version: PackageVersion, files: Mapping[str, bytes] | None = None, sandbox: Sandbox | None = None
) -> Report:
    """Run all scenarios of a package, or the files given, and tell what differed and what none of them covers."""
    own = sandbox or Sandbox()
    try:
        return report_on(version, list(run_each(version, own, files)))
    finally:
        if sandbox is None:
            own.close()


def run_each(version: PackageVersion, sandbox: Sandbox, files: Mapping[str, bytes] | None = None) -> Iterator[Result]:
    """Run all scenarios of a package, or the files given, by path: each when its result is asked for.

    Those whose turn comes too late aren't run, which is a difference of each.
    """
    chosen = scenarios_in(version.files) if files is None else files
    end = sandbox.stopwatch() + LONGEST_TOGETHER
    for path in sorted(chosen):
        late = sandbox.stopwatch() > end
        yield _not_run(path) if late else run_file(version, path, chosen[path], sandbox)


def _not_run(path: str) -> Result:
    problem = said("not run: those before it took longer than {seconds} seconds", seconds=LONGEST_TOGETHER)
    return Result(file=path, title="", differences=(Difference(said("opening"), 1, problem),))


def run_file(version: PackageVersion, path: str, content: bytes, sandbox: Sandbox) -> Result:
    """Run the scenario in a file; one that can't be read is a difference."""
    scenario, problems = read_scenario(path, content)
    if scenario is None:
        unread = tuple(Difference(said("file"), problem.line, problem.problem) for problem in problems)
        return Result(file=path, title="", differences=unread)
    return run(version, scenario, sandbox)


def scenarios_in(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of a package's files that are scenarios."""
    return {path: content for path, content in files.items() if path.startswith(FOLDER) and path.endswith(".yaml")}


def report_on(version: PackageVersion, results: Sequence[Result]) -> Report:
    """The results together, with what they cover."""
    taken = frozenset[tuple[str, str]]().union(*(result.taken for result in results))
    return Report(tuple(results), cover(version.definitions, taken))


def run(version: PackageVersion, scenario: Scenario, sandbox: Sandbox) -> Result:
    """Run one scenario."""
    running = _Running(scenario)
    stage: Stage | None = None
    try:
        people = People(version.package, scenario.data.get("given", {}).get("people", {}))
        stage = Stage(open_world(version, scenario, people, sandbox), people)
        if running.steps(stage, scenario.data.get("steps", []), ("steps",), ""):
            running.look(stage, scenario.data.get("expect", {}), ("expect",), said("end"))
    except IterError as error:
        running.differ(said("opening"), ("given",), str(error))
    happened = stage.world.happened if stage else None
    return Result(
        file=scenario.file,
        title=scenario.title,
        differences=tuple(running.found),
        path=tuple(happened.path) if happened else (),
        taken=frozenset(happened.taken) if happened else frozenset(),
    )


@dataclass
class _Running:
    scenario: Scenario
    seen: Seen = field(default_factory=Seen)
    found: list[Difference] = field(default_factory=list)

    def differ(self, step: str, path: Path, problem: str) -> None:
        """Note a difference."""
        self.found.append(Difference(step, self.scenario.line(path), problem))

    def steps(self, stage: Stage, steps: Sequence[Mapping[str, Any]], path: Path, before: str) -> bool:
        """Do the steps in order. Whether all could be done: after one that couldn't, the others mean nothing."""
        return all(self.step(stage, step, (*path, index), f"{before}{index + 1}") for index, step in enumerate(steps))

    def step(self, stage: Stage, step: Mapping[str, Any], path: Path, number: str) -> bool:
        """Do one step, and look at what must be so after it."""
        verb = verb_of(step)
        what = f"{verb} {step[verb]}" if isinstance(step[verb], str) else verb
        name = said("step {number} ({what})", number=number, what=what)
        try:
            stage.world.effort.spend()
            if verb == "repeat":
                for turn in range(step["repeat"]):
                    if not self.steps(stage, step["steps"], (*path, "steps"), f"{number}.{turn + 1}."):
                        return False
            else:
                carry_out(stage, verb, step)
        except IterError as error:
            self.differ(name, path, said("{problem}; the rest of the scenario was not run", problem=str(error)))
            return False
        self.look(stage, step.get("expect", {}), (*path, "expect"), name)
        return len(self.found) < MAX_DIFFERENCES

    def look(self, stage: Stage, expected: Mapping[str, Any], path: Path, name: str) -> None:
        """Compare, and note what differs."""
        try:
            found = differences(stage, self.seen, expected)
            for inner, problem in islice(found, MAX_DIFFERENCES - len(self.found)):
                self.differ(name, (*path, *inner), problem)
        except IterError as error:
            self.differ(name, path, str(error))
