"""What a command costs against its own statements alone; the two take turns, each on a copy of the same database."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, event

from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from web.cli.bench.engine.places import Place
from web.cli.bench.engine.workshop import Workshop, furnish, workshop

#: commands that don't count: what is read once per process is read then
WARM = 20
Statements = Sequence[tuple[Executable, Any]]
Command = Callable[[Workshop, int], object]


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians of one command, and of its statements through SQLAlchemy Core in one transaction of the same kind."""

    milliseconds: float
    bare_milliseconds: float
    statements: int
    commits: int

    @property
    def ratio(self) -> float:
        """How many times the statements' cost."""
        return self.milliseconds / self.bare_milliseconds


def completing(place: Place, sandbox: Sandbox, rounds: int) -> Compared:
    """Completing a user task that leads to the next one, both with a form and a boundary timer."""
    furnished = place.new("completing")
    furnish(furnished, sandbox, rounds + WARM)
    with workshop(furnished, sandbox) as made:
        todo = made.open_user_tasks()
    return _compare(place, furnished, sandbox, todo, lambda made, user_task_id: made.complete(user_task_id))


def opening(place: Place, sandbox: Sandbox, rounds: int) -> Compared:
    """Opening a ticket, up to its first user task."""
    furnished = place.new("opening")
    furnish(furnished, sandbox, WARM)
    return _compare(place, furnished, sandbox, range(rounds + WARM), lambda made, _number: made.open())


def _compare(place: Place, furnished: str, sandbox: Sandbox, todo: Sequence[int], command: Command) -> Compared:
    with ExitStack() as stack:
        told, timed, bare = (
            stack.enter_context(workshop(place.copy(furnished, name), sandbox)) for name in ("told", "timed", "bare")
        )
        recorded, commits = [], 0
        for one in todo:
            statements, committed = _recorded(told, command, one)
            recorded.append(statements)
            commits = max(commits, committed)
        times, bare_times = [], []
        for one, statements in zip(todo, recorded, strict=True):
            begun = time.perf_counter()
            command(timed, one)
            between = time.perf_counter()
            _replay(bare.engine.database, statements)
            times.append(between - begun)
            bare_times.append(time.perf_counter() - between)
    middle, bare_middle = (statistics.median(taken[WARM:]) * 1_000 for taken in (times, bare_times))
    return Compared(middle, bare_middle, max(map(len, recorded[WARM:])), commits)


def _recorded(made: Workshop, command: Command, one: int) -> tuple[Statements, int]:
    """The statements of a command with their values, and how often it committed."""
    statements: list[tuple[Executable, Any]] = []
    commits = 0

    def executed(_connection: Any, statement: Executable, several: Any, values: Any, _options: Any) -> None:
        statements.append((statement, list(several) or dict(values)))

    def committed(_connection: Any) -> None:
        nonlocal commits
        commits += 1

    sql = made.engine.database.sql
    event.listen(sql, "before_execute", executed)
    event.listen(sql, "commit", committed)
    try:
        command(made, one)
    finally:
        event.remove(sql, "before_execute", executed)
        event.remove(sql, "commit", committed)
    return statements, commits


def _replay(database: Database, statements: Statements) -> None:
    with database.begin() as tx:
        for statement, values in statements:
            result = tx.execute(statement, values)
            if result.returns_rows:
                result.all()
