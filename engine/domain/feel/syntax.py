"""What a FEEL text consists of: a closed syntax tree. Nothing else can be written, so nothing else can run.

Source: DMN 1.3, chapter 10.3. Conditions of forms and policies use the nodes up to `Not`; decisions use them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from engine.domain.feel.durations import Months

Operator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is written out: "a", 12.50, true, null, date("2026-03-27")."""

    value: str | Decimal | bool | date | datetime | time | timedelta | Months | None


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
class Between:
    """`a between b and c`"""

    value: Node
    low: Node
    high: Node


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


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b - c`: operators of one rank, from left to right. `-a` is `-1 * a`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A calculation as a unary test: a truth says whether the value passes, anything else must be equal to it.

    `about`: it reads `?`. A truth that doesn't is one to be equal to, if the value is a truth itself.
    """

    part: Node
    about: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """`if a then b else c`"""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Access:
    """`(…).name`: a value inside another one. A name's own path stands in `Name`."""

    value: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`list[2]`, `list[item > 3]`"""

    value: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`substring("abc", 2)`"""

    function: str
    arguments: tuple[Node, ...]


Condition = Comparison | Between | Among | All | Either | Not | Anything
Node = Constant | Name | Question | Items | Interval | Condition | Arithmetic | Asked | Choice | Access | Filter | Call
#: asks whether a name has a value: what stands in it needn't have one
IS_DEFINED = "is defined"


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under a node."""
    match node:
        case Items(parts) | All(parts) | Either(parts) | Call(_, parts):
            return parts
        case Interval(low, high):
            return (low, high)
        case Comparison(_, left, right):
            return (left, right)
        case Among(value, tests):
            return (value, *tests)
        case Not(part) | Access(part) | Asked(part):
            return (part,)
        case Arithmetic(first, rest):
            return (first, *(part for _, part in rest))
        case Choice(one, two, three) | Between(one, two, three):
            return (one, two, three)
        case Filter(value, condition):
            return (value, condition)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all under it."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(children(current))


def names_read(*roots: Node) -> frozenset[tuple[str, ...]]:
    """The names that must have a value, with what comes after a dot.

    Not those inside a list's filter, which may be names of its items, and not those asked for by `is defined`.
    """
    pending, found = list(roots), set[tuple[str, ...]]()
    optional = set[tuple[str, ...]]()
    while pending:
        match pending.pop():
            case Name(path):
                found.add(path)
            case Filter(value):
                pending.append(value)
            case Call(function, arguments) if function == IS_DEFINED:
                optional.update(node.path for node in arguments if isinstance(node, Name))
            case node:
                pending.extend(children(node))
    return frozenset(found - optional)
