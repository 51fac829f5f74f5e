"""Tickets on which no process runs any more stay on their version, and that is said with how many they are."""

from __future__ import annotations

import pytest

from engine.queries.migrations import progress, verdicts
from engine.storage.tables import Ticket
from engine.worker import Worker
from tests.integration.migrations.conftest import Owner
from tests.support.desk import CLERK
from tests.support.visitors import text_of, visitor
from web.cli import run


@pytest.fixture
def closed(owner: Owner) -> int:
    """A ticket whose process has ended, beside one that runs."""
    ticket_id = owner.desk.open()
    owner.desk.complete(ticket_id, pairs=1)
    owner.desk.complete(ticket_id)
    owner.desk.open()
    owner.add_task()
    return ticket_id


def ended(owner: Owner, version: int, source: int | None = None) -> int:
    return verdicts.check(owner.engine, CLERK, "desk", version, {}, source=source).ended


def version_of(owner: Owner, ticket_id: int) -> int:
    return int(owner.desk.rows(Ticket, Ticket.id == ticket_id)[0].deployment_id)


def test_they_are_counted_and_left_where_they_are(owner: Owner, closed: int) -> None:
    found = verdicts.check(owner.engine, CLERK, "desk", 2, {})
    assert (found.tickets, found.safe, found.ended) == (1, 1, 1)
    assert [ended(owner, *which) for which in ((2, 1), (1,), (1, 2), (1, 1))] == [1, 0, 0, 0]
    owner.start(2)
    Worker(owner.engine).tick()
    now = progress.one(owner.engine, CLERK, "desk", 1)
    assert (now.tickets, now.moved, now.gone) == (1, 1, 0)
    assert version_of(owner, closed) == 1 and version_of(owner, closed + 1) == 2


def test_the_page_and_the_command_line_say_so(
    owner: Owner, closed: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = text_of(visitor(owner.engine, CLERK).get("/processes/desk/versions/2/migrating"))
    assert "a ticket on which no process runs any more stays on its version. 1 such ticket is left out." in told
    monkeypatch.setenv("ITER_DATABASE_URL", owner.desk.database.url.render_as_string(hide_password=False))
    run(["migrate-tickets", "desk", "--to", "2", "--dry-run"])
    assert "Left out, as no process runs on them any more: 1" in capsys.readouterr().out.splitlines()


def test_one_that_ends_before_its_turn_is_told_too(owner: Owner, closed: int) -> None:
    owner.start(2)
    owner.desk.complete(closed + 1, pairs=1)
    owner.desk.complete(closed + 1)
    Worker(owner.engine).tick()
    now = progress.one(owner.engine, CLERK, "desk", 1)
    assert (now.state, now.tickets, now.moved, now.left, now.gone) == ("done", 1, 0, 0, 1)
    page = text_of(visitor(owner.engine, CLERK).get("/processes/desk/migrations/1"))
    assert "1 ticket had ended, or was moved by somebody else, before its turn came." in page


def test_a_single_one_is_moved_when_that_is_asked_for(owner: Owner, closed: int) -> None:
    assert owner.migrate(closed, 2) == 0
    assert version_of(owner, closed) == 2
