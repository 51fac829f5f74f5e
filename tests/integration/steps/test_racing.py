"""Two completions of one user task at the same moment: one wins, the other is told so and touches nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from engine.commands import notes, tickets, timers, user_tasks
from engine.domain.errors import Conflict
from engine.storage.tables import Incident, Instance, JournalEntry, Ticket, Timer
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, OWNER

PAIRS = 1_000


def test_of_two_completions_one_wins(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk("wheel")
    ticket_id = desk.open()
    start = Barrier(2)

    def complete(user_task_id: int) -> str:
        start.wait()
        try:
            user_tasks.complete(desk.engine, user_task_id, {}, CLERK)
        except Conflict:
            return "conflict"
        return "completed"

    with ThreadPoolExecutor(2) as pool:
        for _ in range(PAIRS):
            task = desk.task(ticket_id)
            assert sorted(pool.map(complete, [task.id, task.id])) == ["completed", "conflict"]
    (instance,) = desk.rows(Instance)
    assert instance.revision == PAIRS + 1
    done = desk.rows(JournalEntry, JournalEntry.command == "user_tasks.complete", JournalEntry.kind == "command")
    assert len(done) == PAIRS


def test_numbers_have_no_gaps_and_no_twins(desk: Desk) -> None:
    def open_one(_: int) -> str:
        return tickets.open(desk.engine, OWNER, "desk", "Heel", "").number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(open_one, range(20)))
    assert sorted(numbers) == [f"D-2026-{n:04}" for n in range(1, 21)]
    assert len(desk.rows(Ticket)) == 20


def test_a_loop_costs_the_same_on_every_turn(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk("wheel")
    ticket_id = desk.open()
    sizes = []
    for _ in range(60):
        desk.complete(ticket_id)
        sizes.append(len(desk.rows(Instance)[0].state))
    assert abs(sizes[-1] - sizes[10]) <= sizes[10] * 0.02


def test_commands_on_the_same_tickets_never_wait_for_each_other(desk: Desk) -> None:
    """Every command locks the ticket first: whatever comes together, nothing is a deadlock."""
    ids = [desk.open() for _ in range(2)]
    for ticket_id in ids:
        desk.complete(ticket_id, pairs=1)

    def act(n: int) -> None:
        ticket_id = ids[n % 2]
        acts: list[Callable[[], object]] = [
            lambda: notes.add(desk.engine, ticket_id, CLERK, "Which colour?", expects="customer"),
            lambda: notes.add(desk.engine, ticket_id, OWNER, "Brown."),
            lambda: tickets.edit(desk.engine, CLERK, ticket_id, {"agreed": f"2026-04-{n % 28 + 1:02}"}),
            lambda: [timers.fire(desk.engine, row.id) for row in desk.rows(Timer, Timer.ticket_id == ticket_id)],
        ]
        acts[n // 2 % 4]()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(160)))
    assert desk.rows(Incident) == []
