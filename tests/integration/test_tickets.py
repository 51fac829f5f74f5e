"""Tickets and notes: who opens, edits, sees and says what, and what is refused at the edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.commands import announcements, incidents, instances, notes, tickets, user_tasks
from engine.commands.packages import deployments
from engine.domain.actors import SYSTEM, Membership
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.domain.events import from_json
from engine.storage.tables import Incident, Instance, Involvement, Job, Note, Ticket, UserTask
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER, desk_files


def test_staff_open_for_a_customer(desk: Desk) -> None:
    opened = tickets.open(desk.engine, CLERK, "desk", "Heel", "By phone.", requester=OWNER.id)
    (ticket,) = desk.rows(Ticket)
    assert (ticket.id, ticket.requester_id, ticket.company_id, ticket.opened_by) == (opened.ticket_id, 3, 1, CLERK.id)
    assert {row.account_id: row.reason for row in desk.rows(Involvement)} == {3: "requester", 1: "watcher"}


def test_who_may_not_open(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        tickets.open(desk.engine, COBBLER, "desk", "Heel", "")
    with pytest.raises(Forbidden):
        tickets.open(desk.engine, OWNER, "desk", "Heel", "", requester=STRANGER.id)
    with pytest.raises(NotFound):
        tickets.open(desk.engine, replace(OWNER, memberships=()), "desk", "Heel", "")
    with pytest.raises(NotFound):
        tickets.open(desk.engine, OWNER, "nowhere", "Heel", "")
    with pytest.raises(Invalid):
        tickets.open(desk.engine, CLERK, "desk", "Heel", "", requester=4711)
    assert desk.rows(Ticket) == []


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("subject", {"subject": ""}),
        ("subject", {"subject": "a\0"}),
        ("subject", {"subject": "\udc00"}),
        ("subject", {"subject": "x" * 1_000_000}),
        ("text", {"text": "x" * 1_000_000}),
        ("size", {"fields": {"size": "large"}}),
        ("size", {"fields": {"size": float("nan")}}),
        ("nonsense", {"fields": {"nonsense": 1}}),
        ("agreed", {"fields": {"agreed": "2026-03-31"}}),
    ],
)
def test_bad_input_is_refused_with_the_field(desk: Desk, field: str, values: dict) -> None:
    given = {"subject": "Heel", "text": "", **values}
    with pytest.raises(Invalid) as caught:
        tickets.open(desk.engine, OWNER, "desk", **given)
    assert field in caught.value.fields
    assert desk.rows(Ticket) == []


def test_a_ticket_whose_process_cannot_begin_is_kept(desk: Desk, monkeypatch) -> None:
    from engine.commands.stepping import steps
    from engine.domain.errors import StepFailed

    real = steps.advance

    def failing(*_args: object) -> object:
        raise StepFailed("opened", "It broke.")

    monkeypatch.setattr(steps, "advance", failing)
    opened = tickets.open(desk.engine, OWNER, "desk", "Heel", "")
    assert opened.problem == "It broke."
    (incident,) = desk.rows(Incident)
    assert from_json(incident.event).kind == "started"
    monkeypatch.setattr(steps, "advance", real)
    incidents.retry(desk.engine, incident.id, CLERK)
    assert desk.task(opened.ticket_id).element == "look"


@pytest.mark.parametrize("wrong", [0, -1, 10**30, "1", "\0", "\ud800", None, True])
def test_what_can_be_no_id_is_not_found(desk: Desk, wrong: Any) -> None:
    for command in (
        lambda: notes.add(desk.engine, wrong, CLERK, "x"),
        lambda: user_tasks.complete(desk.engine, wrong, {}, CLERK),
        lambda: incidents.retry(desk.engine, wrong, CLERK),
        lambda: instances.cancel(desk.engine, wrong, CLERK, "x"),
        lambda: tickets.open(desk.engine, CLERK, wrong, "x", "y"),
    ):
        with pytest.raises(NotFound):
            command()


def test_editing_by_hand(desk: Desk) -> None:
    ticket_id = desk.open()
    tickets.edit(desk.engine, CLERK, ticket_id, {"department": "leather", "assignee": COBBLER.id, "size": 41})
    (ticket,) = desk.rows(Ticket)
    assert (ticket.department, ticket.assignee_id, ticket.fields["size"]) == ("leather", COBBLER.id, 41)
    assert COBBLER.id in {row.account_id for row in desk.rows(Involvement)}
    for wrong in ({"status": "closed"}, {"assignee": 4711}, {"department": "moon"}, {"subject": ""}):
        with pytest.raises(Invalid) as caught:
            tickets.edit(desk.engine, CLERK, ticket_id, wrong)
        assert caught.value.fields.keys() == wrong.keys()
    with pytest.raises(Forbidden):
        tickets.edit(desk.engine, OWNER, ticket_id, {"size": 40})


def test_departments_see_their_tickets(desk: Desk) -> None:
    ticket_id = desk.open()
    with pytest.raises(NotFound):
        notes.add(desk.engine, ticket_id, COBBLER, "Hm.")
    tickets.edit(desk.engine, CLERK, ticket_id, {"department": "leather"})
    notes.add(desk.engine, ticket_id, COBBLER, "Hm.")
    tickets.edit(desk.engine, CLERK, ticket_id, {"department": ""})
    notes.add(desk.engine, ticket_id, COBBLER, "I'm involved now.")


def test_a_note_involves_its_author_and_is_mailed(desk: Desk) -> None:
    ticket_id = desk.open()
    added = notes.add(desk.engine, ticket_id, CLERK, "Only among us.", public=False)
    (note,) = desk.rows(Note)
    assert (note.id, note.author_id, note.public, note.expects) == (added.note_id, CLERK.id, False, "nobody")
    assert {row.account_id for row in desk.rows(Involvement)} == {OWNER.id, CLERK.id}
    (job,) = desk.rows(Job)
    assert (job.payload["to"], job.payload["template"]) == ("staff", "note")
    assert job.payload["variables"]["note"]["text"] == "Only among us."


def test_notes_that_are_refused(desk: Desk) -> None:
    ticket_id = desk.open()
    with pytest.raises(NotFound):
        notes.add(desk.engine, ticket_id, STRANGER, "Let me in.")
    with pytest.raises(Forbidden):
        notes.add(desk.engine, ticket_id, OWNER, "Secret.", public=False)
    with pytest.raises(Invalid):
        notes.add(desk.engine, ticket_id, CLERK, "x", public=False, expects="customer")
    with pytest.raises(Invalid):
        notes.add(desk.engine, ticket_id, CLERK, "\0")
    desk.complete(ticket_id, pairs=1)
    desk.complete(ticket_id)
    with pytest.raises(Conflict, match="closed"):
        notes.add(desk.engine, ticket_id, OWNER, "Thanks!")
    assert desk.rows(Note) == []


def test_cancelling_an_instance_closes_what_is_open(desk: Desk) -> None:
    ticket_id = desk.open()
    (instance,) = desk.rows(Instance)
    with pytest.raises(NotFound):
        instances.cancel(desk.engine, instance.id, STRANGER, "No.")
    with pytest.raises(Forbidden):
        instances.cancel(desk.engine, instance.id, OWNER, "No.")
    instances.cancel(desk.engine, instance.id, CLERK, "Wrong ticket.")
    assert desk.rows(Instance)[0].outcome == "cancelled"
    assert [task.state for task in desk.rows(UserTask)] == ["cancelled"]
    with pytest.raises(Conflict):
        instances.cancel(desk.engine, instance.id, CLERK, "Again.")
    notes.add(desk.engine, ticket_id, CLERK, "Gone.")


def test_signals_come_after_the_commit_and_their_failures_are_nobodys(desk: Desk) -> None:
    seen: list[tuple[str, object]] = []

    def note(engine: object, *, ticket_id: int, **values: object) -> None:
        seen.append(("opened", desk.rows(Ticket, Ticket.id == ticket_id)[0].number))
        raise RuntimeError("the receiver's own business")

    def task(engine: object, *, element: str, **values: object) -> None:
        seen.append(("task", element))

    announcements.ticket_opened.connect(note)
    announcements.user_task_opened.connect(task)
    desk.open()
    assert seen == [("opened", "D-2026-0001"), ("task", "look")]
    with pytest.raises(Invalid):
        tickets.open(desk.engine, OWNER, "desk", "", "")
    assert len(seen) == 2


def test_the_system_and_administrators_see_everything(desk: Desk) -> None:
    ticket_id = desk.open()
    notes.add(desk.engine, ticket_id, SYSTEM, "By Iter.")
    administrator = replace(STRANGER, administrator=True, memberships=(Membership("other", "x"),))
    notes.add(desk.engine, ticket_id, replace(administrator, kind="staff"), "By an administrator.")


def test_a_note_opens_a_closed_ticket_again_where_the_package_says_so(desk: Desk) -> None:
    settings = desk_files()["package.toml"].replace(b'closed_note = "refuse"', b'closed_note = "reopen"')
    deployments.deploy(desk.engine, {**desk_files(), "package.toml": settings}, CLERK, "api")
    ticket_id = desk.open()
    desk.complete(ticket_id, pairs=1)
    desk.complete(ticket_id)
    added = notes.add(desk.engine, ticket_id, OWNER, "It came off again.")
    assert (added.reopened, added.message) == (True, "")
    assert desk.task(ticket_id).element == "first"


def test_seeing_a_field_is_not_giving_it_when_opening(desk: Desk) -> None:
    files = desk_files()
    seen = files["package.toml"].replace(b'given_by = ["customer", "staff"]\n', b"")
    deployments.deploy(desk.engine, {**files, "package.toml": seen}, SYSTEM, "api")
    with pytest.raises(Invalid) as caught:
        tickets.open(desk.engine, OWNER, "desk", "Heel", "", fields={"size": 41})
    assert "size" in caught.value.fields


@pytest.mark.parametrize("account", [STRANGER.id, OWNER.id, 4711])
def test_only_staff_of_the_package_can_be_assigned_by_hand(desk: Desk, account: int) -> None:
    ticket = tickets.open(desk.engine, OWNER, "desk", "Heel", "").ticket_id
    with pytest.raises(Invalid) as caught:
        tickets.edit(desk.engine, CLERK, ticket, {"assignee": account})
    assert "assignee" in caught.value.fields
    tickets.edit(desk.engine, CLERK, ticket, {"assignee": COBBLER.id})
    assert desk.rows(Ticket)[0].assignee_id == COBBLER.id
