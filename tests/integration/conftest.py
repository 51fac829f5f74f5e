"""Fixtures for what works on a database: an engine with the desk's package and people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import tickets, user_tasks
from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.domain.actors import SYSTEM, Actor
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.tables import Base, UserTask
from tests.support.clock import VirtualClock
from tests.support.desk import CLERK, OWNER, add_people, desk_files


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One pool of workers for all tests."""
    pool = Sandbox()
    yield pool
    pool.close()


class Desk:
    """An engine with the desk's package, and what tests do and ask all the time."""

    def __init__(self, engine: Engine, clock: VirtualClock) -> None:
        self.engine, self.clock, self.database = engine, clock, engine.database

    def rows(self, table: type[Base], *where: Any) -> list[Any]:
        """All rows of a table that fit, by their primary key."""
        columns = table.__table__.primary_key.columns
        with self.database.read() as tx:
            return list(tx.execute(select(table.__table__).where(*where).order_by(*columns)))

    def open(self, actor: Actor = OWNER, **fields: Any) -> int:
        """A new ticket's id."""
        return tickets.open(self.engine, actor, "desk", "Broken heel", "It came off.", fields).ticket_id

    def task(self, ticket_id: int) -> Any:
        """The ticket's open user task."""
        (row,) = self.rows(UserTask, UserTask.ticket_id == ticket_id, UserTask.state == "open")
        return row

    def complete(self, ticket_id: int, actor: Actor = CLERK, **data: Any) -> user_tasks.Completed:
        """Complete the ticket's open user task."""
        return user_tasks.complete(self.engine, self.task(ticket_id).id, data, actor)


@pytest.fixture
def make_desk(database: Database, clock: VirtualClock, sandbox: Sandbox) -> Callable[..., Desk]:
    """Makes a desk whose new tickets start a process: `make_desk("again")`."""

    def make(process: str = "repair") -> Desk:
        engine = Engine(database, clock, sandbox)
        deployments.deploy(engine, desk_files(process), SYSTEM, "folder")
        add_people(database)
        return Desk(engine, clock)

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A desk whose tickets are repairs."""
    return make_desk()
