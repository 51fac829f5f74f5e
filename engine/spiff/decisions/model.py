"""Decisions and what they decide. How they are read from a file is `reading`'s business."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import Any, Literal

from engine.domain.errors import Invalid, IterError
from engine.domain.feel import Expression, Run, Tests
from engine.domain.feel.durations import Months
from engine.domain.feel.syntax import Among, Node, Question, names_read
from engine.domain.said import said
from engine.spiff.decisions.cells import Cell, json_value
from engine.spiff.decisions.hits import answer, check_allowed

HitPolicy = Literal["U", "A", "P", "F", "R", "O", "C"]
Aggregation = Literal["", "+", "<", ">", "#"]
#: by the names that a file gives them
HIT_POLICIES: dict[str, HitPolicy] = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}

#: values that have parts without being records
_WITH_PARTS = (list, tuple, date, time, timedelta, Months)
#: nodes and values looked at for one answer, in all cells and required decisions together, and for each cell more
MAX_STEPS, STEPS_OF_A_CELL = 50_000, 20


class DecisionFailed(IterError):
    """A decision gave no answer: it contradicts itself, or a value that it asks for isn't there."""

    code = "decision-failed"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Input:
    """A column that asks: `expression` is the name of a variable, or FEEL."""

    id: str
    label: str
    expression: Expression
    #: what the value must be, where the column lists its values; null always may
    allowed: Tests | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A column that answers."""

    id: str
    label: str
    name: str
    #: as the modeler writes it (`string`, `number`, …), empty for any
    type: str = ""
    #: the column's values, where it lists them; for P and O the first counts most
    allowed: Tests | None = None
    #: what it answers where no rule matches
    default: Cell | None = None

    @property
    def order(self) -> tuple[Tests, ...]:
        """A test for each of the listed values."""
        root = self.allowed.root if self.allowed else None
        return tuple(Tests("", Among(Question(), (test,))) for test in (root.tests if isinstance(root, Among) else ()))


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test per input, a cell per output."""

    id: str
    #: 1-based, as the modeler shows it
    number: int
    tests: tuple[Tests, ...]
    cells: tuple[Cell, ...]
    line: int = 0

    def matches(self, asked: tuple[Any, ...], names: Mapping[str, Any], run: Run) -> bool:
        """Whether every value passes its test."""
        return all(test.matches(value, names, run) for test, value in zip(self.tests, asked, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. Hit policies: U one rule, A agreeing rules, P by priority, F the first; lists: R, O, C."""

    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    #: what C makes of the values: + their sum, < the least, > the greatest, # how many
    aggregation: Aggregation = ""

    @property
    def collects(self) -> bool:
        """Whether it answers with a list of rows."""
        return self.hit_policy in ("R", "O", "C") and not self.aggregation

    @property
    def size(self) -> int:
        """How many cells it has."""
        return len(self.rules) * (len(self.inputs) + len(self.outputs))

    def result(self, names: Mapping[str, Any], run: Run) -> Any:
        """Its answer as FEEL values; raises Invalid."""
        asked = tuple(item.expression.evaluate(names, run) for item in self.inputs)
        for item, value in zip(self.inputs, asked, strict=True):
            check_allowed(item, value, run)
        matching = (rule for rule in self.rules if rule.matches(asked, names, run))
        return answer(self, list(islice(matching, 1 if self.hit_policy == "F" else None)), names, run)

    def roots(self) -> Iterator[Node]:
        """The trees of all that it evaluates."""
        for item in self.inputs:
            yield item.expression.root
        for rule in self.rules:
            yield from (test.root for test in rule.tests)
            yield from (cell.expression.root for cell in rule.cells)
        yield from (output.default.expression.root for output in self.outputs if output.default)


@dataclass(frozen=True, slots=True)
class Formula:
    """A literal expression: one cell and no rules. It answers under one name."""

    cell: Cell
    outputs: tuple[Output, ...]
    collects: bool = False
    size: int = 1

    def result(self, names: Mapping[str, Any], run: Run) -> Any:
        """Its value; raises Invalid."""
        return self.cell.value(names, run)

    def roots(self) -> Iterator[Node]:
        """The tree that it evaluates."""
        yield self.cell.expression.root


@dataclass(frozen=True)
class Decision:
    """A decision of a file: its logic, and the decisions that it needs, in the order in which they are made."""

    id: str
    name: str
    file: str
    line: int
    logic: Table | Formula
    required: tuple[Decision, ...] = ()
    #: by which others name its answer, beside its id
    aliases: tuple[str, ...] = ()

    def decide(self, names: Mapping[str, Any], now: datetime | None = None) -> Any:
        """The answer, as JSON: the value of the single output, or a dict of all; a list for R, O and C.

        It is None where no rule matches and no default is given. `now` is what now() and today() mean.
        Raises DecisionFailed when rules contradict one another, a name has no value, or a result can't be had.
        """
        steps = MAX_STEPS + STEPS_OF_A_CELL * sum(one.logic.size for one in (self, *self.required))
        run = Run(now, steps, steps)
        known = dict(names)
        for decision in self.required:
            known |= dict.fromkeys((decision.id, *decision.aliases), decision._answer(known, run))
        return self._answer(known, run, json_value)

    @property
    def title(self) -> str:
        """What it is called, or its id."""
        return self.name or self.id

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The columns that answer."""
        return self.logic.outputs

    @property
    def collects(self) -> bool:
        """Whether it answers with a list."""
        return self.logic.collects

    @cached_property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """All names that must have a value, with what comes after a dot."""
        return names_read(*self.logic.roots())

    @property
    def names(self) -> frozenset[str]:
        """The names that it reads, without what comes after a dot."""
        return frozenset(path[0] for path in self.paths)

    def _answer(self, names: Mapping[str, Any], run: Run, made: Callable[[Any], Any] = lambda value: value) -> Any:
        self._require(names)
        try:
            return made(self.logic.result(names, run))
        except Invalid as error:
            raise DecisionFailed(
                said("The decision '{title}' can't be evaluated: {error}", title=self.title, error=str(error))
            ) from None
        except RecursionError:
            raise DecisionFailed(
                said("The values that the decision '{title}' asks for are nested too deep.", title=self.title)
            ) from None

    def _require(self, names: Mapping[str, Any]) -> None:
        for path in sorted(self.paths):
            if _is_missing(path, names):
                name = ".".join(path)
                raise DecisionFailed(
                    said(
                        "The decision '{title}' asks for '{name}', which has no value here.",
                        title=self.title,
                        name=name,
                    )
                )


def _is_missing(path: tuple[str, ...], names: Mapping[str, Any]) -> bool:
    """Whether a name leads nowhere. Going on from an empty value, a list or a date is fine: FEEL says what that is."""
    value: Any = names
    for name in path:
        if value is None or isinstance(value, _WITH_PARTS):
            return False
        if not isinstance(value, Mapping) or name not in value:
            return True
        value = value[name]
    return False
