"""Runs an `iter` command in this process and kills it at a point: `python -m tests.support.killing POINT N serve`.

A point is `<module>.<function> before commit` or `… after commit`, of the command in `engine.commands` whose
transaction it is, `mail before sending` or `mail after acceptance`; N is the how-manieth time (from 1). The points
passed are printed, so that a test's log shows the way that was gone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.job_handlers import smtp
from engine.storage.database import Database

COMMANDS = "engine.commands."


class Executioner:
    """Counts the points that are passed, and kills this process at the chosen one."""

    def __init__(self, point: str, number: int) -> None:
        self._point, self._number = point, number
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def passing(self, point: str) -> None:
        """Called at every point."""
        with self._lock:
            self._passed[point] += 1
            sys.stderr.write(f"point: {point} ({self._passed[point]})\n")
            if point == self._point and self._passed[point] == self._number:
                os.kill(os.getpid(), signal.SIGKILL)


def command_in_progress() -> str:
    """The outermost command on this thread's stack: `timers.fire`; empty where none is."""
    found, frame = "", sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(COMMANDS):
            found = f"{module.rpartition('.')[2]}.{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
    return found


def watch(executioner: Executioner) -> None:
    """Puts the points around every writing transaction and every delivery of a mail."""
    begin, send = Database.begin, smtp.send

    @contextmanager
    def watched_begin(self: Database, *arguments: Any, **options: Any) -> Iterator[Any]:
        command = command_in_progress()
        outermost = self._running.get() is None
        with begin(self, *arguments, **options) as transaction:
            if outermost:
                self.after_commit(lambda: executioner.passing(f"{command} after commit"))
            yield transaction
            if outermost:
                executioner.passing(f"{command} before commit")

    def watched_send(*arguments: Any) -> None:
        executioner.passing("mail before sending")
        send(*arguments)
        executioner.passing("mail after acceptance")

    Database.begin = watched_begin  # type: ignore[method-assign]
    smtp.send = watched_send


def main() -> None:
    """Kill points first, then the command as its user would start it."""
    point, number, *arguments = sys.argv[1:]
    watch(Executioner(point, int(number)))
    from web.cli import main as iter_main

    iter_main(arguments)


if __name__ == "__main__":
    main()
