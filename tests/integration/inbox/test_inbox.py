"""What stands in somebody's inbox: whose user tasks, in which order, narrowed down how; and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from engine.commands import tickets, user_tasks
from engine.domain.actors import SYSTEM, Actor, Membership
from engine.domain.errors import Invalid
from engine.queries import user_tasks as reads
from engine.queries.user_tasks import Filters
from engine.storage import user_tasks as store
from engine.storage.tables import Clock, Ticket, UserTask, UserTaskGroup
from engine.storage.tables.user_tasks import NEVER
from engine.storage.tickets import involve
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER
from tests.support.statements import counting

ROME = ZoneInfo("Europe/Rome")


def inbox(desk: Desk, actor: Actor, box: reads.Box, **filters: str) -> list[int]:
    """The tickets of a box, in its order."""
    return [item.ticket for item in reads.inbox(desk.engine, actor, box, Filters(zone=ROME, **filters)).items]  # type: ignore[arg-type]


def test_what_i_may_claim_is_mine_once_i_have_and_nobody_elses(desk: Desk) -> None:
    ticket = desk.open()
    assert inbox(desk, CLERK, "claimable") == [ticket]
    assert inbox(desk, CLERK, "mine") == []
    user_tasks.claim(desk.engine, desk.task(ticket).id, CLERK)
    assert (inbox(desk, CLERK, "mine"), inbox(desk, CLERK, "claimable")) == ([ticket], [])
    user_tasks.release(desk.engine, desk.task(ticket).id, CLERK)
    assert (inbox(desk, CLERK, "mine"), inbox(desk, CLERK, "claimable")) == ([], [ticket])
    desk.complete(ticket, pairs=1)
    desk.complete(ticket)
    assert inbox(desk, CLERK, "all") == inbox(desk, CLERK, "claimable") == []


def test_a_user_task_that_i_completed_leaves_my_inbox_though_i_had_claimed_it(desk: Desk) -> None:
    ticket = desk.open()
    user_tasks.claim(desk.engine, desk.task(ticket).id, CLERK)
    desk.complete(ticket, pairs=1)
    assert inbox(desk, CLERK, "mine") == []
    assert inbox(desk, CLERK, "claimable") == [ticket]  # the next one


def test_staff_sees_all_user_tasks_of_the_tickets_it_sees_and_nobody_others(desk: Desk) -> None:
    ticket = desk.open()
    assert inbox(desk, CLERK, "all") == inbox(desk, SYSTEM, "all") == [ticket]
    assert inbox(desk, COBBLER, "all") == inbox(desk, COBBLER, "claimable") == []
    with desk.database.begin() as tx:
        tx.execute(update(Ticket).values(department="leather"))
    assert inbox(desk, COBBLER, "all") == [ticket]  # of the department
    assert inbox(desk, COBBLER, "claimable") == []
    for customer in (OWNER, STRANGER):
        assert all(inbox(desk, customer, box) == [] for box in reads.BOXES)


def test_whoever_is_involved_sees_the_user_tasks_as_staff(desk: Desk) -> None:
    ticket = desk.open()
    other = Actor(2, "Colin", "", "staff", None, (Membership("desk", "cobbler", ()),))
    assert inbox(desk, other, "all") == []
    with desk.database.begin() as tx:
        involve(tx, ticket, [(other.id, "watcher")], desk.clock())
    assert inbox(desk, other, "all") == [ticket]


def test_a_group_of_another_package_is_not_meant(desk: Desk) -> None:
    desk.open()
    elsewhere = Actor(1, "Clara", "", "staff", None, (Membership("other", "clerk"),))
    assert inbox(desk, elsewhere, "claimable") == inbox(desk, elsewhere, "all") == []


def test_the_next_due_comes_first_and_what_has_no_deadline_last(desk: Desk) -> None:
    late = desk.open()
    desk.clock.advance(hours=2)
    soon = desk.open()
    free = desk.open()
    with desk.database.begin() as tx:
        tx.execute(update(UserTask).where(UserTask.ticket_id == free).values(due_at=NEVER))
    assert inbox(desk, CLERK, "claimable") == inbox(desk, CLERK, "all") == [late, soon, free]
    for ticket in (free, soon):
        user_tasks.claim(desk.engine, desk.task(ticket).id, CLERK)
    assert inbox(desk, CLERK, "mine") == [soon, free]
    items = reads.inbox(desk.engine, CLERK, "all", Filters()).items
    assert [item.deadline is None for item in items] == [False, False, True]


def test_a_row_tells_what_to_do_for_whom_by_when(desk: Desk) -> None:
    ticket = desk.open()
    (item,) = reads.inbox(desk.engine, CLERK, "all", Filters()).items
    assert (item.name, item.element, item.number, item.subject) == ("Look at it", "look", "D-2026-0001", "Broken heel")
    assert (item.company_name, item.requester_name, item.status) == ("Company 1", "Olga", "with_us")
    assert item.deadline == desk.clock() + timedelta(hours=3)
    assert (item.assignee, item.assignee_name) == (None, "")
    user_tasks.claim(desk.engine, desk.task(ticket).id, CLERK)
    (item,) = reads.inbox(desk.engine, CLERK, "mine", Filters()).items
    assert (item.assignee, item.assignee_name) == (CLERK.id, "Clara")


def test_a_user_task_follows_its_goals_clock(desk: Desk) -> None:
    ticket = desk.open()
    tickets.edit(desk.engine, CLERK, ticket, {"agreed": "2026-04-03"})
    (clock,) = desk.rows(Clock)
    assert desk.task(ticket).due_at == clock.deadline_at > desk.clock() + timedelta(days=6)
    assert [group.due_at for group in desk.rows(UserTaskGroup)] == [clock.deadline_at]
    with desk.database.begin() as tx:  # as when the clock is paused
        store.follow(tx, ticket, {("reply", "deadline"): None, ("reply", "warning"): None})
    assert desk.task(ticket).due_at == NEVER
    desk.complete(ticket, pairs=1)
    tickets.edit(desk.engine, CLERK, ticket, {"agreed": "2026-04-10"})
    assert desk.task(ticket).due_at == NEVER  # the next one shows no goal
    assert {row.due_at for row in desk.rows(UserTask)} == {NEVER}  # and a closed one stays as it was


def test_the_database_keeps_the_groups_in_step_with_their_user_tasks(desk: Desk) -> None:
    ticket = desk.open()
    user_tasks.claim(desk.engine, desk.task(ticket).id, CLERK)
    desk.complete(ticket, pairs=1)
    desk.open()
    with desk.database.read() as tx:
        pairs = select(UserTask.offered, UserTaskGroup.offered, UserTask.due_at, UserTaskGroup.due_at).join(
            UserTaskGroup, UserTaskGroup.user_task_id == UserTask.id
        )
        rows = tx.execute(pairs).all()
    assert len(rows) == 3
    assert all(row[0] == row[1] and row[2] == row[3] for row in rows)
    offered = {row.id: row.offered for row in desk.rows(UserTask)}
    assert offered == {row.id: row.state == "open" for row in desk.rows(UserTask)}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"package": "desk"}, True), ({"package": "other"}, False), ({"element": "look"}, True),
        ({"element": "mend"}, False), ({"department": "leather"}, False), ({"text": "HEEL"}, True),
        ({"text": "0001"}, True), ({"text": "company 1"}, True), ({"text": "%"}, False), ({"due": "late"}, False),
        ({"due": "today"}, True), ({"due": "week"}, True),
    ],
)  # fmt: skip
def test_filters_narrow_the_list_and_its_count_alike(desk: Desk, filters: dict[str, str], found: bool) -> None:
    ticket = desk.open()
    assert inbox(desk, CLERK, "claimable", **filters) == inbox(desk, CLERK, "all", **filters) == [ticket] * found
    counted = reads.counts(desk.engine, CLERK, Filters(zone=ROME, **filters))  # type: ignore[arg-type]
    assert counted == {"todo": int(found), "mine": 0, "claimable": int(found), "all": int(found)}


def test_days_and_weeks_end_in_the_readers_zone(desk: Desk) -> None:
    ticket = desk.open()

    def due(at: str) -> dict[str, bool]:
        with desk.database.begin() as tx:
            tx.execute(update(UserTask).values(due_at=datetime.fromisoformat(at)))
        return {name: inbox(desk, CLERK, "all", due=name) == [ticket] for name in ("late", "today", "week")}

    # now is Friday, 27 March 2026, 9:00 in Rome; on Sunday the clocks are put forward
    assert due("2026-03-27T08:59:59+01:00") == {"late": True, "today": True, "week": True}
    assert due("2026-03-27T23:59:59+01:00") == {"late": False, "today": True, "week": True}
    assert due("2026-03-28T00:00:00+01:00") == {"late": False, "today": False, "week": True}
    assert due("2026-03-29T23:59:59+02:00") == {"late": False, "today": False, "week": True}
    assert due("2026-03-30T00:00:00+02:00") == {"late": False, "today": False, "week": False}


@pytest.mark.parametrize("box", reads.BOXES)
def test_pages_follow_one_another_without_gap_or_repetition(desk: Desk, box: reads.Box) -> None:
    for _ in range(7):
        ticket = desk.open()
        if box == "mine":
            user_tasks.claim(desk.engine, desk.task(ticket).id, CLERK)
    found: list[int] = []
    cursor = None
    while True:
        page = reads.inbox(desk.engine, CLERK, box, Filters(), limit=3, cursor=cursor)
        found += [item.ticket for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == list(range(1, 8))
    with pytest.raises(Invalid):
        reads.inbox(desk.engine, CLERK, box, Filters(), cursor="nonsense")


def test_what_is_to_do_is_mine_and_what_i_may_claim_in_one_order(desk: Desk) -> None:
    tickets_opened = [desk.open() for _ in range(4)]
    for ticket in tickets_opened[1::2]:
        user_tasks.claim(desk.engine, desk.task(ticket).id, CLERK)
    assert inbox(desk, CLERK, "todo") == tickets_opened
    assert inbox(desk, COBBLER, "todo") == []


@pytest.mark.parametrize("box", ["todo", "claimable", "all"])
def test_after_one_comes_the_next_and_after_the_last_the_first(desk: Desk, box: reads.Box) -> None:
    tasks = [desk.task(desk.open()).id for _ in range(3)]

    def following(task: int) -> int | None:
        return reads.following(desk.engine, CLERK, box, Filters(), task)

    assert [following(task) for task in tasks] == [tasks[1], tasks[2], tasks[0]]
    desk.complete(2, pairs=1)  # its place is still known; the next one on the same ticket has no deadline
    assert following(tasks[1]) == tasks[2]
    assert reads.following(desk.engine, CLERK, box, Filters(element="look"), tasks[2]) == tasks[0]
    assert reads.following(desk.engine, CLERK, box, Filters(text="nothing"), tasks[0]) is None
    assert following(4711) == tasks[0]


def test_the_reminder_counts_what_is_mine_and_what_of_it_is_late(desk: Desk) -> None:
    for _ in range(3):
        user_tasks.claim(desk.engine, desk.task(desk.open()).id, CLERK)
    desk.open()
    assert reads.reminder(desk.engine, CLERK) == reads.Reminder(3, 0)
    desk.clock.advance(hours=3, seconds=1)
    user_tasks.claim(desk.engine, desk.task(desk.open()).id, CLERK)
    assert reads.reminder(desk.engine, CLERK) == reads.Reminder(4, 3)
    assert reads.reminder(desk.engine, COBBLER) == reads.Reminder(0, 0)


def test_what_can_be_to_do_is_offered_as_a_filter(desk: Desk) -> None:
    found = dict(reads.things_to_do(desk.engine, CLERK))
    assert found["look"] == "Look at it"
    assert list(found.values()) == sorted(found.values(), key=str.casefold)
    assert reads.things_to_do(desk.engine, OWNER) == reads.things_to_do(desk.engine, CLERK, "other") == []


@pytest.mark.parametrize(
    "read",
    [
        lambda desk, box: reads.inbox(desk.engine, CLERK, box, Filters()),
        lambda desk, box: reads.counts(desk.engine, CLERK, Filters()),
        lambda desk, box: reads.reminder(desk.engine, CLERK),
    ],
)
@pytest.mark.parametrize("box", reads.BOXES)
def test_each_takes_one_statement_beside_the_packages(desk: Desk, read: Callable[..., object], box: str) -> None:
    for _ in range(3):
        desk.open()
    with counting(desk.database) as counted:
        read(desk, box)
    assert len(counted) == 2  # one says which packages the reader is in
