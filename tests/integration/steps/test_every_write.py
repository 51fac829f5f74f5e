"""Whatever statement of a step fails, nothing of the step is written: state, journal, timers and outbox stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, select

from engine.commands import user_tasks
from engine.commands.packages import deployments
from engine.domain import effects
from engine.domain.actors import SYSTEM
from engine.storage.database import Database
from engine.storage.tables import Base, JournalEntry, UserTask
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, desk_files
from tests.unit.spiff.drawing import ERROR, MESSAGE, TIMER, flow, node, path, process, xml

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
WEBHOOK = (
    '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="url">http://127.0.0.1:9/'
    "</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>"
)
CLERKS = {"camunda__candidateGroups": "clerk"}


def job(id_: str) -> str:
    return node("serviceTask", id_, WEBHOOK, camunda__type="external", camunda__topic="webhook")


def waiting(mark: str) -> str:
    """One of each that waits, and what leads there."""
    other, hear, asks, late = (f"{mark}_{part}" for part in ("other", "hear", "job", "late"))
    return (
        node("parallelGateway", f"{mark}_f") + node("userTask", other, **CLERKS)
        + node("boundaryEvent", late, TIMER.format("PT1H"), attachedToRef=other) + path(late, other)
        + node("receiveTask", hear, messageRef="msg_m") + job(asks)
        + "".join(flow(f"{mark}_f", part) for part in (other, hear, asks))
    )  # fmt: skip


#: completing `say` takes away all that waits, does all that an element can say, and lets the same wait anew
DRAWN = xml(process(
    node("subProcess", "around", node("startEvent", "a_s") + waiting("a") + path("a_s", "a_f")
         + node("userTask", "say", camunda__formKey="look", **CLERKS) + node("endEvent", "off", ERROR)
         + flow("a_f", "say") + flow("say", "off")),
    node("boundaryEvent", "caught", ERROR, attachedToRef="around"),
    node("task", "does", properties={
        "status": "with_us", "requestType": "repair", "set.size": "=41", "note": "Done.", "noteExpects": "nobody",
        "mail": "late", "mailTo": "staff", "clockStart": "reply",
    }),
    node("scriptTask", "counts", "<bpmn:script>n = 1</bpmn:script>", properties={"clockMeet": "reply"}),
    node("sendTask", "sends", messageRef="msg_n"), node("intermediateThrowEvent", "calls", SIGNAL), waiting("b"),
    path("s", "around", "e"), path("caught", "does", "counts", "sends", "calls", "b_f"),
    node("subProcess", "over", node("startEvent", "over_s", MESSAGE.format("m")) + node("endEvent", "over_e")
         + path("over_s", "over_e"), triggeredByEvent="true"),
))  # fmt: skip


class Full(Exception):
    """The disk is."""


@contextmanager
def failing_at(database: Database, number: int) -> Iterator[list[str]]:
    """The statement of that number fails; gives those before it."""
    done: list[str] = []

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(("BEGIN", "SAVEPOINT", "ROLLBACK", "RELEASE")):
            if len(done) == number:
                raise Full
            done.append(statement)

    event.listen(database.sql, "before_cursor_execute", before)
    try:
        yield done
    finally:
        event.remove(database.sql, "before_cursor_execute", before)


def everything(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with database.read() as tx:
        return {
            table.name: list(map(tuple, tx.execute(select(table).order_by(*table.primary_key.columns))))
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk with a ticket at `say`, and with all that can wait beside it."""
    deployments.deploy(desk.engine, {**desk_files("p"), "p.bpmn": DRAWN}, SYSTEM, "editor")
    desk.open()
    return desk


def test_a_step_is_written_whole_or_not_at_all(busy: Desk) -> None:
    (task,) = busy.rows(UserTask, UserTask.element == "say")
    before = everything(busy.database)
    for number in count():
        try:
            with failing_at(busy.database, number) as done:
                user_tasks.complete(busy.engine, task.id, {"pairs": 1}, CLERK)
                break
        except Full:
            assert everything(busy.database) == before, done[-1:]
    assert number > 15
    told = {entry.kind for entry in busy.rows(JournalEntry)}
    kinds = {kind.kind for kind in effects.Effect.__subclasses__()} - {"instance_ended"}
    assert kinds <= told, kinds - told
