"""The pool of sandboxed worker processes: code and values in, JSON text out. What the code says is not its business.

The pool starts when it is first used. A process that is forked afterwards can't use pydantic_monty any more (its
threads stay in the parent, and the child would wait for ever): it gets an error at once. Fork first, evaluate then.
A worker serves one session per evaluation, so nothing stays from one to the next.
"""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic_monty import Monty, MontyCrashedError, MontyRuntimeError, OSPolicy, ResourceLimits

from engine.spiff.expressions.failures import MEGABYTES, SECONDS

MAX_RECURSION = 100
#: seconds after the limit at which a worker that doesn't stop by itself is killed
_GRACE = 0.3
_CHECK_SECONDS = 10.0

_LIMITS = ResourceLimits(
    max_feed_duration_secs=SECONDS,
    max_memory=MEGABYTES * 1_000_000,
    max_recursion_depth=MAX_RECURSION,
    max_suspensions=20,
)
#: nothing of what is checked runs: what takes long is reading much
_CHECK_LIMITS = ResourceLimits(max_feed_duration_secs=_CHECK_SECONDS - 1, max_memory=256_000_000, max_suspensions=20)

_live: weakref.WeakSet[Workers] = weakref.WeakSet()
#: pools of a parent process, kept so that nothing in this one closes them
_inherited: list[Monty] = []


class Workers:
    """A pool of workers for evaluations, or one for the checks of a deployment, which must not wait for another."""

    def __init__(self, purpose: Literal["evaluation", "check"] = "evaluation") -> None:
        self._purpose = purpose
        self._lock = threading.Lock()
        self._pool: Monty | None = None
        _live.add(self)

    def run(self, code: str, values: Mapping[str, Any], now: datetime) -> Any:
        """What the code's last line gives; the clock stands at `now`. Raises errors of pydantic_monty.

        A worker that was killed, or gave up, without having had the processor is no fault of a diagram (the machine was
        busy with others, or stood still): it is tried once more.
        """
        before = _used_by_those_that_ended()
        try:
            return self._run(code, values, now)
        except (MontyCrashedError, TimeoutError):
            if _used_by_those_that_ended() - before > SECONDS / 2:
                raise
            return self._run(code, values, now)

    def _run(self, code: str, values: Mapping[str, Any], now: datetime) -> Any:
        with self._started().checkout(limits=_LIMITS, os_policy=_policy(now)) as session:
            before = _used_by(session.worker_pid)
            try:
                return session.feed_run(code, inputs=dict(values), print_callback=_silent)
            except MontyRuntimeError as error:
                late = isinstance(error.exception(), TimeoutError)
                if late and _used_by(session.worker_pid) - before < SECONDS / 2:
                    raise TimeoutError("the worker didn't have the processor") from error
                raise

    def check(self, code: str, *, types: bool) -> None:
        """Read the code, and check its types; raises MontyTypingError (with JSON) or MontySyntaxError."""
        pool = self._started()
        with pool.checkout(limits=_CHECK_LIMITS, type_check=types, type_check_format="json") as session:
            session.feed_run(code, print_callback=_silent)

    def close(self) -> None:
        """End the worker processes; the next use starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.__exit__(None, None, None)

    def _started(self) -> Monty:
        if _inherited:
            raise RuntimeError("Expressions were evaluated before this process was forked. Fork first.")
        with self._lock:
            if self._pool is None:
                timeout = SECONDS + _GRACE if self._purpose == "evaluation" else _CHECK_SECONDS
                self._pool = Monty(
                    min_processes=1,
                    max_processes=max(2, os.cpu_count() or 2),
                    checkout_timeout=_CHECK_SECONDS,
                    request_timeout=timeout,
                    feed_duration_limit_grace=_GRACE,
                ).__enter__()
            return self._pool

    def _forget(self) -> None:
        if self._pool is not None:
            _inherited.append(self._pool)
        self._pool, self._lock = None, threading.Lock()


def _policy(now: datetime) -> OSPolicy:
    policy = OSPolicy(datetime=now, sleep="zero", random_start={"seed": 0}, process_time="zero")
    if isinstance(now.tzinfo, ZoneInfo):
        policy["timezone"] = now.tzinfo.key
    return policy


def _used_by(worker: int | None) -> float:
    """Processor seconds of a worker that runs; 0 where the system doesn't tell."""
    try:
        told = Path(f"/proc/{worker}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _used_by_those_that_ended() -> float:
    """Processor seconds of the worker processes that ended."""
    times = os.times()
    return times.children_user + times.children_system


def _silent(_stream: str, _text: str) -> None:
    """What a script prints goes nowhere."""


def _after_fork() -> None:
    for workers in list(_live):
        workers._forget()


def _at_exit() -> None:
    for workers in list(_live):
        workers.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
