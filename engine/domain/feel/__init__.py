"""FEEL as decision tables and forms write it: unary tests and conditions. No functions, no arithmetic, no `eval`.

    parse_unary_tests('"crm","site"').matches("crm")        -> True
    parse_expression('=kind = "a" and x != null').holds({"kind": "a", "x": 1})   -> True

Names are plain (`category`) or dotted (`ticket.category`); a name that has no value is null. Comparing values of
different types gives null, and null is never a match (DMN 1.3, 10.3.2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.feel.evaluation import evaluate
from engine.domain.feel.parser import read_expression, read_unary_tests
from engine.domain.feel.syntax import Anything, Name, Node, walk
from engine.domain.feel.tokens import FeelError

__all__ = ["Expression", "FeelError", "Tests", "parse_expression", "parse_unary_tests"]

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Tests:
    """A cell of a decision table."""

    __test__ = False  # pytest takes classes called Test… for its own

    text: str
    root: Node

    def matches(self, value: Any, names: Mapping[str, Any] = _NOTHING) -> bool:
        """Whether the value passes. `names` are what the cell may read beside it. Raises Invalid: too many steps."""
        return evaluate(self.root, names, value) is True

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

    def evaluate(self, names: Mapping[str, Any] = _NOTHING) -> Any:
        """Its value: numbers as Decimal, conditions as True, False or None. Raises Invalid: too many steps."""
        return evaluate(self.root, names)

    def holds(self, names: Mapping[str, Any] = _NOTHING) -> bool:
        """Whether it is true (neither false nor null nor another value)."""
        return self.evaluate(names) is True

    @property
    def names(self) -> frozenset[str]:
        """The names that it reads, without what comes after a dot."""
        return _names(self.root)


def parse_unary_tests(text: str) -> Tests:
    """Read a cell; an empty one is `-`. Raises FeelError (an Invalid with `problem` and `remedy`)."""
    return Tests(text, read_unary_tests(text))


def parse_expression(text: str) -> Expression:
    """Read an expression, with or without form-js's leading `=`. Raises FeelError."""
    return Expression(text, read_expression(text))


def _names(root: Node) -> frozenset[str]:
    return frozenset(node.path[0] for node in walk(root) if isinstance(node, Name))
