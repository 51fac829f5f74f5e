"""An engine with the package that is measured on, its clerk, and what is done with them again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from engine.commands import tickets, user_tasks
from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.commands.people import accounts, tokens
from engine.domain.actors import SYSTEM, Actor, Membership
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.migrating import migrate
from engine.storage.tables import UserTask

FOLDER = Path(__file__).with_name("package")
PACKAGE, ROLE = "bench", "clerk"
NAME, EMAIL = "Clerk of the bench", "clerk@bench.example"
ANSWER = {"answer": "once more", "amount": 12}
#: the instant of everything that isn't measured against the real clock
NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)


@dataclass
class Workshop:
    """What measures work with."""

    engine: Engine
    clerk: Actor

    def open(self) -> int:
        """A new ticket's id."""
        return tickets.open(self.engine, self.clerk, PACKAGE, "A ticket", "Something is to be done.").ticket_id

    def complete(self, user_task_id: int) -> None:
        """Complete a user task with its form's data."""
        user_tasks.complete(self.engine, user_task_id, ANSWER, self.clerk)

    def open_user_tasks(self) -> list[int]:
        """Ids of all that are open, the oldest first."""
        with self.engine.database.read() as tx:
            statement = select(UserTask.id).where(UserTask.state == "open").order_by(UserTask.id)
            return list(tx.execute(statement).scalars())


def package_files(process: str = "steps") -> dict[str, bytes]:
    """The package; new tickets start `process`."""
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    settings = files["package.toml"].replace(b'process = "steps"', f'process = "{process}"'.encode())
    return {**files, "package.toml": settings}


def furnish(url: str, sandbox: Sandbox, count: int, process: str = "steps", now: datetime = NOW) -> None:
    """Fill an empty database: schema, package, clerk, and so many open tickets."""
    database = Database(url)
    migrate(database)
    engine = Engine(database, lambda: now, sandbox)
    deployments.deploy(engine, package_files(process), SYSTEM, "folder")
    clerk_id = accounts.create(engine, SYSTEM, email=EMAIL, name=NAME, kind="staff")
    accounts.set_memberships(engine, SYSTEM, clerk_id, PACKAGE, {ROLE: ()})
    with workshop(url, sandbox, lambda: now) as made:
        for _ in range(count):
            made.open()
    database.close()


@contextmanager
def workshop(url: str, sandbox: Sandbox, clock: Callable[[], datetime] = lambda: NOW) -> Iterator[Workshop]:
    """An engine on a furnished database."""
    database = Database(url)
    try:
        clerk = Actor(1, NAME, EMAIL, "staff", None, (Membership(PACKAGE, ROLE),))
        engine = Engine(database, clock, sandbox)
        yield Workshop(engine, clerk)
    finally:
        database.close()


def bearer_token(url: str, sandbox: Sandbox) -> str:
    """A token of the clerk's for real servers, and so by the real clock."""
    with workshop(url, sandbox, lambda: datetime.now(UTC)) as made:
        return tokens.create(made.engine, made.clerk).secret
