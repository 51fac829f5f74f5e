"""What lists and looks cost doesn't grow with what has happened: each is led by an index."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from engine.commands import messages
from engine.queries import tickets, user_tasks
from engine.queries.operations import outbox
from engine.storage.tables import Base, Job, Message, Ticket, UserTask
from tests.integration.conftest import Desk
from tests.support.desk import CLERK

HISTORY = 6_000


@pytest.fixture
def old_desk(desk: Desk) -> Desk:
    """A desk with much history and one open ticket."""
    desk.open()
    publish = messages.publish(desk.engine, "desk", "nobody", "k", {}, CLERK)
    assert publish == "buffered"
    _copy(desk, Ticket, lambda n: {"id": 10_000 + n, "number": f"old-{n}"})
    _copy(desk, UserTask, lambda n: {"id": 10_000 + n, "key": f"old-{n}", "state": "completed"})
    _copy(desk, Message, lambda n: {"id": f"old-{n}", "state": "delivered", "next_attempt_at": None})
    job = {
        "id": "first",
        "type": "mail",
        "payload": {},
        "package_id": "desk",
        "state": "done",
        "created_at": desk.clock(),
    }
    with desk.database.begin() as tx:
        tx.execute(insert(Job), [job])
    _copy(desk, Job, lambda n: {"id": f"old-{n}"})
    with desk.database.begin() as tx:
        tx.execute(text("ANALYZE"))
    return desk


def _copy(desk: Desk, table: type[Base], other: Any) -> None:
    pattern = dict(desk.rows(table)[0]._mapping)
    since = {name: value for name, value in pattern.items() if name.endswith("_at") and value is not None}
    rows = [
        {**pattern, **{name: value - timedelta(hours=n + 1) for name, value in since.items()}, **other(n)}
        for n in range(HISTORY)
    ]
    with desk.database.begin() as tx:
        tx.execute(insert(table), rows)


def plans(desk: Desk, work: Any) -> str:
    """How the database would answer each statement of some work."""
    told: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        told.append((statement, parameters))

    event.listen(desk.database.sql, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(desk.database.sql, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if desk.database.dialect == "sqlite" else "EXPLAIN "
    with desk.database.begin() as tx:
        return "\n".join(
            str(row)
            for statement, parameters in told
            if statement.split()[0] in ("SELECT", "UPDATE")
            for row in tx.exec_driver_sql(explain + statement, parameters)
        )


def test_the_newest_tickets(old_desk: Desk) -> None:
    assert "ix_tickets_changed_at" in plans(old_desk, lambda: tickets.listed(old_desk.engine, CLERK, limit=20))
    first = plans(old_desk, lambda: tickets.listed(old_desk.engine, CLERK, limit=20, sort="-opened_at"))
    assert "ix_tickets_opened_at" in first


def test_the_open_user_tasks(old_desk: Desk) -> None:
    found = plans(old_desk, lambda: user_tasks.listed(old_desk.engine, CLERK, box="claimable"))
    assert "ix_user_tasks_state_opened_at" in found


def test_the_newest_jobs(old_desk: Desk) -> None:
    assert "ix_jobs_created_at" in plans(old_desk, lambda: outbox.jobs(old_desk.engine, CLERK, limit=20))


def test_the_messages_whose_time_is_over(old_desk: Desk) -> None:
    assert "ix_messages_state_expires_at" in plans(old_desk, lambda: messages.expire(old_desk.engine))
