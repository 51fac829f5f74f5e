"""Slows down the guessing of passwords: each failure is counted before its password is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Row

from engine.commands.engine import Engine
from engine.domain.errors import Throttled
from engine.storage.people import tokens as store

#: failures that are free under each key; a whole address may hold an office, an account may be under attack
FREE = {"pair": 5, "address": 50, "email": 50}
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
#: after so long without an attempt all is forgotten
MEMORY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Throttle:
    """The attempts on one account from one network address."""

    engine: Engine
    email: str
    address: str

    @property
    def _keys(self) -> dict[str, int]:
        keys = {f"pair:{self.email} {self.address}": FREE["pair"], f"email:{self.email}": FREE["email"]}
        if self.address:
            keys[f"address:{self.address}"] = FREE["address"]
        return keys

    def count(self) -> None:
        """Count an attempt as failed, until `forgive`. Raises `Throttled` where there were too many."""
        now = self.engine.clock()
        with self.engine.database.begin() as tx:
            rows = store.attempts(tx, list(self._keys), now)
            wait = max((row.blocked_until - now for row in rows if row.blocked_until), default=timedelta())
            if wait <= timedelta():
                store.set_attempts(tx, [self._one_more(row, now) for row in rows])
        if wait > timedelta():
            raise Throttled("Too many attempts; wait a little.", retry_after=ceil(wait.total_seconds()))

    def forgive(self) -> None:
        """The password was right: the attempt was no failure, nor do earlier ones on this account count."""
        now = self.engine.clock()
        with self.engine.database.begin() as tx:
            rows = store.attempts(tx, list(self._keys), now)
            store.set_attempts(tx, [_forgiven(row) for row in rows])
            store.forget_attempts(tx, now - MEMORY)

    def _one_more(self, row: Row[Any], now: datetime) -> dict[str, Any]:
        failures = 1 if row.last_failed_at < now - MEMORY else row.failures + 1
        until = _blocked_until(failures - self._keys[row.key], now)
        return {"key": row.key, "failures": failures, "last_failed_at": now, "blocked_until": until}


def _forgiven(row: Row[Any]) -> dict[str, Any]:
    failures = max(row.failures - 1, 0) if row.key.startswith("address:") else 0
    return {"key": row.key, "failures": failures, "last_failed_at": row.last_failed_at, "blocked_until": None}


def _blocked_until(beyond: int, now: datetime) -> datetime | None:
    """After the free failures the waits double; the attempt that is just counted still takes place."""
    if beyond < 0:
        return None
    return now + min(FIRST_WAIT * (1 << min(beyond, 10)), LONGEST_WAIT)
