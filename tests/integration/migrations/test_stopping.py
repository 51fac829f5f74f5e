"""A migration that runs is stopped by who may start one: what was moved stays moved, and the others can go later."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.packages import migrations
from engine.commands.people import tokens
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, NotFound
from engine.queries.migrations import progress
from engine.storage.operations import migrations as store
from engine.storage.tables import JournalEntry, MigratedTicket
from engine.worker import Worker
from tests.integration.migrations.conftest import Owner
from tests.support.clients import client_of
from tests.support.desk import CLERK, COBBLER, STRANGER
from tests.support.visitors import text_of, visitor
from web.cli import run

PAGE = "/processes/desk/migrations/1"


@pytest.fixture
def half_moved(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """A migration of five tickets that has moved two of them."""
    for _ in range(5):
        owner.desk.open()
    owner.start(owner.add_task())
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "BATCH", 2)
        patched.setattr(migrations, "LONGEST", 60)
        assert migrations.go_on(owner.engine, "1") == 2
    return owner


def stop(owner: Owner) -> None:
    migrations.stop(owner.engine, CLERK, "desk", 1)


def found(owner: Owner) -> progress.Progress:
    return progress.one(owner.engine, CLERK, "desk", 1)


def moved(owner: Owner) -> list[int]:
    return [row.ticket_id for row in owner.desk.rows(MigratedTicket)]


def test_those_that_were_moved_stay_moved_and_the_others_where_they_are(half_moved: Owner) -> None:
    stop(half_moved)
    Worker(half_moved.engine).tick()
    now = found(half_moved)
    assert (now.state, now.moved, now.left, now.gone) == ("stopped", 2, 3, 0)
    assert now.finished_at == half_moved.engine.clock()
    assert [half_moved.version_of(ticket) for ticket in (1, 2, 3, 4, 5)] == [{2}, {2}, {1}, {1}, {1}]
    (entry,) = half_moved.desk.rows(JournalEntry, JournalEntry.command == "migrations.stop")
    assert (entry.actor_id, entry.package_id) == (CLERK.id, "desk")
    assert entry.data == {"migration": 1, "state": "stopped", "safe": 2, "left": 3}


def test_a_worker_that_is_at_it_moves_none_after_the_stop(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        owner.desk.open()
    owner.start(owner.add_task())
    noting = store.note

    def stopping(tx: Any, *noted: Any) -> None:
        noting(tx, *noted)
        owner.engine.database.after_commit(lambda: stop(owner))

    monkeypatch.setattr(store, "note", stopping)
    Worker(owner.engine).tick()
    assert (moved(owner), found(owner).left) == ([1], 2)


def test_a_stopped_one_is_begun_anew_and_moves_the_rest(half_moved: Owner) -> None:
    stop(half_moved)
    half_moved.start(2)
    Worker(half_moved.engine).tick()
    assert moved(half_moved) == [1, 2, 3, 4, 5]
    assert found(half_moved).left == 0  # of the stopped one, nothing is left on the old version any more


def test_who_stops_what_has_ended_is_told_so(half_moved: Owner) -> None:
    stop(half_moved)
    with pytest.raises(Conflict, match="stopped already"):
        stop(half_moved)
    half_moved.start(2)
    Worker(half_moved.engine).tick()
    with pytest.raises(Conflict, match="has ended already"):
        migrations.stop(half_moved.engine, CLERK, "desk", 2)
    for package, number in (("desk", 9), ("none", 1)):
        with pytest.raises(NotFound):
            migrations.stop(half_moved.engine, CLERK, package, number)


def test_only_who_may_deploy_stops_it(half_moved: Owner) -> None:
    for other in (COBBLER, STRANGER):
        with pytest.raises(Forbidden):
            migrations.stop(half_moved.engine, other, "desk", 1)
    assert found(half_moved).state == "running"


def test_on_its_page_what_remains_is_told_and_leads_to_beginning_anew(half_moved: Owner) -> None:
    person = visitor(half_moved.engine, CLERK)
    shown = person.get(PAGE)
    assert f'action="{PAGE}/stop" data-ask="Stop moving tickets to version 2?' in shown.text
    assert person.post(f"{PAGE}/stop").headers["Location"] == PAGE
    stopped = person.get(PAGE)
    assert "It was stopped. 2 tickets were moved and stay moved." in text_of(stopped)
    assert "come to 3 tickets, which are still on their version." in text_of(stopped)
    assert 'href="/processes/desk/versions/2/migrating"' in stopped.text and "/stop" not in stopped.text
    again = person.post(f"{PAGE}/stop")
    assert (again.status_code, "The migration was stopped already." in text_of(again)) == (409, True)


def test_what_was_chosen_is_chosen_when_it_is_begun_anew(owner: Owner) -> None:
    owner.desk.open()
    owner.start(owner.add_task(), mapping={("repair", "look"): "check"})
    stop(owner)
    page = visitor(owner.engine, CLERK).get(PAGE).text
    assert 'href="/processes/desk/versions/2/migrating?map%2Frepair%2Flook=check"' in page


def test_over_the_api_a_second_stop_is_a_conflict(half_moved: Owner) -> None:
    secret = tokens.create(half_moved.engine, SYSTEM, account_id=CLERK.id).secret
    client, headers = client_of(half_moved.engine), {"Authorization": f"Bearer {secret}"}
    first, second = (client.post("/api/v1/packages/desk/migrations/1/stop", headers=headers) for _ in range(2))
    assert (first.status_code, first.json["state"], first.json["left"]) == (200, "stopped", 3)
    assert (second.status_code, second.json["detail"]) == (409, "The migration was stopped already.")


def test_on_the_command_line_the_one_that_runs_is_stopped(
    half_moved: Owner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = half_moved.desk.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("ITER_DATABASE_URL", url)
    assert run(["migrate-tickets", "desk", "--stop", "--to", "2"]) == 64
    assert run(["migrate-tickets", "desk", "--stop"]) == 0
    assert capsys.readouterr().out == "Migration 1 was stopped: 2 moved, 0 stayed, 3 not come to.\n"
    assert run(["migrate-tickets", "desk", "--stop"]) == 1
    assert "The migration was stopped already." in capsys.readouterr().err
