"""A scenario out of a ticket: who gets it, what of the ticket it tells, and where it ends."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import delete

from engine.commands import incidents, messages, notes, tickets, user_tasks
from engine.commands.instances import cancelling, variables
from engine.commands.packages import deployments, policies
from engine.commands.stepping import StepKept
from engine.domain.actors import SYSTEM, Actor
from engine.domain.errors import Conflict, NotFound
from engine.queries.packages import policies as policies_read
from engine.queries.packages import retelling
from engine.queries.packages.retelling import Retold, retold, scenario_of
from engine.spiff.scenarios import run_package
from engine.storage.tables import Incident, Instance, JournalEntry, Ticket, UserTask
from engine.worker import Worker
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, desk_files
from tests.support.statements import counting
from tests.unit.spiff.drawing import MESSAGE, node, path, process, xml

MARK = "Xq"
CONDITION = "<bpmn:conditionalEventDefinition><bpmn:condition>{}</bpmn:condition></bpmn:conditionalEventDefinition>"


def told(desk: Desk, ticket_id: int = 1, version: int = 1) -> Retold:
    """The ticket's scenario, which goes its way as far as it tells."""
    found = retold(desk.engine, CLERK, ticket_id)
    (result,) = run_package(desk.engine.version(version), {"s": found.content.encode()}, desk.engine.sandbox).results
    assert (result.differences, result.path) == ((), found.path), found.content
    return found


def way(desk: Desk) -> tuple[str, ...]:
    return tuple(row.element for row in desk.rows(JournalEntry, JournalEntry.kind == "element_entered"))


def test_nothing_that_somebody_wrote_is_left(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    parts = [{"type": "textfield", "key": key, "label": key} for key in ("owner_name", "address")]
    form = json.loads(desk_files()["forms/look.form"])
    form["components"] += parts
    deployments.deploy(desk.engine, {**desk_files(), "forms/look.form": json.dumps(form).encode()}, SYSTEM, "folder")
    ticket_id = tickets.open(
        desk.engine, OWNER, "desk", f"{MARK}subject", f"{MARK}text\n{MARK}", {"size": 43}
    ).ticket_id
    desk.complete(ticket_id, pairs=2, owner_name=f"{MARK} Rossi", address=f"{MARK}@home.example")
    tickets.edit(desk.engine, CLERK, ticket_id, {"subject": f"{MARK}edited", "assignee": CLERK.id})
    notes.add(desk.engine, ticket_id, CLERK, f"{MARK}?", expects="customer")
    notes.add(desk.engine, ticket_id, CLERK, f"{MARK} internal", public=False)
    brought = {"note": {"text": f"{MARK}", f"{MARK}key": [f"{MARK} Rossi", 7]}}
    messages.publish(desk.engine, "desk", "answer", str(ticket_id), brought, CLERK)
    found = retold(desk.engine, CLERK, ticket_id)
    (result,) = run_package(desk.engine.version(2), {"s": found.content.encode()}, desk.engine.sandbox).results
    assert (result.differences, result.path, found.problem) == ((), way(desk), "")
    people = [word for person in (CLERK, COBBLER, OWNER) for word in (person.name, person.email)]
    number = desk.rows(Ticket)[0].number
    assert not [word for word in (MARK, "Rossi", "home.example", "Company", number, *people) if word in found.content]
    assert all(word in found.content for word in ("pairs: 2", "size: 43", "expects: customer", "public: false", "7]"))


def test_what_failed_and_was_tried_again_is_told(desk: Desk) -> None:
    ticket_id = desk.open()
    with pytest.raises(StepKept):
        desk.complete(ticket_id, pairs=0)
    (incident,) = desk.rows(Incident)
    incidents.retry(desk.engine, incident.id, CLERK, {"pairs": 3})
    found = told(desk)
    assert (found.path, found.problem) == (way(desk), "")
    assert "incidents: [reckon]" in found.content
    assert "# An operator tried again what had failed" in found.content


def test_timers_that_fired_late_fire_when_they_are_due(desk: Desk) -> None:
    desk.open()
    desk.clock.advance(hours=5, seconds=7.5)
    Worker(desk.engine).tick()
    found = told(desk)
    assert (found.path, found.problem) == (way(desk), "")
    assert "look_late" in found.path


def test_it_ends_where_a_timer_came_too_late(desk: Desk) -> None:
    """Nothing was working: in the scenario the timer fires before the user task is done."""
    ticket_id = desk.open()
    desk.clock.advance(hours=2)
    desk.complete(ticket_id, pairs=2)
    found = told(desk)
    assert found.path == way(desk)[:2]
    assert "# The ticket went on, but from here a scenario can't tell it: " in found.content
    assert "`look_late`" in found.problem


def test_what_an_operator_does_is_said_in_a_comment(desk: Desk) -> None:
    ticket_id = desk.open()
    (instance,) = desk.rows(Instance)
    token = desk.task(ticket_id).token
    variables.set_variables(desk.engine, instance.id, CLERK, {"pairs": 1}, "test", token=token)
    desk.complete(ticket_id, pairs=2)
    found = told(desk)
    assert (found.path, found.problem) == (way(desk), "")
    assert "# Here an operator gave variables other values; no step does that." in found.content
    cancelling.cancel(desk.engine, instance.id, CLERK, "enough")
    assert "ended a process" in told(desk).content


def test_only_who_sees_it_and_may_deploy_gets_it(desk: Desk) -> None:
    ticket_id = desk.open()
    assert scenario_of(desk.engine, CLERK, ticket_id)
    for actor, which in ((OWNER, ticket_id), (COBBLER, ticket_id), (Actor(99), ticket_id), (CLERK, 404)):
        with pytest.raises(NotFound, match="no such ticket"):
            scenario_of(desk.engine, actor, which)


def test_without_the_beginning_nothing_can_be_told(desk: Desk) -> None:
    ticket_id = desk.open()
    with desk.database.begin() as tx:
        tx.execute(delete(JournalEntry).where(JournalEntry.command == "tickets.open"))
    with pytest.raises(Conflict, match="how this ticket was opened"):
        scenario_of(desk.engine, CLERK, ticket_id)


def test_it_costs_the_same_however_much_has_happened(desk: Desk) -> None:
    ticket_id = desk.open()
    counts = []
    for _ in range(2):
        with counting(desk.database) as counted:
            scenario_of(desk.engine, CLERK, ticket_id)
        counts.append(len(counted))
        notes.add(desk.engine, ticket_id, CLERK, "More")
    assert counts == [5, 5]


def test_what_comes_from_outside_is_told_when_it_reaches_the_ticket(make_desk: Callable[..., Desk]) -> None:
    """A message that was kept for a while; a signal; user tasks of one element, the later one first."""
    desk = make_desk()
    loop = "multiInstanceLoopCharacteristics"
    both = f"<bpmn:{loop}><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:{loop}>"
    drawn = process(
        node("userTask", "each", both, {"groups": "clerk"}),
        node("intermediateCatchEvent", "word", MESSAGE.format("m")),
        node("intermediateCatchEvent", "bell", '<bpmn:signalEventDefinition signalRef="sig"/>'),
        node("intermediateCatchEvent", "sorted", CONDITION.format('ticket.category == "shoes"')),
        path("s", "each", "word", "bell", "sorted", "e"),
    )
    deployments.deploy(desk.engine, {**desk_files("p"), "p.bpmn": xml(drawn)}, SYSTEM, "folder")
    ticket_id = desk.open()
    later, earlier = reversed(desk.rows(UserTask))
    messages.publish(desk.engine, "desk", "m", str(ticket_id), {"who": f"{MARK} Rossi", "pairs": 2}, CLERK)
    user_tasks.complete(desk.engine, later.id, {}, CLERK)
    user_tasks.complete(desk.engine, earlier.id, {}, CLERK)
    desk.clock.advance(seconds=3)
    Worker(desk.engine).tick()
    messages.broadcast(desk.engine, "desk", "alarm", {"pairs": 3}, SYSTEM)
    Worker(desk.engine).tick()
    tickets.edit(desk.engine, CLERK, ticket_id, {"category": "shoes"})
    found = told(desk, version=2)
    assert (found.path, found.problem) == (way(desk), "")
    lines = (
        "item: 2",
        "message: m",
        "{pairs: 2, Text 3: Text 4}",
        "signal: alarm",
        "{pairs: 3}",
        "edit: {category: shoes}",
    )
    assert [line for line in lines if line not in found.content] == []
    assert MARK not in found.content


def test_a_deadline_of_a_changed_policy_is_left_out_with_a_comment(desk: Desk) -> None:
    policy = policies_read.current(desk.engine, CLERK, "desk").policy
    policy["rows"][0]["target"] = "PT8H"
    policies.change(desk.engine, SYSTEM, "desk", policy, 1)
    ticket_id = desk.open()
    desk.complete(ticket_id, pairs=2)
    found = told(desk)
    assert (found.path, found.problem) == (way(desk), "")
    assert found.content.count("# This isn't so here: expected the deadline of `reply`") == 2
    assert "deadlines" not in found.content


def test_a_long_story_is_told_as_far_as_its_first_part_goes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket_id = desk.open()
    for _ in range(9):
        notes.add(desk.engine, ticket_id, CLERK, "More")
    desk.complete(ticket_id, pairs=2)
    whole = told(desk).content
    monkeypatch.setattr(retelling, "ROWS", 14)
    part = told(desk)
    assert "too long" in part.problem
    assert 2 < part.content.count("note: ") < whole.count("note: ") == 9
