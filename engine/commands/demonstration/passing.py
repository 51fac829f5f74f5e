"""Virtual time for a few tickets: what is due of them is done in order, each thing at its own instant."""

from __future__ import annotations

import copy
from datetime import datetime

from engine.commands import messages, timers
from engine.commands.engine import Engine
from engine.commands.outbox import jobs, mails
from engine.commands.stepping import StepKept
from engine.storage import demonstration as store

#: rounds in which one instant may keep making work; more is an endless loop
MAX_ROUNDS = 1_000


class VirtualTime:
    """A clock that only this moves, an engine that goes by it, and the tickets that live by it: no others feel it."""

    def __init__(self, engine: Engine, start: datetime) -> None:
        self.now = start
        self.tickets: list[int] = []
        #: like the real one, with this clock
        self.engine = copy.copy(engine)
        self.engine.clock = lambda: self.now

    def pass_until(self, end: datetime) -> None:
        """Let time pass; it never goes back."""
        while (due := self._next(end)) is not None:
            self.now = max(self.now, due)
            self.settle()
        self.now = max(self.now, end)

    def settle(self) -> None:
        """Do all that is due at this instant, and what becomes due by it."""
        for _ in range(MAX_ROUNDS):
            if not self._round():
                return
        raise RuntimeError(f"Expected an end of what is due at {self.now}, but it goes on and on")

    def _next(self, end: datetime) -> datetime | None:
        if not self.tickets:
            return None
        with self.engine.database.read() as tx:
            return store.next_due(tx, self.tickets, end)

    def _round(self) -> bool:
        with self.engine.database.read() as tx:
            due = [
                *((self._fire, key) for key in store.due_timers(tx, self.tickets, self.now)),
                *((self._deliver, key) for key in store.due_messages(tx, self.tickets, self.now)),
                *((self._do_mail if job.type == "mail" else self._do, job.id)
                  for job in store.due_jobs(tx, self.tickets, self.now)),
            ]  # fmt: skip
        for do, key in due:
            do(key)
        return bool(due)

    def _fire(self, timer_id: str) -> None:
        timers.fire(self.engine, timer_id)

    def _deliver(self, message_id: str) -> None:
        try:
            messages.deliver(self.engine, message_id)
        except StepKept:
            return  # the incident has it

    def _do_mail(self, job_id: str) -> None:
        mails.prepare(self.engine, job_id)

    def _do(self, job_id: str) -> None:
        """Nothing of a demonstration goes outside: a job is done at once, without a result, as in scenarios."""
        jobs.complete(self.engine, job_id, {})
