"""What running a package's scenarios gave: for people as text, for programs as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from engine.spiff.scenarios.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Difference:
    """Something was not as the scenario says."""

    #: which step, as people count: "step 4 (complete check)"
    step: str
    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one scenario gave."""

    file: str
    title: str
    differences: tuple[Difference, ...] = ()
    #: elements entered, in order
    path: tuple[str, ...] = ()
    #: (process, element or flow) for all that was entered and taken
    taken: frozenset[tuple[str, str]] = frozenset()

    @property
    def ok(self) -> bool:
        """Whether nothing differed."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Report:
    """What all scenarios of a package gave."""

    results: tuple[Result, ...]
    coverage: Coverage

    @property
    def ok(self) -> bool:
        """Whether nothing differed anywhere; what isn't covered is told, and is no failure."""
        return all(result.ok for result in self.results)

    def text(self) -> str:
        """The report in words."""
        return "\n".join([*self._results(), "", *self._coverage()]) + "\n"

    def to_json(self) -> dict[str, Any]:
        """The report as `iter test --json` prints it."""
        coverage = self.coverage
        return {
            "ok": self.ok,
            "scenarios": [
                {
                    "file": result.file,
                    "title": result.title,
                    "ok": result.ok,
                    "differences": [asdict(difference) for difference in result.differences],
                    "path": list(result.path),
                }
                for result in self.results
            ],
            "coverage": {
                "elements": {"covered": coverage.covered("element"), "total": coverage.elements},
                "flows": {"covered": coverage.covered("flow"), "total": coverage.flows},
                "missing": [asdict(missing) for missing in coverage.missing],
            },
        }

    def _results(self) -> Iterator[str]:
        for result in self.results:
            yield f"{'ok    ' if result.ok else 'FAILED'}  {result.file}  {result.title}".rstrip()
            for difference in result.differences:
                yield f"        {difference.step}, line {difference.line}: {difference.problem}"
        failed = sum(not result.ok for result in self.results)
        yield f"{len(self.results)} scenarios, {failed} failed."

    def _coverage(self) -> Iterator[str]:
        coverage = self.coverage
        yield (
            f"Covered: {coverage.covered('element')} of {coverage.elements} elements, "
            f"{coverage.covered('flow')} of {coverage.flows} sequence flows."
        )
        for file, missing in groupby(coverage.missing, key=lambda one: one.file):
            yield f"No scenario takes, in {file}:"
            for one in missing:
                yield f"        {one.kind} {one.id}, line {one.line}: {one.label}"
