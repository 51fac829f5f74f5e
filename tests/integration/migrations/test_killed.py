"""A worker is killed with -9 while it moves tickets: the next one goes on; no ticket is moved twice, none by half."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import timedelta

from engine.storage.tables import Instance, JournalEntry, MigratedTicket, Migration, Ticket, Timer
from tests.integration.migrations.conftest import Owner
from tests.support.desk import CLERK
from tests.support.processes import Served

TICKETS, BEFORE_ITS_DEATH = 24, 9
MOVING = JournalEntry.command == "tickets.migrate"
PT1H, PT2H = ("<bpmn:timeDuration>PT1H</bpmn:timeDuration>", "<bpmn:timeDuration>PT2H</bpmn:timeDuration>")


def test_killed_in_the_middle_it_goes_on_and_each_ticket_is_moved_once(
    owner: Owner, serve: Callable[..., Served]
) -> None:
    desk = owner.desk
    opened = [desk.open() for _ in range(TICKETS)]
    (due,) = {timer.due_at for timer in desk.rows(Timer)}
    old, new = owner.version_of(opened[0]).pop(), owner.deploy((PT1H, PT2H))
    owner.start(new)
    worker = serve("worker")
    worker.dies_at = ("migrations.go_on before commit", BEFORE_ITS_DEATH + 1)  # with the next ticket written
    worker.start(wait=False)
    assert worker.wait_for_exit() == -signal.SIGKILL, worker.output
    moved, waiting = (new, new, due + timedelta(hours=1), 2, 1, 1), (old, old, due, 1, 0, 0)
    assert list(standing(owner).values()) == [moved] * BEFORE_ITS_DEATH + [waiting] * (TICKETS - BEFORE_ITS_DEATH)
    assert desk.rows(Migration)[0].state == "running"

    worker.dies_at = None
    worker.start(wait=False)
    wait_for_the_end(owner, worker)
    assert standing(owner) == dict.fromkeys(opened, moved)
    for ticket in opened:
        timer, entry = desk.rows(JournalEntry, MOVING, JournalEntry.ticket_id == ticket)
        (instance,) = desk.rows(Instance, Instance.ticket_id == ticket)
        assert (timer.kind, entry.kind, entry.actor_id) == ("timer_set", "command", CLERK.id)
        assert entry.data == {
            "from_deployments": [old], "to_deployment": new, "instances": [instance.id], "mapping": [],
        }  # fmt: skip
    begun, ended = desk.rows(JournalEntry, JournalEntry.command.like("migrations.%"))
    assert (begun.command, begun.data["tickets"], begun.ticket_id) == ("migrations.start", TICKETS, None)
    assert (ended.command, ended.data["state"], ended.data["safe"]) == ("migrations.finish", "done", TICKETS)
    desk.complete(opened[-1], pairs=1)
    assert desk.task(opened[-1]).element == "mend"


def standing(owner: Owner) -> dict[int, tuple[object, ...]]:
    """How each ticket stands: its deployment, its process's, when its timer is due, how often its process was written,
    and how often journal and migration say that it was moved."""
    desk = owner.desk
    moves = [entry.ticket_id for entry in desk.rows(JournalEntry, MOVING, JournalEntry.kind == "command")]
    noted = [row.ticket_id for row in desk.rows(MigratedTicket, MigratedTicket.verdict == "safe")]
    instances = {row.ticket_id: row for row in desk.rows(Instance)}
    dues = {row.instance_id: row.due_at for row in desk.rows(Timer)}
    return {
        ticket.id: (
            ticket.deployment_id, instances[ticket.id].deployment_id, dues[instances[ticket.id].id],
            instances[ticket.id].revision, moves.count(ticket.id), noted.count(ticket.id),
        )
        for ticket in desk.rows(Ticket)
    }  # fmt: skip


def wait_for_the_end(owner: Owner, worker: Served, seconds: float = 30) -> None:
    """Until the migration is done; then the worker ends as a service manager ends it."""
    end = time.monotonic() + seconds
    while owner.desk.rows(Migration)[0].state == "running":
        assert time.monotonic() < end and not worker.has_ended(), worker.output
        time.sleep(0.05)
    assert worker.terminate() == 0, worker.output
