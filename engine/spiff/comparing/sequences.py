"""What two sequences have in common and in order, in n log n steps whatever stands in them; names for their entries."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

_Item = TypeVar("_Item", bound=Hashable)


class Names:
    """Names that are each given once: what has one that was given before gets a number, `a (2)`."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._times: Counter[str] = Counter()

    def own(self, name: str) -> str:
        """The name, or the name with the first number that makes it another."""
        found = name
        while found in self._given:
            self._times[name] += 1
            found = f"{name} ({self._times[name] + 1})"
        self._given.add(found)
        return found


def out_of_order(before: Iterable[Hashable], after: Iterable[Hashable]) -> set[Hashable]:
    """Of what is in both (each once), the least that has to be moved to get from one order to the other."""
    places = {item: place for place, item in enumerate(before)}
    common = [item for item in after if item in places]
    kept = {common[position] for position in _longest_rising([places[item] for item in common])}
    return {item for item in common if item not in kept}


def matched(
    before: Iterable[_Item], after: Iterable[_Item], *keys: Callable[[_Item], Hashable | None]
) -> dict[_Item, _Item]:
    """By the newer one, the older one that it was: with the same first key, else the same second one, and so on.

    What has the same key is matched in its order; what has None by a key isn't matched by it.
    """
    twins: dict[_Item, _Item] = {}
    for key in keys:
        taken = set(twins.values())
        waiting: dict[Hashable, deque[_Item]] = {}
        for item in before:
            if item not in taken and (known := key(item)) is not None:
                waiting.setdefault(known, deque()).append(item)
        twins |= {item: queue.popleft() for item in after if item not in twins and (queue := waiting.get(key(item)))}
    return twins


def matching(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of what is the same on both sides and in order: what is there once on each, with equal neighbours."""
    found: list[tuple[int, int]] = []
    start = (0, 0)
    for anchor in (*_anchors(before, after), (len(before), len(after))):
        found += _gap(before, after, start, anchor)
        if anchor[0] < len(before):
            found.append(anchor)
        start = (anchor[0] + 1, anchor[1] + 1)
    return found


def _anchors(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    counts, others = Counter(before), Counter(after)
    places = {item: place for place, item in enumerate(after) if others[item] == 1}
    pairs = [(i, places[item]) for i, item in enumerate(before) if counts[item] == 1 and item in places]
    return (pairs[position] for position in _longest_rising([pair[1] for pair in pairs]))


def _gap(
    before: Sequence[str], after: Sequence[str], start: tuple[int, int], end: tuple[int, int]
) -> list[tuple[int, int]]:
    """What is the same at the beginning and at the end of a stretch."""
    (i, j), (last_i, last_j) = start, end
    first: list[tuple[int, int]] = []
    while i < last_i and j < last_j and before[i] == after[j]:
        first.append((i, j))
        i, j = i + 1, j + 1
    last: list[tuple[int, int]] = []
    while i < last_i and j < last_j and before[last_i - 1] == after[last_j - 1]:
        last_i, last_j = last_i - 1, last_j - 1
        last.append((last_i, last_j))
    return [*first, *reversed(last)]


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The positions of a longest rising subsequence; no number stands there twice."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for position, number in enumerate(numbers):
        at = bisect_left(tails, number)
        previous.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [position]
    found = []
    position = ends[-1] if ends else -1
    while position >= 0:
        found.append(position)
        position = previous[position]
    return found[::-1]
