"""Timers: how many fire in a second when very many are due at once, and what looking for due ones costs."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from engine.commands import timers
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.tables import Instance, Timer
from web.cli.bench.engine import running
from web.cli.bench.engine.places import Place
from web.cli.bench.engine.workshop import NOW, bearer_token, furnish, workshop

FEW, MANY = 100, 100_000
#: seconds after which it is given up
LONGEST = 600.0


@dataclass(frozen=True, slots=True)
class Fired:
    """What one `iter worker` did, and how long reading the API took meanwhile (95th percentile)."""

    per_second: float
    read_p95_ms: float
    peak_mb: float


def firing(place: Place, sandbox: Sandbox, count: int) -> Fired:
    """So many timers, of as many tickets, are due when the worker starts."""
    url = place.new("timers")
    furnish(url, sandbox, count, now=datetime.now(UTC) - timedelta(hours=1, minutes=10))
    token = bearer_token(url, sandbox)
    reads: list[float] = []
    with running.web(url, 1) as served, _reading(served.port, token, reads), running.worker(url) as worker:
        seconds = _until_fired(url, count)
        return Fired(count / seconds, statistics.quantiles(reads, n=20)[-1], worker.peak_mb())


def _until_fired(url: str, count: int) -> float:
    """Seconds from the first look at which one has fired, to the one at which all have."""
    database = Database(url)
    begun, end = 0.0, time.monotonic() + LONGEST
    try:
        while left := _armed(database):
            now = time.monotonic()
            begun = begun or (now if left < count else 0.0)
            if now > end:
                raise RuntimeError(f"{left} of {count} timers haven't fired after {LONGEST} s.")
            time.sleep(0.02)
        return time.monotonic() - begun
    finally:
        database.close()


def _armed(database: Database) -> int:
    with database.read() as tx:
        return int(tx.execute(select(func.count()).select_from(Timer)).scalar_one())


@contextmanager
def _reading(port: int, token: str, reads: list[float]) -> Iterator[None]:
    """Somebody reads lists of tickets all the while, ten times a second."""
    over = threading.Event()

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not over.wait(0.1):
            begun = time.perf_counter()
            connection.request("GET", "/api/v1/tickets?limit=20", headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                reads.append((time.perf_counter() - begun) * 1_000)
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        over.set()
        reader.join()


def poll_growth(place: Place, sandbox: Sandbox, rounds: int) -> float:
    """Looking for due timers with 100,000 open against 100: medians, in turns."""
    urls = {count: place.new(f"open_{count}") for count in (FEW, MANY)}
    for count, url in urls.items():
        furnish(url, sandbox, 1)
        _arm(url, count - 1)
    taken: dict[int, list[float]] = {FEW: [], MANY: []}
    with workshop(urls[FEW], sandbox) as few, workshop(urls[MANY], sandbox) as many:
        for _ in range(rounds * 10):
            for count, made in ((FEW, few), (MANY, many)):
                begun = time.perf_counter()
                timers.due(made.engine)
                taken[count].append(time.perf_counter() - begun)
    return statistics.median(taken[MANY]) / statistics.median(taken[FEW])


def _arm(url: str, count: int) -> None:
    """More timers of the one instance, none of them due, and none with a token behind it: they are never fired."""
    database = Database(url)
    with database.begin() as tx:
        instance = tx.execute(select(Instance.id, Instance.ticket_id)).one()
        known = {"instance_id": instance.id, "ticket_id": instance.ticket_id, "element": "first_late"}
        tx.execute(insert(Timer), [
            {
                **known, "id": f"open:{number}", "token": 1_000 + number, "due": {}, "goal": "", "mark": "",
                "due_at": NOW + timedelta(hours=1, minutes=number),
            }
            for number in range(count)
        ])  # fmt: skip
    database.close()
