"""Workers' signs of life. What they do for others is commands of its own; these stand in no journal."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from engine.commands.engine import Engine
from engine.storage.operations import workers

log = logging.getLogger(__name__)

#: how often a worker says that it looks
BEAT = timedelta(seconds=5)
#: whoever was killed leaves a row; after so long it is forgotten
FORGOTTEN = timedelta(days=1)


class Heart:
    """One worker's signs of life."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        #: tells this worker from others, on this machine and elsewhere
        self.id = f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._began: datetime | None = None
        #: the last beat: by the clock of commands, and by the machine's
        self._last: tuple[datetime, float] | None = None

    def beat(self) -> None:
        """Say that the worker looks just now, every few seconds; where the clock of commands jumped, at once."""
        now, monotonic = self._engine.clock(), time.monotonic()
        if self._last and abs(now - self._last[0]) < BEAT and monotonic - self._last[1] < BEAT.total_seconds():
            return
        self._began = self._began or now
        with self._engine.database.begin() as tx:
            workers.beat(tx, self.id, self._began, now)
        self._last = (now, monotonic)

    def stop(self) -> None:
        """The worker ends in order. Where the database is away, its last sign of life grows old instead."""
        if self._last is None:
            return
        try:
            with self._engine.database.begin() as tx:
                workers.leave(tx, self.id)
        except SQLAlchemyError as error:
            log.warning("couldn't say that the worker ends: %s", error)


def forget(engine: Engine) -> None:
    """Forget the workers that ended without a word."""
    with engine.database.begin() as tx:
        workers.forget(tx, engine.clock() - FORGOTTEN)
