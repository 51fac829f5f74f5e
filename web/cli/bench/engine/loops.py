"""Whether a process wears out: turn 10,000 of a loop against turn 10, of two tickets that take turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, func, select

from engine.spiff.expressions import Sandbox
from engine.storage.tables import Instance
from web.cli.bench.engine.places import Place
from web.cli.bench.engine.workshop import Workshop, furnish, workshop

EARLY, LATE = 10, 10_000


@dataclass(frozen=True, slots=True)
class Growth:
    """The late turn over the early one: medians of milliseconds, bytes of the stored state, statements."""

    time: float
    bytes: float
    statements: float
    milliseconds: tuple[float, float]


def loop_growth(place: Place, sandbox: Sandbox, rounds: int, tell: Callable[[str], None]) -> Growth:
    """Turns with a form, a boundary timer and a condition, as commands."""
    url = place.new("loop")
    furnish(url, sandbox, 2, "wheel")
    with workshop(url, sandbox) as made:
        old, young = made.open_user_tasks()
        for number in range(LATE):
            old = _turn(made, old)
            if number % 500 == 0:
                tell(f"turn {number} of {LATE}")
        for _ in range(EARLY):
            young = _turn(made, young)
        times: tuple[list[float], list[float]] = ([], [])
        bytes_, counts = _sizes(made), [0, 0]
        turning = [young, old]
        for _ in range(rounds):
            for which in (0, 1):
                begun = time.perf_counter()
                turning[which] = _turn(made, turning[which])
                times[which].append(time.perf_counter() - begun)
        for which in (0, 1):
            counts[which] = _statements(made, turning[which])
    early, late = (statistics.median(taken) * 1_000 for taken in times)
    return Growth(late / early, bytes_[1] / bytes_[0], counts[1] / counts[0], (early, late))


def _turn(made: Workshop, user_task_id: int) -> int:
    """Complete it; the user task of the next turn, which is always the newest."""
    made.complete(user_task_id)
    return max(made.open_user_tasks())


def _sizes(made: Workshop) -> list[int]:
    """Bytes of the states: the young ticket's, the old one's."""
    with made.engine.database.read() as tx:
        statement = select(func.length(Instance.state)).order_by(Instance.ticket_id.desc())
        return list(tx.execute(statement).scalars())


def _statements(made: Workshop, user_task_id: int) -> int:
    counted = 0

    def executed(*_: Any) -> None:
        nonlocal counted
        counted += 1

    event.listen(made.engine.database.sql, "before_execute", executed)
    try:
        made.complete(user_task_id)
    finally:
        event.remove(made.engine.database.sql, "before_execute", executed)
    return counted
