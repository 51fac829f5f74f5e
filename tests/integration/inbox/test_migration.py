"""A database from before the inbox gets what its lists need, and can be taken back."""

from __future__ import annotations

from alembic import command

from engine.commands import user_tasks
from engine.queries import user_tasks as reads
from engine.queries.user_tasks import Filters
from engine.storage.migrating import configuration
from engine.storage.tables import Clock, UserTask, UserTaskGroup
from engine.storage.tables.user_tasks import NEVER
from tests.integration.conftest import Desk
from tests.support.desk import CLERK


def test_open_user_tasks_learn_when_they_are_due_and_who_is_offered_them(desk: Desk) -> None:
    free, claimed, closed = desk.open(), desk.open(), desk.open()
    user_tasks.claim(desk.engine, desk.task(claimed).id, CLERK)
    desk.complete(closed, pairs=1)
    desk.complete(closed)
    before = [(row.id, row.offered) for row in desk.rows(UserTask)]
    _migrate(desk, command.downgrade, "0008")
    _migrate(desk, command.upgrade, "head")
    rows = {row.id: row for row in desk.rows(UserTask)}
    assert [(row.id, row.offered) for row in rows.values()] == before
    clocks = {clock.ticket_id: clock.deadline_at for clock in desk.rows(Clock)}
    assert desk.task(free).due_at == clocks[free]
    assert desk.task(claimed).due_at == clocks[claimed]
    assert {row.due_at for row in rows.values() if row.ticket_id == closed} == {NEVER}
    for group in desk.rows(UserTaskGroup):
        task = rows[group.user_task_id]
        assert (group.offered, group.due_at) == (task.offered, task.due_at)
    user_tasks.release(desk.engine, desk.task(claimed).id, CLERK)  # the database keeps the groups in step again
    found = reads.inbox(desk.engine, CLERK, "claimable", Filters()).items
    assert [item.ticket for item in found] == [free, claimed]


def _migrate(desk: Desk, way: object, to: str) -> None:
    config = configuration()
    with desk.database.begin() as connection:
        config.attributes["connection"] = connection
        way(config, to)  # type: ignore[operator]
