"""All tickets of a package are moved in one step: in transactions of their own, each once, also after a crash."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.packages import migrations
from engine.domain.errors import Conflict, Forbidden
from engine.storage.operations import migrations as store
from engine.storage.tables import Instance, JournalEntry, MigratedTicket, Migration
from engine.worker import Worker
from tests.integration.migrations.conftest import Owner
from tests.support.desk import COBBLER
from tests.support.statements import counting


class Killed(BaseException):
    """What no command catches."""


def outcomes(owner: Owner) -> dict[int, str]:
    return {row.ticket_id: row.verdict for row in owner.desk.rows(MigratedTicket)}


def state(owner: Owner) -> str:
    return str(owner.desk.rows(Migration)[-1].state)


def test_the_worker_moves_what_is_safe_and_notes_what_is_not(owner: Owner) -> None:
    first, second, third = (owner.desk.open() for _ in range(3))
    version = owner.add_task()
    owner.migrate(second, version)
    owner.desk.complete(second, pairs=1)  # it stands at the task that was added
    migration_id = owner.start(1)
    assert Worker(owner.engine).tick()
    assert (outcomes(owner), state(owner)) == ({second: "choice"}, "done")
    owner.start(version)
    Worker(owner.engine).tick()
    assert [owner.version_of(one) for one in (first, second, third)] == [{version}] * 3
    row = owner.desk.rows(MigratedTicket, MigratedTicket.migration_id == migration_id)[0]
    assert (row.findings[0]["problem"], row.findings[0]["element"]) == ("'Check it' is gone.", "check")
    moved = owner.desk.rows(JournalEntry, JournalEntry.command == "tickets.migrate", JournalEntry.kind == "command")
    assert [entry.ticket_id for entry in moved] == [second, first, third]


def test_what_was_chosen_counts_for_all(owner: Owner) -> None:
    ids = [owner.desk.open() for _ in range(3)]
    version = owner.add_task()
    for ticket_id in ids:
        owner.migrate(ticket_id, version)
        owner.desk.complete(ticket_id, pairs=1)
    owner.start(1, mapping={("repair", "check"): "mend"})
    Worker(owner.engine).tick()
    assert set(outcomes(owner).values()) == {"safe"}
    assert {owner.desk.task(ticket_id).element for ticket_id in ids} == {"mend"}


def test_after_a_kill_between_and_within_tickets_it_goes_on_and_none_is_moved_twice(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [owner.desk.open() for _ in range(5)]
    version = owner.add_task()
    owner.start(version)
    noting, written = store.note, []

    def dying(tx: Any, migration_id: int, ticket_id: int, *rest: Any) -> None:
        noting(tx, migration_id, ticket_id, *rest)
        written.append(ticket_id)
        if len(written) == 3:
            raise Killed  # with the third ticket written and not committed

    monkeypatch.setattr(store, "note", dying)
    with pytest.raises(Killed):
        Worker(owner.engine).tick()
    assert (list(outcomes(owner)), state(owner)) == (ids[:2], "running")
    assert [row.deployment_id for row in owner.desk.rows(Instance)].count(1) == 3
    Worker(owner.engine).tick()
    assert (outcomes(owner), state(owner)) == (dict.fromkeys(ids, "safe"), "done")
    assert {row.revision for row in owner.desk.rows(Instance)} == {2}  # opened, and moved once


def test_a_ticket_that_somebody_moved_meanwhile_is_passed_over(owner: Owner) -> None:
    first, second = owner.desk.open(), owner.desk.open()
    version = owner.add_task()
    owner.start(version)
    owner.migrate(first, version)
    Worker(owner.engine).tick()
    assert outcomes(owner) == {second: "safe"}


def test_a_mistake_of_iter_at_one_ticket_keeps_that_one_alone(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = owner.desk.open(), owner.desk.open()
    version = owner.add_task()
    owner.start(version)
    moving = migrations.move

    def breaking(work: Any, ticket: Any, *rest: Any) -> Any:
        verdict = moving(work, ticket, *rest)
        if ticket["id"] == first:
            raise RuntimeError("unforeseen")
        return verdict

    monkeypatch.setattr(migrations, "move", breaking)
    Worker(owner.engine).tick()
    assert (outcomes(owner), state(owner)) == ({first: "impossible", second: "safe"}, "done")
    assert owner.version_of(first) == {1}


def test_tickets_that_are_opened_later_stay_on_their_version(owner: Owner) -> None:
    owner.desk.open()
    version = owner.add_task()
    later = owner.desk.open()
    owner.start(version)
    Worker(owner.engine).tick()
    owner.start(1)
    newest = owner.desk.open()
    Worker(owner.engine).tick()
    assert owner.version_of(later) == {1} and owner.version_of(newest) == {version}


def test_one_at_a_time_and_for_who_may_deploy(owner: Owner) -> None:
    version = owner.add_task()
    with pytest.raises(Forbidden):
        migrations.start(owner.engine, COBBLER, "desk", version, {})
    owner.start(version)
    with pytest.raises(Conflict, match="already"):
        owner.start(1)
    Worker(owner.engine).tick()
    assert state(owner) == "done"


def test_what_keeps_all_from_being_moved_ends_the_migration(owner: Owner) -> None:
    owner.desk.open()
    version = owner.add_task()
    migration_id = owner.start(version)
    migrations.fail(owner.engine, str(migration_id), RuntimeError("no files"))
    assert (state(owner), owner.desk.rows(Migration)[0].problem) == ("failed", "RuntimeError: no files")
    assert not migrations.go_on(owner.engine, str(migration_id)) and not outcomes(owner)


def test_where_none_runs_a_look_is_one_statement(owner: Owner) -> None:
    with counting(owner.desk.database) as counted:
        assert migrations.due(owner.engine) == []
    assert len(counted) == 1


def test_each_ticket_of_many_takes_a_fixed_number_of_statements(owner: Owner) -> None:
    for _ in range(6):
        owner.desk.open()
    version = owner.add_task()
    owner.engine.version(version)
    migration_id = str(owner.start(version))
    with counting(owner.desk.database) as counted:
        while state(owner) == "running":
            migrations.go_on(owner.engine, migration_id)
    assert counted.commits == 7  # of six tickets, and of the end
    assert len(counted) <= 6 * 14 + 20, len(counted)
