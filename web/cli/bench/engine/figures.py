"""All figures of the engine in one run, by their names, and which of them are beyond their limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from engine.spiff.expressions import Sandbox
from web.cli.bench.engine import completions, loops, parsing, places, steps, timers
from web.cli.bench.engine.places import Place

#: figure → the most that it may be; or the least, for those per second
LIMITS: Mapping[str, float] = {
    "step_vs_bare.sqlite": 2.5, "step_vs_bare.postgresql": 2.5, "open_vs_bare": 3, "statements_per_step": 10,
    "commits_per_step": 1, "loop_growth.time": 1.1, "loop_growth.bytes": 1.1, "loop_growth.statements": 1.1,
    "timers_per_second": 500, "timers_read_p95_ms": 500, "poll_growth": 1.2, "parse_300_ms": 300, "cached_300_ms": 1,
}  # fmt: skip
#: what is measured → how often; `scale` makes all of it smaller, for a first look
STEPS, TURNS, LOOKS, READINGS, TIMERS, COMPLETIONS = 300, 100, 20, 15, 10_000, 4_000


@dataclass
class Measuring:
    """One run: where, how large, and whom to tell how far it is."""

    places: Mapping[str, Place]
    sandbox: Sandbox
    tell: Callable[[str], None]
    scale: float = 1.0
    found: dict[str, Any] = field(default_factory=dict)

    def many(self, number: int) -> int:
        """So many, made smaller."""
        return max(3, round(number * self.scale))

    def step(self) -> None:
        """Completing a user task, on each database."""
        compared = {kind: steps.completing(place, self.sandbox, self.many(STEPS)) for kind, place in self._each("step")}
        self.found["step_vs_bare"] = {kind: one.ratio for kind, one in compared.items()}
        self.found["step_ms"] = {kind: one.milliseconds for kind, one in compared.items()}
        self.found["statements_per_step"] = max(one.statements for one in compared.values())
        self.found["commits_per_step"] = max(one.commits for one in compared.values())

    def open(self) -> None:
        """Opening a ticket; the worse of the databases."""
        compared = {kind: steps.opening(place, self.sandbox, self.many(STEPS)) for kind, place in self._each("open")}
        self.found["open_vs_bare"] = max(one.ratio for one in compared.values())
        self.found["open_ms"] = {kind: one.milliseconds for kind, one in compared.items()}

    def loop(self) -> None:
        """A loop's ten thousandth turn."""
        growth = loops.loop_growth(self.places["sqlite"], self.sandbox, self.many(TURNS), self.tell)
        self.found["loop_growth"] = {"time": growth.time, "bytes": growth.bytes, "statements": growth.statements}

    def timers(self) -> None:
        """Firing and looking for what is due."""
        self.tell("timers due at once")
        fired = timers.firing(self.places["sqlite"], self.sandbox, self.many(TIMERS))
        self.found["timers_per_second"] = fired.per_second
        self.found["timers_read_p95_ms"] = fired.read_p95_ms
        self.found.setdefault("peak_mb", {})["worker"] = fired.peak_mb
        looks = [timers.poll_growth(place, self.sandbox, self.many(LOOKS)) for _, place in self._each("poll")]
        self.found["poll_growth"] = max(looks)

    def parse(self) -> None:
        """Reading a diagram."""
        self.tell("parse")
        read, cached = parsing.parsing(self.places["sqlite"], self.sandbox, self.many(READINGS))
        self.found["parse_300_ms"], self.found["cached_300_ms"] = read, cached

    def http(self) -> None:
        """Completions over HTTP, where there is a PostgreSQL server."""
        place = self.places.get("postgresql")
        if place is None:
            return
        self.tell("completions over HTTP")
        served = completions.over_http(place, self.sandbox, self.many(COMPLETIONS))
        self.found["http_completions_per_second"] = served.completions_per_second
        self.found.setdefault("peak_mb", {})["web"] = served.peak_mb

    def _each(self, what: str) -> list[tuple[str, Place]]:
        self.tell(what)
        return list(self.places.items())


#: what can be measured by itself
PARTS: Mapping[str, Callable[[Measuring], None]] = {
    "step": Measuring.step, "open": Measuring.open, "loop": Measuring.loop, "timers": Measuring.timers,
    "parse": Measuring.parse, "http": Measuring.http,
}  # fmt: skip


def measure(parts: tuple[str, ...], postgresql: str, scale: float, tell: Callable[[str], None]) -> dict[str, Any]:
    """The figures of some parts: {name: number, or {name: number}}."""
    sandbox = Sandbox(time.monotonic)
    try:
        with ExitStack() as stack:
            there: dict[str, Place] = {"sqlite": stack.enter_context(places.files())}
            if postgresql:
                there["postgresql"] = stack.enter_context(places.server(postgresql))
            run = Measuring(there, sandbox, tell, scale)
            for part in parts:
                PARTS[part](run)
            return run.found
    finally:
        sandbox.close()


def flat(found: Mapping[str, Any]) -> dict[str, float]:
    """The figures under names with dots, as limits name them."""
    told: dict[str, float] = {}
    for name, value in found.items():
        told |= {f"{name}.{part}": one for part, one in value.items()} if isinstance(value, Mapping) else {name: value}
    return told


def beyond(found: Mapping[str, Any]) -> list[str]:
    """The names of the figures that are beyond their limits."""
    figures = flat(found)
    return [
        name
        for name, limit in LIMITS.items()
        if name in figures and (figures[name] < limit if name.endswith("_per_second") else figures[name] > limit)
    ]
