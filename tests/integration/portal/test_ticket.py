"""A ticket as its customer sees it: whose turn, by when, what was said, what is to be decided, and by whom."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import insert

from engine.commands import actions
from engine.commands.files import attachments
from engine.queries.portal import conversation
from engine.storage.tables import Attachment, Note, Ticket
from tests.support.files import PDF
from tests.support.statements import counting


def attach(portal: Any, by: str, ticket: int, name: str, **more: Any) -> int:
    return attachments.attach(portal.engine, portal[by], ticket, name, io.BytesIO(PDF), **more).id


def decide(portal: Any, name: str, ticket: int, **data: Any) -> Any:
    visitor = portal.visitor(name)
    headers = {"X-CSRF-Token": visitor.signed_in.csrf, "Sec-Fetch-Site": "same-origin"}
    path = f"/user-tasks/{portal.task(ticket, 'decide')}/complete"
    return visitor.client.post(path, json={"data": data}, headers=headers)


def test_it_says_that_it_is_our_turn_and_by_when(portal):
    ticket = portal.open("carla", "Non si apre", "Da **ieri**.")
    page = portal.visitor("carla").page(f"/tickets/{ticket}")
    (told,) = page.marked("standing-told")
    assert told.startswith("We owe you an answer by")
    assert page.marked("is-present") == ["Being checked"]
    assert page.marked("is-passed")[0].startswith("Received")
    assert "Da ieri." in page.text and "MR-2026-00001" in page.text
    assert "<strong>ieri</strong>" in page.answer.text


def test_it_says_when_we_are_late(portal):
    ticket = portal.open()
    portal.clock.advance(days=30)
    assert "We are late" in portal.visitor("carla").page(f"/tickets/{ticket}").text


def test_a_question_stands_above_all_and_an_answer_passes_the_turn_on(portal):
    ticket = portal.open()
    portal.done("paola", ticket, "check_request", complete="no", question="Quale versione del CRM usa?")
    visitor = portal.visitor("carla")
    page = visitor.page(f"/tickets/{ticket}")
    assert page.marked("standing-told") == ["We are waiting for your answer."]
    assert page.marked("standing-question") == ["Quale versione del CRM usa?"]
    form = {"text": "La 5.2", "public": "1", "expects": "staff", "once": "a" * 32}
    answer = visitor.post(f"/tickets/{ticket}/notes", form)
    assert answer.status_code == 303
    page = visitor.page(f"/tickets/{ticket}")
    assert page.marked("standing-told")[0].startswith("We owe you an answer")
    assert portal.rows(Ticket)[0].status == "waiting_us"


def test_what_was_said_stands_in_order_without_what_is_internal(portal):
    ticket = portal.working()
    portal.note("bruno", ticket, "Ci lavoro.")
    portal.note("bruno", ticket, "Cliente difficile.", public=False)
    portal.note("dario", ticket, "<script>alert(1)</script> Grazie")
    attach(portal, "bruno", ticket, "segreto.pdf", public=False)
    page = portal.visitor("carla").page(f"/tickets/{ticket}")
    said = page.marked("said")
    assert ["Carla" in said[0], "Ci lavoro." in said[1], "Grazie" in said[2]] == [True] * 3
    assert "difficile" not in page.answer.text and "segreto" not in page.answer.text
    assert "<script>alert" not in page.answer.text


def test_files_stand_where_they_came_from(portal):
    ticket = portal.working()
    attach(portal, "carla", ticket, "richiesta.pdf")
    note = portal.note("carla", ticket, "Ecco.")
    number = attach(portal, "carla", ticket, "schermata.pdf", note_id=note)
    visitor = portal.visitor("dario")
    said = visitor.page(f"/tickets/{ticket}").marked("said")
    assert "richiesta.pdf" in said[0] and "schermata.pdf" in said[1] and "schermata" not in said[0]
    got = visitor.get(f"/tickets/{ticket}/attachments/{number}")
    assert (got.status_code, got.data) == (200, PDF)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_of_very_many_files_the_newest_and_those_of_shown_notes_stay(portal, monkeypatch):
    monkeypatch.setattr(conversation, "MOST_FILES", 3)
    ticket = portal.open()
    columns = {"place": "", "at": portal.clock(), "media_type": "text/plain", "size": 1, "hash": "", "public": True}
    with portal.database.begin() as tx:
        tx.execute(insert(Attachment), [{**columns, "ticket_id": ticket, "name": f"{n}.txt"} for n in range(60)])
    attach(portal, "carla", ticket, "note.pdf", note_id=portal.note("carla", ticket, "Ecco."))
    portal.visitor("carla").upload(f"note:{ticket}", "waits.pdf", PDF)
    told = conversation.of_ticket(portal.engine, portal["carla"], ticket)
    assert [file.name for file in told.files] == ["57.txt", "58.txt", "59.txt"]
    assert [file.name for file in told.messages[-1].files] == ["note.pdf"]
    assert [file.name for file in told.waiting] == ["waits.pdf"]


def test_foreign_and_missing_things_are_told_alike(portal):
    ticket = portal.open()
    public = attach(portal, "carla", ticket, "a.pdf")
    internal = attach(portal, "paola", ticket, "b.pdf", public=False)
    elena, carla = portal.visitor("elena"), portal.visitor("carla")
    answers = [
        elena.get(f"/tickets/{ticket}"), elena.get("/tickets/999"),
        elena.get(f"/tickets/{ticket}/attachments/{public}"),
        carla.get(f"/tickets/{ticket}/attachments/{internal}"), carla.get(f"/tickets/{ticket}/attachments/999"),
        elena.post(f"/tickets/{ticket}/notes", {"text": "x"}), elena.post("/tickets/999/notes", {"text": "x"}),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.split("<main")[-1] for answer in answers}) == 1
    assert portal.rows(Note) == []


@pytest.mark.parametrize("name", ["carla", "anna"])
def test_the_requester_and_an_approver_decide_on_a_quote(portal, name):
    ticket = portal.quoted()
    page = portal.visitor(name).page(f"/tickets/{ticket}")
    assert page.marked("standing-told") == ["We are waiting for your decision."]
    assert page.find("//*[@data-form]")[0].get("data-action").startswith("/user-tasks/")
    assert "1,200" in page.text
    answer = decide(portal, name, ticket, decision="accept")
    assert (answer.status_code, answer.json) == (200, {"next": f"/tickets/{ticket}"})
    assert portal.rows(Ticket)[0].status == "waiting_us"


def test_others_of_the_company_see_it_and_are_told_who_decides(portal):
    ticket = portal.quoted()
    page = portal.visitor("dario").page(f"/tickets/{ticket}")
    assert "This is decided by Anna, Carla." in page.text
    assert "Un nuovo modulo di ricerca." in page.text
    assert not [form for form in page.find("//*[@data-form]") if "user-tasks" in form.get("data-action")]
    assert decide(portal, "dario", ticket, decision="accept").status_code in (403, 409)
    assert decide(portal, "elena", ticket, decision="accept").status_code in (404, 409)
    assert portal.rows(Ticket)[0].status == "waiting_customer"


@pytest.mark.parametrize(
    ("data", "status", "step"),
    [
        ({"decision": "revise", "changes": "Solo la ricerca per cognome"}, "waiting_us", "Quote"),
        ({"decision": "refuse"}, "closed", "Finished"),
        ({"decision": "accept"}, "waiting_us", "Being checked"),
    ],
)
def test_every_decision_goes_its_own_way(portal, data, status, step):
    ticket = portal.quoted()
    assert decide(portal, "carla", ticket, **data).status_code == 200
    assert portal.rows(Ticket)[0].status == status
    assert portal.visitor("carla").page(f"/tickets/{ticket}").marked("is-present") == [step]


def test_a_decision_without_what_it_needs_is_refused_at_the_field(portal):
    ticket = portal.quoted()
    answer = decide(portal, "carla", ticket, decision="revise")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["changes"])


def test_a_note_that_cant_be_taken_keeps_what_was_typed_and_its_files(portal):
    ticket = portal.open()
    visitor = portal.visitor("carla")
    visitor.upload(f"note:{ticket}", "a.pdf", PDF)
    answer = visitor.post(f"/tickets/{ticket}/notes", {"text": "x" * 60_000, "public": "1", "once": "a" * 32})
    assert answer.status_code == 422
    assert "x" * 60_000 in answer.text and "a.pdf" in answer.text
    assert portal.rows(Note) == []


def test_a_closed_ticket_says_so_and_leads_to_a_new_one(portal):
    ticket = portal.open()
    actions.act(portal.engine, ticket, "withdraw", {}, portal["carla"])
    page = portal.visitor("carla").page(f"/tickets/{ticket}")
    assert page.marked("standing-told") == ["This request is finished."]
    assert page.find("//form[contains(@class, 'composer')]") == []
    (link,) = [link.get("href") for link in page.find("//main//a") if "/tickets/new?" in link.get("href")]
    assert "MR-2026-00001" in portal.visitor("carla").page(link).value("text")


def test_what_may_be_done_besides_stands_at_the_end(portal):
    ticket = portal.open()
    visitor = portal.visitor("carla")
    page = visitor.page(f"/tickets/{ticket}")
    assert page.marked("portal-action")[0].startswith("Withdraw the request")
    headers = {"X-CSRF-Token": visitor.signed_in.csrf, "Sec-Fetch-Site": "same-origin"}
    answer = visitor.client.post(f"/tickets/{ticket}/actions/withdraw", json={"data": {}}, headers=headers)
    assert (answer.status_code, portal.rows(Ticket)[0].status) == (200, "cancelled")


def test_a_long_conversation_comes_in_pages(portal):
    ticket = portal.working()
    for number in range(50):
        portal.note("carla", ticket, f"Nota {number}.")
    visitor = portal.visitor("carla")
    page = visitor.page(f"/tickets/{ticket}")
    assert "Nota 49." in page.text and "Nota 9." not in page.text
    (earlier,) = [link.get("href") for link in page.find("//main//a") if "before=" in link.get("href")]
    before = visitor.page(earlier)
    assert "Nota 9." in before.text and "Nota 49." not in before.text


def test_the_fields_are_told_in_words(portal):
    ticket = portal.quoted()
    page = portal.visitor("carla").page(f"/tickets/{ticket}")
    (facts,) = page.marked("facts")
    assert "Amount (euro, before VAT) 1,200" in facts and "Estimated days of work 4" in facts
    assert "Quote for new development" in facts
    assert "modulo di ricerca" not in facts


@pytest.mark.parametrize("state", ["open", "quoted", "working", "closed"])
def test_no_state_of_a_ticket_needs_many_statements(portal, state):
    ticket = {"open": portal.open, "quoted": portal.quoted, "working": portal.working, "closed": portal.open}[state]()
    if state == "closed":
        actions.act(portal.engine, ticket, "withdraw", {}, portal["carla"])
    for number in range(5 if state == "working" else 0):
        attach(portal, "carla", ticket, "a.pdf", note_id=portal.note("carla", ticket, f"Nota {number}"))
    visitor = portal.visitor("carla")
    visitor.page(f"/tickets/{ticket}")
    with counting(portal.database) as counted:
        visitor.page(f"/tickets/{ticket}")
    assert len(counted) <= 15, "\n".join(counted.statements)


def test_a_link_in_a_mail_leads_there_after_sign_in(portal):
    ticket = portal.open()
    visitor = portal.visitor("carla")
    visitor.client.delete_cookie("iter_session")
    answer = visitor.get(f"/tickets/{ticket}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next=%2Ftickets%2F{ticket}")
