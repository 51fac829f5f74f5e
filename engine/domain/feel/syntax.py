"""What a FEEL text consists of: a closed syntax tree. Nothing else can be written, so nothing else can run.

Source: DMN 1.3, chapter 10.3; the part of it that decision tables and forms of ticket processes use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is written out: "a", 12.50, true, null, date("2026-03-27")."""

    value: str | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or a value inside one: `category`, `ticket.category`."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`?`: the value that a unary test is about."""


@dataclass(frozen=True, slots=True)
class Anything:
    """`-`: every value passes."""


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """`[1..5]`, `(1..5)`: with or without its ends."""

    low: Node
    high: Node
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b`"""

    operator: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among:
    """`value in (tests)`: the value passes one of the tests. A list of unary tests is one of these, about `?`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class All:
    """`a and b`"""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """`a or b`"""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`not(a)`"""

    part: Node


Node = Constant | Name | Question | Anything | Items | Interval | Comparison | Among | All | Either | Not


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under a node."""
    match node:
        case Items(parts) | All(parts) | Either(parts):
            return parts
        case Interval(low, high):
            return (low, high)
        case Comparison(_, left, right):
            return (left, right)
        case Among(value, tests):
            return (value, *tests)
        case Not(part):
            return (part,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all under it."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(children(current))
