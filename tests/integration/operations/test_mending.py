"""What failed is mended: with other values, other variables, or left as it is; the journal says what changed."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands import incidents, instances, timers
from engine.commands.stepping import StepKept
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.queries.operations.mending import Mending, mending
from engine.storage.tables import Incident, Instance, JournalEntry, Ticket, UserTask
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, STRANGER


def stuck(desk: Desk, pairs: int = 0) -> Mending:
    """The incident of a ticket whose script divides by zero."""
    ticket_id = desk.open()
    with pytest.raises(StepKept) as kept:
        desk.complete(ticket_id, pairs=pairs)
    return mending(desk.engine, CLERK, kept.value.incident_id)


def late(desk: Desk) -> Mending:
    """The incident of a timer in a called process, whose script divides by what it was given."""
    ticket_id = desk.open()
    desk.complete(ticket_id, pairs=4)
    desk.clock.advance(hours=1)
    (timer_id,) = timers.due(desk.engine)
    assert timers.fire(desk.engine, timer_id) == "kept"
    (row,) = desk.rows(Incident)
    return mending(desk.engine, CLERK, row.id)


def told(desk: Desk, command: str) -> dict[str, Any]:
    """What the journal keeps of the latest command of that name."""
    entries = desk.rows(JournalEntry, JournalEntry.command == command, JournalEntry.kind == "command")
    return dict(entries[-1].data)


def test_an_incident_says_where_it_stands_what_to_do_and_what_was_given(divide: Desk) -> None:
    found = stuck(divide)
    incident = found.incident
    assert (incident.process, incident.element, incident.label) == ("Divide", "share", "Share out")
    assert (incident.cause, incident.tries, incident.failed_at) == ("diagram", 1, divide.clock())
    assert incident.number.startswith("D-")
    assert "script" in found.remedy[0]
    assert [(variable.name, variable.kind, variable.text) for variable in found.given or []] == [
        ("pairs", "number", "0")
    ]
    assert [(variable.name, variable.text) for variable in found.seen or []] == [("stock", "12")]


def test_other_values_in_place_of_those_that_were_given_let_it_go_on(divide: Desk) -> None:
    found = stuck(divide)
    incidents.retry(divide.engine, found.incident.id, CLERK, {"pairs": 2})
    assert [row.state for row in divide.rows(Incident)] == ["resolved"]
    assert [row.troubled for row in divide.rows(Instance)] == [False]
    data = told(divide, "incidents.retry")
    assert (data["variables"], data["variables_before"]) == ({"pairs": 2}, {"pairs": 0})


def test_another_try_that_fails_is_counted_and_keeps_since_when(divide: Desk) -> None:
    found = stuck(divide)
    divide.clock.advance(minutes=5)
    with pytest.raises(StepKept):
        incidents.retry(divide.engine, found.incident.id, CLERK)
    again = mending(divide.engine, CLERK, found.incident.id).incident
    assert (again.tries, again.raised_at, again.failed_at) == (2, found.incident.raised_at, divide.clock())


def test_variables_of_the_process_are_written_before_the_step_is_taken_again(divide: Desk) -> None:
    found = late(divide)
    assert [(variable.name, variable.text) for variable in found.seen or []] == [("share", "3.0")]
    assert found.given is None
    incidents.retry(divide.engine, found.incident.id, CLERK, instance_variables={"share": 5})
    assert [row.outcome for row in divide.rows(Instance)] == ["completed"]
    data = told(divide, "incidents.retry")
    assert (data["instance_variables"], data["instance_variables_before"]) == ({"share": 5}, {"share": 3.0})


def test_where_the_step_fails_again_the_variables_are_as_they_were(divide: Desk) -> None:
    found = late(divide)
    with pytest.raises(StepKept):
        incidents.retry(divide.engine, found.incident.id, CLERK, instance_variables={"share": "many"})
    again = mending(divide.engine, CLERK, found.incident.id)
    assert [variable.text for variable in again.seen or []] == ["3.0"]
    incidents.retry(divide.engine, found.incident.id, CLERK, instance_variables={"share": 5})
    assert [row.outcome for row in divide.rows(Instance)] == ["completed"]


def test_names_that_expressions_mean_something_by_are_refused(divide: Desk) -> None:
    found = late(divide)
    with pytest.raises(Invalid) as refused:
        incidents.retry(divide.engine, found.incident.id, CLERK, instance_variables={"ticket": 1, "share": 5})
    assert list(refused.value.fields) == ["ticket"]


def test_a_timer_that_failed_cannot_be_left_undone(divide: Desk) -> None:
    found = late(divide)
    assert not found.may_stay
    with pytest.raises(Conflict, match="cancel the process"):
        incidents.resolve(divide.engine, found.incident.id, CLERK, "never mind")


def test_a_user_task_that_can_be_completed_otherwise_lets_its_incident_be_resolved_with_a_reason(divide: Desk) -> None:
    found = stuck(divide)
    assert found.may_stay
    incidents.resolve(divide.engine, found.incident.id, CLERK, "The clerk answers again")
    resolved = mending(divide.engine, CLERK, found.incident.id)
    assert (resolved.incident.state, resolved.incident.reason) == ("resolved", "The clerk answers again")
    assert resolved.resolved_by == "Clara"
    assert [row.troubled for row in divide.rows(Instance)] == [False]
    divide.complete(found.incident.ticket or 0, pairs=3)


@pytest.mark.parametrize("actor", [COBBLER, STRANGER], ids=["no operator", "customer"])
def test_only_who_operates_the_package_mends(divide: Desk, actor: Actor) -> None:
    found = stuck(divide)
    with pytest.raises((Forbidden, NotFound)):
        incidents.retry(divide.engine, found.incident.id, actor)
    with pytest.raises((Forbidden, NotFound)):
        incidents.resolve(divide.engine, found.incident.id, actor, "mine")
    with pytest.raises(NotFound):
        mending(divide.engine, actor, found.incident.id)


def test_many_are_tried_again_one_by_one(divide: Desk) -> None:
    first, second = stuck(divide), stuck(divide)
    with divide.database.begin() as tx:
        for row in divide.rows(Incident, Incident.id == second.incident.id):
            event = {**row.event, "data": {"pairs": 6}}
            tx.execute(Incident.__table__.update().where(Incident.id == row.id).values(event=event))
    retried = incidents.retry_each(divide.engine, [first.incident.id, second.incident.id, 999], CLERK)
    assert retried.done == (second.incident.id,)
    assert list(retried.failed) == [first.incident.id, 999]
    assert incidents.retry_each(divide.engine, [first.incident.id], CLERK, patience=-1).left == (first.incident.id,)


def test_variables_of_a_running_instance_are_changed_where_a_token_sees_them(divide: Desk) -> None:
    ticket_id = divide.open()
    (instance,) = divide.rows(Instance)
    token = divide.task(ticket_id).token
    instances.set_variables(divide.engine, instance.id, CLERK, {"stock": 30, "hint": "x"}, "More came", token=token)
    data = told(divide, "instances.set_variables")
    assert data["variables_before"] == {"stock": 12, "hint": None}
    assert data["reason"] == "More came"
    divide.complete(ticket_id, pairs=3)
    changed = divide.rows(JournalEntry, JournalEntry.kind == "variables_changed")
    assert {"share": 10.0} in [row.data["variables"] for row in changed]


def test_changing_variables_of_an_instance_that_went_on_meanwhile_is_refused(divide: Desk) -> None:
    ticket_id = divide.open()
    (instance,) = divide.rows(Instance)
    task = divide.task(ticket_id)
    divide.complete(ticket_id, pairs=3)
    given = (divide.engine, instance.id, CLERK, {"stock": 1}, "why")
    with pytest.raises(Conflict, match="gone on"):
        instances.set_variables(*given, token=task.token, revision=instance.revision)
    with pytest.raises(Conflict, match="moved on"):
        instances.set_variables(*given, token=task.token)


def test_changing_variables_resolves_no_incident(divide: Desk) -> None:
    found = stuck(divide)
    row = divide.rows(Incident)[0]
    instances.set_variables(divide.engine, row.instance_id, CLERK, {"stock": 24}, "why", token=row.token)
    assert mending(divide.engine, CLERK, found.incident.id).incident.state == "open"
    assert [row.troubled for row in divide.rows(Instance)] == [True]


def test_an_instance_whose_first_step_failed_can_be_cancelled(divide: Desk) -> None:
    ticket_id = divide.open()
    (instance,) = divide.rows(Instance, Instance.ticket_id == ticket_id)
    with divide.database.begin() as tx:
        tx.execute(Instance.__table__.update().where(Instance.id == instance.id).values(state=None))
    instances.cancel(divide.engine, instance.id, CLERK, "It never began")
    (ended,) = divide.rows(Instance)
    assert (ended.outcome, ended.troubled) == ("cancelled", False)


def test_an_instance_that_cannot_be_read_can_be_cancelled_with_all_that_it_waits_for(divide: Desk) -> None:
    ticket_id = divide.open()
    (instance,) = divide.rows(Instance, Instance.ticket_id == ticket_id)
    with divide.database.begin() as tx:
        tx.execute(Instance.__table__.update().where(Instance.id == instance.id).values(state=b'{"format": 99}'))
    instances.cancel(divide.engine, instance.id, CLERK, "Nobody can read it")
    assert [row.outcome for row in divide.rows(Instance)] == ["cancelled"]
    assert [row.state for row in divide.rows(UserTask)] == ["cancelled"]
    assert divide.rows(Incident) == []
    (entry,) = divide.rows(JournalEntry, JournalEntry.kind == "instance_ended")
    assert entry.data == {"outcome": "cancelled", "unread": True}
    assert divide.rows(Ticket)[0].status == ""
