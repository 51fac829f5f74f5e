"""Opens and ends a command's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.commands.engine import Engine
from engine.commands.stepping.failures import record_failure
from engine.commands.stepping.work import Work
from engine.domain.actors import Actor
from engine.domain.errors import CorruptState, StepFailed


@contextmanager
def working(engine: Engine, actor: Actor, command: str) -> Iterator[Work]:
    """A command's transaction: commits at the end, rolls back on an exception.

    Where a step failed, the incident is recorded in a second transaction, and `StepKept` is raised instead.
    """
    work: Work | None = None
    try:
        with engine.database.begin() as tx:
            work = Work(engine, tx, actor, command, engine.clock())
            yield work
            work.finish()
    except (StepFailed, CorruptState) as failure:
        if work is None:
            raise
        raise record_failure(work, failure) from failure
