"""What operators see of the engine room, each only of their packages, in pages, at a bounded cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from engine.commands import instances as commands
from engine.commands import messages
from engine.commands.stepping import StepKept
from engine.commands.workers import Heart
from engine.queries.operations import incidents, instances, outbox, timers
from engine.queries.operations import messages as waiting
from engine.queries.operations.counting import MOST
from engine.queries.operations.overview import a_worker_looks, overview
from engine.storage.tables import Base, Incident, Instance, Job, Mail, Message, Timer, WorkerBeat
from tests.integration.conftest import Desk
from tests.integration.steps.test_growth import plans
from tests.support.desk import CLERK, COBBLER, OWNER
from tests.support.statements import counting


def test_the_overview_counts_what_stands_and_says_since_when(divide: Desk) -> None:
    first = divide.open()
    began = divide.clock()
    with pytest.raises(StepKept):
        divide.complete(first, pairs=0)
    second = divide.open()
    divide.complete(second, pairs=3)
    messages.publish(divide.engine, "desk", "nobody", "k", {}, CLERK)
    divide.clock.advance(hours=2)
    with counting(divide.database) as counted:
        found = overview(divide.engine, CLERK)
    assert len(counted) <= 5
    assert (found.incidents, found.running, found.troubled) == (1, 2, 1)
    assert (found.timers, found.timers_overdue, found.messages_waiting) == (1, 1, 1)
    assert (found.oldest_incident, found.oldest_job) == (began, None)
    assert (found.worker_seen, found.worker_looks) == (None, False)


def test_who_operates_nothing_sees_nothing(divide: Desk) -> None:
    ticket_id = divide.open()
    divide.complete(ticket_id, pairs=3)
    for actor in (COBBLER, OWNER):
        found = overview(divide.engine, actor)
        assert (found.running, found.timers) == (0, 0)
        assert timers.listed(divide.engine, actor).items == []
        assert instances.listed(divide.engine, actor).items == []
        assert waiting.listed(divide.engine, actor).items == []
        assert outbox.jobs(divide.engine, actor).items == []


def test_a_worker_tells_every_few_seconds_that_it_looks_until_it_ends(divide: Desk) -> None:
    heart = Heart(divide.engine)
    assert not a_worker_looks(divide.engine)
    heart.beat()
    began = divide.clock()
    heart.beat()
    divide.clock.advance(seconds=4)
    heart.beat()
    assert [row.seen_at for row in divide.rows(WorkerBeat)] == [began]
    divide.clock.advance(seconds=25)
    assert overview(divide.engine, CLERK).worker_looks
    divide.clock.advance(seconds=2)
    assert not a_worker_looks(divide.engine)
    assert overview(divide.engine, CLERK).worker_seen == began
    heart.beat()
    assert a_worker_looks(divide.engine)
    heart.stop()
    assert divide.rows(WorkerBeat) == []


def test_timers_are_listed_by_when_they_are_due(divide: Desk) -> None:
    ids = []
    for _ in range(3):
        ticket_id = divide.open()
        divide.complete(ticket_id, pairs=3)
        ids.append(ticket_id)
        divide.clock.advance(minutes=30)
    listed = timers.listed(divide.engine, CLERK, limit=2)
    assert [(timer.ticket, timer.label, timer.late) for timer in listed.items] == [
        (ids[0], "Late", True),
        (ids[1], "Late", False),
    ]
    rest = timers.listed(divide.engine, CLERK, limit=2, cursor=listed.next)
    assert [timer.ticket for timer in rest.items] == [ids[2]]
    assert [timer.ticket for timer in timers.listed(divide.engine, CLERK, which="overdue").items] == ids[:2]
    assert timers.listed(divide.engine, CLERK, which="standing").items == []


def test_instances_are_found_by_package_process_state_and_age(divide: Desk) -> None:
    first = divide.open()
    divide.clock.advance(days=1)
    second = divide.open()
    with pytest.raises(StepKept):
        divide.complete(second, pairs=0)

    def found(**by: object) -> list[int]:
        return [row.ticket for row in instances.listed(divide.engine, CLERK, **by).items]  # type: ignore[arg-type]

    assert found() == [second, first]
    assert found(state="running") == [second, first]
    assert found(state="troubled") == [second]
    assert found(state="completed") == []
    assert found(before=divide.clock()) == [first]
    assert found(process="divide") == [second, first]
    assert found(process="repair") == found(package="other") == []


def test_an_instance_shows_its_variables_with_their_types_scope_by_scope(divide: Desk) -> None:
    ticket_id = divide.open()
    divide.complete(ticket_id, pairs=3)
    (row,) = divide.rows(Instance)
    detail = instances.one(divide.engine, CLERK, row.id)
    told = [
        (scope.name, scope.around, [(variable.name, variable.kind, variable.text) for variable in scope.variables])
        for scope in detail.scopes
    ]
    assert told == [
        ("Divide", "", [("pairs", "number", "3"), ("share", "number", "4.0"), ("stock", "number", "12")]),
        ("Packing", "Pack", [("share", "number", "4.0")]),
    ]


def test_long_values_are_cut(divide: Desk) -> None:
    ticket_id = divide.open()
    (row,) = divide.rows(Instance)
    token = divide.task(ticket_id).token
    commands.set_variables(divide.engine, row.id, CLERK, {"long": "x" * 100_000}, "why", token=token)
    (scope,) = instances.one(divide.engine, CLERK, row.id).scopes
    (long,) = [variable for variable in scope.variables if variable.name == "long"]
    assert (long.cut, len(long.text)) == (True, 2_000)


def test_an_instance_that_cannot_be_read_says_so(divide: Desk) -> None:
    divide.open()
    (row,) = divide.rows(Instance)
    with divide.database.begin() as tx:
        tx.execute(update(Instance).values(state=b"{}"))
    detail = instances.one(divide.engine, CLERK, row.id)
    assert "format" in detail.unreadable
    assert detail.scopes == []


def test_counting_stops_at_a_limit(divide: Desk) -> None:
    job = {"type": "mail", "payload": {}, "package_id": "desk", "state": "failed", "created_at": divide.clock()}
    with divide.database.begin() as tx:
        tx.execute(insert(Job), [{**job, "id": f"j{number}"} for number in range(MOST + 5)])
    found = overview(divide.engine, CLERK).jobs_failed
    assert (found, found.more) == (MOST, True)


def copied(desk: Desk, table: type[Base], **others: object) -> None:
    """Much history: many rows like the first one, with other values where told so."""
    pattern = dict(desk.rows(table)[0]._mapping)
    since = {name: value for name, value in pattern.items() if name.endswith("_at") and value is not None}
    earlier = [{name: at - timedelta(hours=n + 1) for name, at in since.items()} for n in range(4_000)]
    made = [
        {**pattern, **before, **others, "id": 10_000 + n if isinstance(pattern["id"], int) else f"old-{n}"}
        for n, before in enumerate(earlier)
    ]
    with desk.database.begin() as tx:
        tx.execute(insert(table), made)


def test_lists_are_led_by_their_indexes(divide: Desk) -> None:
    engine = divide.engine
    with pytest.raises(StepKept):
        divide.complete(divide.open(), pairs=0)
    divide.complete(divide.open(), pairs=3)
    messages.publish(engine, "desk", "nobody", "k", {}, CLERK)
    job = {"type": "mail", "payload": {}, "package_id": "desk", "state": "done", "created_at": divide.clock()}
    mail = {
        "message_id": "<m>", "package_id": "desk", "sender": "a@b.example", "recipient": "c@d.example", "subject": "",
        "text": "", "state": "sent", "created_at": divide.clock(),
    }  # fmt: skip
    with divide.database.begin() as tx:
        tx.execute(insert(Job), [{**job, "id": "job"}])
        tx.execute(insert(Mail), [{**mail, "id": f"mail-{n}", "message_id": f"<{n}>"} for n in range(4_000)])
    copied(divide, Job)
    copied(divide, Incident, state="resolved")
    copied(divide, Instance, ended_at=divide.clock(), outcome="completed", troubled=False)
    copied(divide, Message, state="delivered", next_attempt_at=None)
    with divide.database.begin() as tx:
        timer = divide.rows(Timer)[0]
        dues = [{"id": f"t{n}", "token": 1_000 + n, "due_at": timer.due_at + timedelta(hours=n)} for n in range(4_000)]
        tx.execute(insert(Timer), [{**timer._mapping, **due} for due in dues])
        tx.exec_driver_sql("ANALYZE")
    wanted = {
        "ix_incidents_state_id|ix_incidents_package_id_state_id": lambda: incidents.listed(engine, CLERK),
        "ix_jobs_state_created_at": lambda: outbox.jobs(engine, CLERK, state="failed"),
        "ix_mails_state_created_at": lambda: outbox.mails(engine, CLERK, state="failed"),
        "ix_timers_due_at": lambda: timers.listed(engine, CLERK, which="overdue"),
        "ix_messages_state_expires_at": lambda: waiting.listed(engine, CLERK),
        "ix_instances_running": lambda: instances.listed(engine, CLERK, state="running"),
        "ix_instances_troubled": lambda: instances.listed(engine, CLERK, state="troubled"),
        "ix_instances_started_at": lambda: instances.listed(engine, CLERK, before=divide.clock()),
    }
    found = {names: plans(divide, work) for names, work in wanted.items()}
    assert {names: plan for names, plan in found.items() if not any(name in plan for name in names.split("|"))} == {}
