"""What is told before and while tickets are moved: counts, reasons, ticket by ticket, progress."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from engine.domain.errors import Invalid, NotFound
from engine.queries.migrations import progress, verdicts
from engine.queries.migrations.judging import Judge
from engine.storage.tables import Ticket
from engine.worker import Worker
from tests.integration.migrations.conftest import Owner
from tests.support.desk import CLERK, COBBLER, OWNER
from tests.support.statements import counting


def three_kinds(owner: Owner) -> tuple[int, list[int]]:
    """Tickets on a version with a task more: two safe, one that stands at that task, one with a status of its own."""
    version = owner.add_task()
    ids = [owner.desk.open() for _ in range(4)]
    owner.desk.complete(ids[2], pairs=1)
    with owner.desk.database.begin() as tx:
        tx.execute(update(Ticket).where(Ticket.id == ids[3]).values(status="gone"))
    return version, ids


def test_tickets_are_counted_by_what_would_become_of_them(owner: Owner) -> None:
    three_kinds(owner)
    found = verdicts.check(owner.engine, CLERK, "desk", 1, {})
    assert (found.tickets, found.safe, found.choice, found.impossible) == (4, 2, 1, 1)
    groups = {(group.verdict, group.element, group.problem): group.tickets for group in found.groups}
    assert groups == {
        ("choice", "check", "'Check it' is gone."): 1,
        ("impossible", "", "The ticket has 'gone' as 'status', which the new version lacks."): 1,
    }
    (choice,) = (group for group in found.groups if group.verdict == "choice")
    assert [(option.element, option.label) for option in choice.options] == [
        ("look", "Look at it"),
        ("mend", "Mend it"),
    ]
    chosen = verdicts.check(owner.engine, CLERK, "desk", 1, {("repair", "check"): "mend"})
    assert (chosen.safe, chosen.choice, chosen.impossible) == (3, 0, 1)


def test_tickets_are_listed_with_why_a_page_at_a_time(owner: Owner) -> None:
    _, ids = three_kinds(owner)
    first = verdicts.tickets(owner.engine, CLERK, "desk", 1, {}, limit=3)
    rest = verdicts.tickets(owner.engine, CLERK, "desk", 1, {}, limit=3, cursor=first.next)
    told = [(one.ticket, one.verdict) for one in (*first.items, *rest.items)]
    assert told == list(zip(ids, ("safe", "safe", "choice", "impossible"), strict=True))
    assert rest.next is None and first.items[0].subject == "Broken heel"
    only = verdicts.tickets(owner.engine, CLERK, "desk", 1, {}, verdict="choice")
    assert [one.findings[0].element for one in only.items] == ["check"]
    with pytest.raises(Invalid):
        verdicts.tickets(owner.engine, CLERK, "desk", 1, {}, cursor="x")


def test_of_one_version_alone(owner: Owner) -> None:
    owner.desk.open()
    version, _ = three_kinds(owner)
    assert verdicts.check(owner.engine, CLERK, "desk", version, {}).tickets == 1
    third = owner.deploy(('name="Look at it"', 'name="Look"'))
    assert verdicts.check(owner.engine, CLERK, "desk", third, {}).tickets == 5
    assert verdicts.check(owner.engine, CLERK, "desk", third, {}, source=1).tickets == 1
    with pytest.raises(NotFound):
        verdicts.check(owner.engine, CLERK, "desk", third, {}, source=9)


def test_who_may_not_deploy_is_told_nothing(owner: Owner) -> None:
    three_kinds(owner)
    migration_id = owner.start(1)
    for actor in (COBBLER, OWNER):
        with pytest.raises(NotFound):
            verdicts.check(owner.engine, actor, "desk", 1, {})
        with pytest.raises(NotFound):
            verdicts.tickets(owner.engine, actor, "desk", 1, {})
        with pytest.raises(NotFound):
            progress.one(owner.engine, actor, "desk", migration_id)
        with pytest.raises(NotFound):
            progress.stayed(owner.engine, actor, "desk", migration_id)
    with pytest.raises(NotFound):
        verdicts.check(owner.engine, CLERK, "desk", 9, {})


def test_progress_and_what_has_stayed_are_told(owner: Owner) -> None:
    assert progress.latest(owner.engine, CLERK, "desk") is None
    version, ids = three_kinds(owner)
    migration_id = owner.start(1, mapping={})
    waiting = progress.one(owner.engine, CLERK, "desk", migration_id)
    assert (waiting.state, waiting.tickets, waiting.left, waiting.sources) == ("running", 4, 4, (version,))
    Worker(owner.engine).tick()
    done = progress.latest(owner.engine, CLERK, "desk")
    assert done is not None and (done.state, done.by, done.version) == ("done", "Clara", 1)
    assert (done.moved, done.choice, done.impossible, done.left) == (2, 1, 1, 0)
    stayed = progress.stayed(owner.engine, CLERK, "desk", migration_id, limit=1)
    assert [(one.ticket, one.findings[0].problem) for one in stayed.items] == [(ids[2], "'Check it' is gone.")]
    last = progress.stayed(owner.engine, CLERK, "desk", migration_id, limit=1, cursor=stayed.next)
    assert [one.verdict for one in last.items] == ["impossible"]


def test_a_batch_takes_the_same_statements_however_many_tickets(owner: Owner) -> None:
    three_kinds(owner)
    counts = []
    for _ in range(2):
        with counting(owner.desk.database) as counted:
            verdicts.check(owner.engine, CLERK, "desk", 1, {})
        counts.append(len(counted))
        for _ in range(5):
            owner.desk.open()
    assert counts[0] == counts[1] <= 12


def test_batches_say_what_one_says(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    three_kinds(owner)
    whole = verdicts.check(owner.engine, CLERK, "desk", 1, {})
    monkeypatch.setattr(Judge.tickets, "__defaults__", (0, 1))
    assert verdicts.check(owner.engine, CLERK, "desk", 1, {}) == whole
