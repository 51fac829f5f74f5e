"""Whatever moment the server is killed at: after the next start the timer has fired once and the mail goes out once."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.tables import Job, JournalEntry, Mail, Ticket, Timer, UserTask
from tests.support.clock import VirtualClock
from tests.support.databases import Databases
from tests.support.processes import Served
from tests.support.smtp import SmtpServer
from tests.support.workshop import write_workshop

#: the points, and the how-manieth time; in the order of the ticket's life
POINTS = [
    ("idempotency.run before commit", 1),  # opening the ticket
    ("idempotency.run after commit", 1),
    ("timers.fire before commit", 1),
    ("timers.fire after commit", 1),
    ("jobs.take before commit", 1),
    ("jobs.take after commit", 1),
    ("mails.prepare before commit", 1),
    ("mails.prepare after commit", 1),
    ("mails.take before commit", 1),
    ("mails.take after commit", 1),
    ("mail before sending", 1),
    ("mail after acceptance", 1),
    ("mails.sent before commit", 1),
    ("mails.sent after commit", 1),
    ("mails.fail before commit", 1),  # the mail server refuses the first attempt
    ("mails.fail after commit", 1),
    ("idempotency.run before commit", 2),  # claiming the user task
    ("idempotency.run after commit", 2),
    ("idempotency.run before commit", 3),  # completing it
    ("idempotency.run after commit", 3),
]
#: where several timers are due at once
TOGETHER = ["timers.fire_together before commit", "timers.fire_together after commit"]
#: between the mail server's acceptance and our record of it: only there a mail may go out twice
MAY_REPEAT = {"mail after acceptance", "mails.sent before commit"}
FRIDAY = "2026-03-27T16:00+00:00"
REMINDER_DUE = "2026-03-28T11:00+00:00"


class Visitor:
    """A client that sends each request until it is answered, as good clients do: with one Idempotency-Key."""

    def __init__(self, served: Served, token: str) -> None:
        self._served, self._token = served, token

    def send(self, method: str, path: str, body: Any = None, seconds: float = 60) -> Any:
        """The answer's JSON. A server that dies meanwhile is started again, and lives."""
        key = {"Idempotency-Key": str(uuid4())} if method != "GET" else {}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                answer = self._served.request(method, f"/api/v1{path}", body, self._token, key)
            except OSError:
                revive(self._served)
                continue
            assert answer.status < 300, answer.body
            return answer.json if answer.body else None
        raise TimeoutError(f"{method} {path} wasn't answered: {self._served.output}")


def revive(served: Served) -> None:
    """Waits for the death that was arranged, and starts it again without one."""
    assert served.wait_for_exit() == -signal.SIGKILL
    served.dies_at = None
    served.start()


@dataclass(frozen=True)
class Beginning:
    """What every kill begins with: a database in which the first start has been, and what that start told."""

    database_url: str
    workflows: Path
    token: str


@pytest.fixture(scope="module")
def beginning(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beginning]:
    """The workshop's package deployed, accounts made; nobody is connected."""
    folder = tmp_path_factory.mktemp("beginning")
    workflows = write_workshop(folder / "workflows").parent
    with databases.fresh(folder) as url:
        clock = VirtualClock(folder / "clock", datetime.fromisoformat(FRIDAY))
        served = Served(folder, database_url=url, workflows=workflows, profile="test", test_clock=clock.path)
        try:
            served.start()
            token = served.printed(r"API token: (\S+)")
        finally:
            served.kill()
        yield Beginning(url, workflows, token)


@pytest.fixture
def database_url(databases: Databases, beginning: Beginning, tmp_path: Path) -> Iterator[str]:
    """A copy of that database, in place of an empty one."""
    with databases.fresh(tmp_path, copy_of=beginning.database_url) as url:
        yield url


@pytest.mark.parametrize(("point", "number"), POINTS, ids=lambda value: str(value).replace(" ", "-"))
def test_killed_at(
    point: str,
    number: int,
    beginning: Beginning,
    serve: Callable[..., Served],
    smtp: SmtpServer,
    clock: VirtualClock,
    database_url: str,
) -> None:
    clock.set(FRIDAY)
    if point.startswith("mails.fail"):
        smtp.fail("451 Try again later")
    served = serve(workflows=beginning.workflows)
    served.dies_at = (point, number)
    served.start()
    visitor = Visitor(served, beginning.token)
    ticket = visitor.send("POST", "/tickets", {"package": "workshop", "subject": "Squeaks"})
    clock.set(REMINDER_DUE)
    until_mails_are_done(served, clock, database_url)
    (task,) = visitor.send("GET", "/user-tasks")["items"]
    visitor.send("POST", f"/user-tasks/{task['id']}/claim")
    visitor.send("POST", f"/user-tasks/{task['id']}/complete", {"data": {"work_done": "New chain"}})
    assert served.dies_at is None, f"{point} wasn't passed: {served.output}"

    assert visitor.send("GET", f"/tickets/{ticket['id']}")["status"] == "ready"
    assert entered(database_url) == {"opened": 1, "mend": 1, "waiting_long": 1, "remind": 1, "reminded": 1, "ready": 1}
    assert rows(database_url, Ticket) == 1
    assert rows(database_url, Timer) == 0
    assert rows(database_url, UserTask) == 1
    ids = [mail.message_id for mail in smtp.mails]
    assert len(set(ids)) == 1
    assert len(ids) == 1 or (point in MAY_REPEAT and len(ids) == 2)


@pytest.mark.parametrize("point", TOGETHER, ids=lambda value: value.replace(" ", "-"))
def test_killed_while_timers_fire_together(
    point: str, beginning: Beginning, serve: Callable[..., Served], smtp: SmtpServer, clock: VirtualClock,
    database_url: str,
) -> None:  # fmt: skip
    clock.set(FRIDAY)
    served = serve(workflows=beginning.workflows)
    served.dies_at = (point, 1)
    served.start()
    visitor = Visitor(served, beginning.token)
    wanted = {"package": "workshop", "subject": "Squeaks"}
    tickets = [(visitor.send("POST", "/tickets", wanted)["id"],) for _ in range(3)]
    clock.set(REMINDER_DUE)
    until_mails_are_done(served, clock, database_url, count=3)
    assert served.dies_at is None, f"{point} wasn't passed: {served.output}"

    entries = select(JournalEntry.ticket_id).order_by(JournalEntry.ticket_id)
    fired = entries.where(JournalEntry.command == "timers.fire", JournalEntry.kind == "command")
    assert read(database_url, fired) == tickets
    for element in ("mend", "waiting_long", "remind", "reminded"):
        entered_it = entries.where(JournalEntry.kind == "element_entered", JournalEntry.element == element)
        assert read(database_url, entered_it) == tickets
    assert rows(database_url, Timer) == 0
    assert rows(database_url, UserTask) == 3
    assert len(smtp.mails) == len({mail.message_id for mail in smtp.mails}) == 3


def until_mails_are_done(
    served: Served, clock: VirtualClock, database_url: str, count: int = 1, seconds: float = 60
) -> None:
    """Revives the server if it dies; time goes on meanwhile, so that what was begun when it died is begun again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if served.has_ended():
            revive(served)
        states = read(database_url, select(Mail.state))
        if states == [("sent",)] * count and not read(database_url, select(Job.id).where(Job.state == "open")):
            return
        time.sleep(0.2)
        clock.advance(seconds=30)  # not faster: who is about to send it must do so before its lease is over
    raise TimeoutError(f"Not all mails were recorded as sent: {served.output}")


def entered(database_url: str) -> dict[str, int]:
    """How often each element was entered, by the journal."""
    found: dict[str, int] = {}
    for (element,) in read(database_url, select(JournalEntry.element).where(JournalEntry.kind == "element_entered")):
        found[element] = found.get(element, 0) + 1
    return found


def rows(database_url: str, table: Any) -> int:
    """How many rows a table has."""
    return len(read(database_url, select(table.id)))


def read(database_url: str, statement: Any) -> list[tuple[Any, ...]]:
    """What a query gives, in a connection of its own."""
    database = Database(database_url)
    try:
        with database.read() as connection:
            return [tuple(row) for row in connection.execute(statement)]
    finally:
        database.close()
