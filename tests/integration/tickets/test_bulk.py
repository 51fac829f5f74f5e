"""Many tickets at once: each has its own transaction, and the report says which stayed as they were, and why."""

from __future__ import annotations

import pytest

from engine.commands import bulk
from engine.domain.errors import Invalid
from engine.storage.tables import JournalEntry, Note, Ticket, UserTask
from tests.support.office import Office


def assignees(office: Office) -> dict[int, int | None]:
    return {row.id: row.assignee_id for row in office.rows(Ticket)}


def elements(office: Office, ticket_id: int) -> set[str]:
    rows = office.rows(UserTask, UserTask.ticket_id == ticket_id, UserTask.state == "open")
    return {row.element for row in rows}


def test_tickets_that_wait_for_somebody_to_be_named_go_on_and_others_are_edited(office: Office) -> None:
    waiting, fresh = office.classified(), office.open()
    bruno = office["bruno"].id
    report = bulk.assign(office.engine, office["paola"], [waiting, fresh], bruno)
    assert (report.done, report.failed) == ([waiting, fresh], [])
    assert assignees(office) == {waiting: bruno, fresh: bruno}
    assert "assign" not in elements(office, waiting)
    assert elements(office, fresh) == {"check_request"}


def test_a_ticket_that_is_worked_on_is_given_to_somebody_else_as_its_process_does_it(office: Office) -> None:
    ticket = office.working()
    report = bulk.assign(office.engine, office["paola"], [ticket], office["vera"].id)
    assert report.done == [ticket]
    assert assignees(office) == {ticket: office["vera"].id}
    (entry,) = office.rows(JournalEntry, JournalEntry.command == "actions.act", JournalEntry.kind == "command")
    assert entry.data["data"]["assignee"] == office["vera"].id


def test_what_cannot_be_done_is_told_and_the_rest_is_done(office: Office) -> None:
    good, other = office.classified(), office.classified("quote")
    report = bulk.assign(office.engine, office["paola"], [good, 999, other, good], office["bruno"].id)
    assert report.done == [good]
    assert [failed.ticket_id for failed in report.failed] == [999, other]
    assert [str(failed.problem) for failed in report.failed] == ["There is no such ticket.", "Nobody in this group."]


def test_who_may_not_assign_changes_nothing(office: Office) -> None:
    ticket = office.classified()
    for who in ("carla", "elena"):
        report = bulk.assign(office.engine, office[who], [ticket], office["bruno"].id)
        assert report.done == []
    assert assignees(office) == {ticket: None}


def test_a_foreign_ticket_is_told_of_like_a_missing_one_whatever_it_waits_for(office: Office) -> None:
    foreign = [office.open(), office.classified(), office.working()]
    for do in (
        lambda ids: bulk.assign(office.engine, office["elena"], ids, office["bruno"].id),
        lambda ids: bulk.note(office.engine, office["elena"], ids, "Saluti", public=True),
    ):
        report = do([*foreign, 999])
        assert {str(failed.problem) for failed in report.failed} == {"There is no such ticket."}
        assert len(report.failed) == 4


def test_a_note_is_added_to_each_ticket_that_takes_one(office: Office) -> None:
    mine, foreign = office.open("carla"), office.open("elena")
    report = bulk.note(office.engine, office["carla"], [mine, foreign], "Saluti", public=True)
    assert (report.done, [failed.ticket_id for failed in report.failed]) == ([mine], [foreign])
    assert [(row.ticket_id, row.text, row.public) for row in office.rows(Note)] == [(mine, "Saluti", True)]


def test_too_many_tickets_and_no_text_are_refused_before_anything_is_done(office: Office) -> None:
    ticket = office.open()
    with pytest.raises(Invalid):
        bulk.note(office.engine, office["paola"], range(1, bulk.MOST + 2), "Saluti")
    with pytest.raises(Invalid):
        bulk.note(office.engine, office["paola"], [ticket], "  ")
    assert office.rows(Note) == []
