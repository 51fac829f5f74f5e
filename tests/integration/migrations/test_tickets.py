"""A ticket goes on by another version of its package: what is open on it stays, and shows what the new one says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.commands import incidents, tickets, user_tasks
from engine.commands.people import drafts
from engine.domain.errors import Forbidden, Invalid, NotFound
from engine.storage.tables import Clock, Draft, Incident, Instance, JournalEntry, Subscription, Ticket, Timer
from engine.storage.tables.user_tasks import NEVER
from engine.worker import Worker
from tests.integration.migrations.conftest import Owner
from tests.support.desk import CLERK, COBBLER, STRANGER, desk_files
from tests.support.statements import counting
from tests.support.visitors import text_of, visitor

LATE = "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
LOOK = 'name="Look at it" camunda:formKey="look" camunda:candidateGroups="clerk"'
GOAL = '<camunda:property name="goal" value="reply"/>'
CLOSER = 'name="Look closely" camunda:formKey="closer" camunda:candidateGroups="clerk,cobbler"'


def test_a_user_task_is_added_and_the_tickets_of_before_come_to_it_or_are_taken_back(owner: Owner) -> None:
    desk, ticket_id = owner.desk, owner.desk.open()
    before = desk.rows(Instance)[0]
    version = owner.add_task()
    assert owner.migrate(ticket_id, version) == 1
    (moved,) = desk.rows(Instance)
    assert (moved.state, moved.deployment_id, moved.revision) == (before.state, version, before.revision + 1)
    assert owner.migrate(ticket_id, 1) == 1
    assert desk.rows(Ticket)[0].deployment_id == before.deployment_id
    owner.migrate(ticket_id, version)
    desk.complete(ticket_id, pairs=1)
    assert (desk.task(ticket_id).element, desk.task(ticket_id).form) == ("check", "check")
    with pytest.raises(tickets.NotMoved, match="'Check it' is gone"):
        owner.migrate(ticket_id, 1)
    owner.migrate(ticket_id, 1, {("repair", "check"): "mend"})
    assert (desk.task(ticket_id).element, desk.task(ticket_id).groups) == ("mend", ["clerk"])
    desk.complete(ticket_id)
    assert desk.rows(Instance)[0].outcome == "completed"


def test_an_open_user_task_stays_whose_it_is_and_shows_what_the_new_version_says(owner: Owner) -> None:
    desk, ticket_id = owner.desk, owner.desk.open()
    task = desk.task(ticket_id)
    user_tasks.claim(owner.engine, task.id, CLERK)
    drafts.keep(owner.engine, CLERK, f"user-task:{task.id}", {"pairs": 3})
    closer = {"forms/closer.form": desk_files()["forms/look.form"].replace(b'"look"', b'"closer"')}
    owner.migrate(ticket_id, owner.deploy((LOOK, CLOSER), files=closer))
    shown = desk.task(ticket_id)
    assert (shown.id, shown.assignee_id, shown.key, shown.opened_at) == (task.id, CLERK.id, task.key, task.opened_at)
    assert (shown.name, shown.form, shown.groups) == ("Look closely", "closer", ["clerk", "cobbler"])
    assert (shown.due_at, shown.goal) == (task.due_at, "reply")
    assert len(desk.rows(Draft)) == 1
    user_tasks.release(owner.engine, task.id, CLERK)
    user_tasks.claim(owner.engine, task.id, COBBLER)
    owner.migrate(ticket_id, owner.deploy((GOAL, "")))
    assert (desk.task(ticket_id).due_at, desk.task(ticket_id).warning_at) == (NEVER, None)
    owner.migrate(ticket_id, 1)
    back = desk.task(ticket_id)
    assert {**back._mapping, "assignee_id": None, "offered": True} == dict(task._mapping)


def test_a_timer_and_a_clock_go_on_with_the_time_that_they_have_run(owner: Owner) -> None:
    desk, ticket_id = owner.desk, owner.desk.open()
    (timer,), clocks = desk.rows(Timer), desk.rows(Clock)
    desk.clock.advance(minutes=40)
    owner.migrate(ticket_id, owner.deploy(('name="Look at it"', 'name="Look closely"')))
    assert desk.rows(Timer) == [timer]
    owner.migrate(ticket_id, owner.deploy((LATE, LATE.replace("PT1H", "PT2H"))))
    (later,) = desk.rows(Timer)
    assert (later.due_at, later.token) == (timer.due_at + timedelta(hours=1), timer.token)
    owner.migrate(ticket_id, owner.deploy((LATE, LATE.replace("PT1H", "working(&quot;PT3H&quot;)"))))
    assert desk.rows(Timer)[0].due_at == timer.due_at + timedelta(hours=2)
    owner.migrate(ticket_id, owner.deploy((LATE, LATE.replace("PT1H", "PT30M"))))
    assert Worker(owner.engine).tick()
    assert desk.rows(JournalEntry, JournalEntry.command == "timers.fire", JournalEntry.element == "look_late")
    assert desk.rows(Clock) == clocks


def test_what_waits_beside_a_task_comes_and_goes_with_the_version(owner: Owner) -> None:
    desk, ticket_id = owner.desk, owner.desk.open()
    withdrawn = (
        '<bpmn:boundaryEvent id="gone" attachedToRef="look"><bpmn:messageEventDefinition messageRef="m_withdrawn"/>'
        '</bpmn:boundaryEvent><bpmn:sequenceFlow id="f99" sourceRef="gone" targetRef="told2"/>'
    )
    version = owner.deploy(('<bpmn:endEvent id="told2"/>', f'<bpmn:endEvent id="told2"/>{withdrawn}'))
    owner.migrate(ticket_id, version)
    (subscription,) = desk.rows(Subscription)
    assert (subscription.message, subscription.element) == ("withdrawn", "gone")
    owner.migrate(ticket_id, 1)
    assert desk.rows(Subscription) == []


def test_a_ticket_whose_step_has_failed_is_moved_and_goes_on_when_it_is_tried_again(owner: Owner) -> None:
    desk, ticket_id = owner.desk, owner.desk.open()
    with pytest.raises(Exception, match="could not go on"):
        desk.complete(ticket_id, pairs=0)
    owner.migrate(ticket_id, owner.deploy(("rest = 12 / pairs", "rest = pairs")))
    (incident,) = desk.rows(Incident)
    assert incident.state == "open"
    incidents.retry(owner.engine, incident.id, CLERK)
    assert desk.task(ticket_id).element == "mend"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "gone"}, "The ticket has 'gone' as 'status', which the new version lacks."),
        ({"category": "hats"}, "The ticket has 'hats' as 'category', which the new version lacks."),
        ({"fields": {"size": "large"}}, "The ticket has 'large' as 'size', which the new version lacks."),
    ],
)
def test_a_ticket_with_what_the_new_version_lacks_stays(owner: Owner, change: dict[str, Any], told: str) -> None:
    desk, ticket_id = owner.desk, owner.desk.open()
    version = owner.add_task()
    with desk.database.begin() as tx:
        tx.execute(update(Ticket).values(**change))
    with pytest.raises(tickets.NotMoved) as refused:
        owner.migrate(ticket_id, version)
    assert [finding.problem for finding in refused.value.findings] == [told]
    assert owner.version_of(ticket_id) == {1}


def test_who_may_not_deploy_moves_nothing_and_what_there_is_not_is_told(owner: Owner) -> None:
    ticket_id, version = owner.desk.open(), owner.add_task()
    with owner.desk.database.begin() as tx:
        tx.execute(update(Ticket).values(department="leather"))
    with pytest.raises(Forbidden):
        tickets.migrate(owner.engine, COBBLER, ticket_id, version, {})
    with pytest.raises(NotFound):
        tickets.migrate(owner.engine, STRANGER, ticket_id, version, {})
    with pytest.raises(NotFound):
        owner.migrate(ticket_id, 9)
    with pytest.raises(Invalid):
        owner.migrate(ticket_id, version, {("repair", "look"): "nowhere"})


def test_the_journal_says_who_moved_it_from_where_to_where(owner: Owner) -> None:
    ticket_id, version = owner.desk.open(), owner.add_task()
    owner.migrate(ticket_id, version)
    entry = owner.desk.rows(JournalEntry, JournalEntry.command == "tickets.migrate")[-1]
    (instance,) = owner.desk.rows(Instance)
    assert (entry.actor_id, entry.ticket_id) == (CLERK.id, ticket_id)
    assert entry.data == {
        "from_deployments": [1], "to_deployment": version, "instances": [instance.id], "mapping": [],
    }  # fmt: skip


def test_a_ticket_takes_a_fixed_number_of_statements(owner: Owner) -> None:
    ticket_id, version = owner.desk.open(), owner.add_task()
    owner.engine.version(version)
    with counting(owner.desk.database) as counted:
        owner.migrate(ticket_id, version)
    assert len(counted) <= 14, counted.statements
    assert counted.commits == 1


def test_no_page_breaks_on_a_ticket_whose_elements_the_version_never_had(owner: Owner) -> None:
    desk, ticket_id = owner.desk, owner.desk.open()
    version = owner.add_task()
    owner.migrate(ticket_id, version)
    desk.complete(ticket_id, pairs=1)
    owner.migrate(ticket_id, 1, {("repair", "check"): "mend"})
    instance, task = desk.rows(Instance)[0].id, desk.task(ticket_id).id
    reader = visitor(owner.engine, CLERK)
    places = (
        f"/tickets/{ticket_id}", f"/tickets/{ticket_id}/timeline", f"/tickets/{ticket_id}/stream", f"/inbox/{task}",
        f"/tickets/{ticket_id}/diagram", f"/instances/{instance}/diagram.json", f"/operations/instances/{instance}",
    )  # fmt: skip
    for place in places:
        assert reader.get(place).status_code == 200, place
    assert "Clara moved the ticket to another version of its process" in text_of(reader.get(places[1]))
