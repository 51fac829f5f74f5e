"""Random diagrams as blocks inside one another: what `drawing` draws and `oracle` plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any


@dataclass
class Block:
    """A part of a diagram with one way in and one way out."""

    kind: str
    #: what chance decides in it: the branch taken, the branches (bits), the number of turns, whether it throws
    number: int
    kids: list[Block]
    id: str = ""

    def named(self, numbers: Iterator[int]) -> Block:
        self.id = f"{self.kind}{next(numbers)}"
        for kid in self.kids:
            kid.named(numbers)
        return self

    @property
    def chosen(self) -> list[int]:
        """The branches of an inclusive split; the last is its default."""
        last = len(self.kids) - 1
        return [n for n in range(last) if self.number >> n & 1] or [last]

    @property
    def odd(self) -> bool:
        return bool(self.number % 2)

    def variables(self) -> dict[str, Any]:
        mine = {f"v_{self.id}": self.chosen if self.kind == "or" else self.number}
        return mine | {name: value for kid in self.kids for name, value in kid.variables().items()}


LEAVES = ("task", "user", "race", "noisy", "throw", "throw", "stop", "many", "crowd")
SEVERAL = ("seq", "xor", "and", "and", "or", "try", "cut", "hand")
SINGLE = ("loop", "sub", "call", "late", "rows", "again", "cry", "rung", "each", "nag", "tick")
#: with a second kid that runs in place of the first
INSTEAD = ("try", "cut", "hand")


def grown(seed: int, leaves: int) -> Block:
    """A diagram of so many leaves; the same one for the same seed."""
    return _apart(_grown(Random(seed), leaves)).named(count(1))


def _apart(block: Block, within: bool = False) -> Block:
    """Instances see the same variables, so a loop that counts with one isn't drawn in several at once."""
    within = within or block.kind == "each"
    kind = "again" if within and block.kind == "loop" else block.kind
    return Block(kind, block.number, [_apart(kid, within) for kid in block.kids])


def _grown(chance: Random, leaves: int) -> Block:
    if leaves == 1:
        kind = chance.choice((*LEAVES, *SINGLE))
        return Block(kind, chance.randrange(4), [_grown(chance, 1)] if kind in SINGLE else [])
    kind = chance.choice((*SEVERAL, *SEVERAL, *SINGLE))
    if kind in SINGLE:
        return Block(kind, chance.randrange(4), [_grown(chance, leaves)])
    first = chance.randrange(1, leaves)
    parts = [first, leaves - first]
    if kind not in INSTEAD and parts[1] > 1:
        parts[1:] = [1, parts[1] - 1]
    return Block(kind, chance.randrange(4), [_grown(chance, part) for part in parts])
