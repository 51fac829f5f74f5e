"""FEEL: conditions as forms and policies write them, and the whole of it that decisions may say. No `eval`.

    parse_unary_tests('"crm","site"').matches("crm")        -> True
    parse_expression('=kind = "a" and x != null').holds({"kind": "a", "x": 1})   -> True
    parse_calculation('if net > 100 then net * 1.22 else net').evaluate({"net": 50})   -> Decimal(50)

Names are plain (`category`) or dotted (`ticket.category`); a name that has no value is null. Comparing values of
different types gives null, and null is never a match (DMN 1.3, 10.3.2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.feel.calculations import Calculations
from engine.domain.feel.evaluation import evaluate
from engine.domain.feel.parser import Parser, read_expression, read_unary_tests
from engine.domain.feel.run import Run
from engine.domain.feel.syntax import Anything, Node, names_read
from engine.domain.feel.tokens import FeelError

__all__ = [
    "Expression",
    "FeelError",
    "Run",
    "Tests",
    "parse_calculation",
    "parse_cell",
    "parse_expression",
    "parse_unary_tests",
]

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Tests:
    """A cell of a decision table."""

    __test__ = False  # pytest takes classes called Test… for its own

    text: str
    root: Node

    def matches(self, value: Any, names: Mapping[str, Any] = _NOTHING, run: Run | None = None) -> bool:
        """Whether the value passes. `names` are what the cell may read beside it. Raises Invalid: too many steps."""
        return evaluate(self.root, names, value, run) is True

    @property
    def accepts_all(self) -> bool:
        """Whether it is `-`."""
        return isinstance(self.root, Anything)

    @property
    def names(self) -> frozenset[str]:
        """The names that it reads, without what comes after a dot."""
        return _names(self.root)


@dataclass(frozen=True, slots=True)
class Expression:
    """A value or a condition."""

    text: str
    root: Node

    def evaluate(self, names: Mapping[str, Any] = _NOTHING, run: Run | None = None) -> Any:
        """Its value: numbers as Decimal, conditions as True, False or None. Raises Invalid: too many steps."""
        return evaluate(self.root, names, run=run)

    def holds(self, names: Mapping[str, Any] = _NOTHING) -> bool:
        """Whether it is true (neither false nor null nor another value)."""
        return self.evaluate(names) is True

    @property
    def names(self) -> frozenset[str]:
        """The names that it reads, without what comes after a dot."""
        return _names(self.root)


def parse_unary_tests(text: str) -> Tests:
    """Read a cell without calculations; an empty one is `-`. Raises FeelError (with `problem` and `remedy`)."""
    return Tests(text, read_unary_tests(Parser(text)))


def parse_expression(text: str) -> Expression:
    """Read a condition, with or without form-js's leading `=`. Raises FeelError."""
    return Expression(text, read_expression(Parser(text)))


def parse_cell(text: str) -> Tests:
    """Read a decision's input cell: unary tests that may calculate. Raises FeelError."""
    return Tests(text, read_unary_tests(Calculations(text)))


def parse_calculation(text: str) -> Expression:
    """Read a decision's expression: all of FEEL that Iter runs. Raises FeelError."""
    return Expression(text, read_expression(Calculations(text)))


def _names(root: Node) -> frozenset[str]:
    return frozenset(path[0] for path in names_read(root))
