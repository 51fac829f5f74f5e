"""What is measured, and how: small and large installations take turns, so that a busy machine disturbs both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from web.cli.bench.pages.sites import Reader, Site

#: rounds that don't count: what is read once per process is read then
WARM = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that takes time; `of` gives what is done once, at a site for a reader, None where there is no such."""

    name: str
    of: Callable[[Site, Reader], Callable[[], None]]
    #: whose page it is: kinds of readers
    readers: tuple[str, ...]


def _page(place: Callable[[Reader], str]) -> Callable[[Site, Reader], Callable[[], None]]:
    return lambda _site, reader: lambda: reader.get(place(reader))


EVERYBODY = ("everything", "department", "customer")
STAFF = EVERYBODY[:2]
#: later ones are added here, under names that stay
MEASURES: tuple[Measure, ...] = (
    Measure("inbox", _page(lambda reader: "/inbox"), STAFF),
    Measure("list", _page(lambda reader: "/tickets"), EVERYBODY),
    Measure("search", _page(lambda reader: f"/tickets?text={reader.word}"), EVERYBODY),
    Measure("ticket", _page(lambda reader: f"/tickets/{reader.ticket}"), EVERYBODY),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure for one reader: milliseconds (median) and statements by number of tickets."""

    name: str
    reader: str
    milliseconds: dict[int, float]
    statements: dict[int, int]

    @property
    def ratio(self) -> float:
        """The largest against the smallest."""
        return self.milliseconds[max(self.milliseconds)] / self.milliseconds[min(self.milliseconds)]

    def to_json(self) -> dict[str, Any]:
        """With the numbers of tickets as keys."""
        return {
            "reader": self.reader,
            "milliseconds": {str(size): round(value, 2) for size, value in self.milliseconds.items()},
            "statements": {str(size): value for size, value in self.statements.items()},
            "ratio": round(self.ratio, 3),
        }


def measure(sites: Sequence[Site], rounds: int, tell: Callable[[str], None]) -> list[Measured]:
    """All measures at all sites."""
    found = []
    for each in MEASURES:
        for kind in each.readers:
            if any(kind not in site.readers for site in sites):
                continue
            tell(f"{each.name} ({kind})")
            works = {site.tickets: each.of(site, site.readers[kind]) for site in sites}
            found.append(Measured(each.name, kind, _times(works, rounds), _statements(sites, works)))
    return found


def _times(works: dict[int, Callable[[], None]], rounds: int) -> dict[int, float]:
    taken: dict[int, list[float]] = {size: [] for size in works}
    for number in range(WARM + rounds):
        for size, work in works.items():
            begun = time.perf_counter()
            work()
            if number >= WARM:
                taken[size].append((time.perf_counter() - begun) * 1_000)
    return {size: statistics.median(times) for size, times in taken.items()}


def _statements(sites: Sequence[Site], works: dict[int, Callable[[], None]]) -> dict[int, int]:
    return {site.tickets: site.statements(works[site.tickets]) for site in sites}
