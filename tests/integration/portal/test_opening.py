"""Opening a ticket by the page: what is asked, what is kept, what is shown as the same, and that it happens once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import insert

from engine.commands import idempotency
from engine.commands.people import accounts, drafts
from engine.domain.actors import SYSTEM
from engine.queries.people import drafts as kept
from engine.storage.database import Database
from engine.storage.tables import Attachment, IdempotencyKey, Ticket
from tests.support.files import PDF, image
from tests.support.statements import counting

FORM = {"package": "mrdoc", "key": "a" * 32, "subject": "Il CRM non salva", "text": "Premo Salva e non succede nulla."}


def number_of(answer: Any) -> int:
    assert answer.status_code == 303, answer.text
    return int(re.fullmatch(r"/tickets/(\d+)", answer.headers["Location"])[1])  # type: ignore[index]


def test_a_customer_opens_a_ticket_for_themselves(portal):
    ticket_id = number_of(portal.visitor("carla").post("/tickets/new", FORM))
    (ticket,) = portal.rows(Ticket)
    assert (ticket.id, ticket.subject, ticket.text) == (ticket_id, FORM["subject"], FORM["text"])
    assert (ticket.requester_id, ticket.company_id, ticket.opened_by) == (portal["carla"].id, 1, portal["carla"].id)


def test_the_form_has_the_packages_hints_in_the_readers_language(portal):
    visitor = portal.visitor("carla")
    assert "One problem per request" in visitor.page("/tickets/new").text
    italian = visitor.get("/tickets/new", headers={"Accept-Language": "it"}).text
    assert "Un solo problema per richiesta" in italian


def test_errors_keep_what_was_typed(portal):
    answer = portal.visitor("carla").post("/tickets/new", {**FORM, "subject": "  \n "})
    assert answer.status_code == 422
    assert FORM["text"] in answer.text
    assert 'href="#field-subject"' in answer.text
    assert portal.rows(Ticket) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("subject", "x" * 201), ("text", "x" * 20_001), ("attachment", "999"), ("attachment", "1" * 30)],
)
def test_what_cant_be_taken_opens_nothing(portal, field, value):
    assert portal.visitor("carla").post("/tickets/new", {**FORM, field: value}).status_code == 422
    assert portal.rows(Ticket) == []


@pytest.mark.parametrize("subject", ["a\r\nBcc: x@example.com", "a\nb", " a \t b "])
def test_a_subject_becomes_one_line(portal, subject):
    portal.visitor("carla").post("/tickets/new", {**FORM, "subject": subject})
    assert portal.rows(Ticket)[0].subject == " ".join(subject.split())


def test_the_same_form_opens_one_ticket_however_often_it_is_sent(portal):
    visitor = portal.visitor("carla")
    first, again = (visitor.post("/tickets/new", FORM) for _ in range(2))
    assert number_of(first) == number_of(again)
    assert len(portal.rows(Ticket)) == 1


def test_a_double_click_opens_one_ticket(portal):
    visitors = [portal.visitor("carla") for _ in range(2)]
    together, answers = Barrier(2), []

    def send(visitor: Any) -> None:
        together.wait()
        answers.append(visitor.post("/tickets/new", FORM))

    threads = [Thread(target=send, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number_of(answer) for answer in answers} == {portal.rows(Ticket)[0].id}
    assert len(portal.rows(Ticket)) == 1


def test_who_goes_back_and_writes_something_else_is_asked_first(portal):
    visitor = portal.visitor("carla")
    visitor.post("/tickets/new", FORM)
    other = visitor.post("/tickets/new", {**FORM, "subject": "Il sito non risponde"})
    assert other.status_code == 422
    assert "Send it again to open one more ticket" in other.text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', other.text)[1]  # type: ignore[index]
    assert key != FORM["key"]
    visitor.post("/tickets/new", {**FORM, "subject": "Il sito non risponde", "key": key})
    assert len(portal.rows(Ticket)) == 2


def test_without_a_script_a_form_that_is_sent_twice_leaves_no_file_for_the_next_ticket(portal):
    visitor = portal.visitor("carla")
    first, again = (
        number_of(visitor.post("/tickets/new", {**FORM, "file": (io.BytesIO(PDF), "a.pdf")})) for _ in range(2)
    )
    assert first == again
    assert [row.ticket_id for row in portal.rows(Attachment)] == [first]


def test_a_ticket_and_the_end_of_its_draft_are_one(portal, monkeypatch):
    visitor, carla = portal.visitor("carla"), portal["carla"]
    drafts.keep(portal.engine, carla, "ticket:mrdoc", {"subject": "A metà"})
    monkeypatch.setattr("engine.storage.people.drafts.drop", lambda *_: 1 / 0)
    assert visitor.post("/tickets/new", FORM).status_code == 500
    assert portal.rows(Ticket) == []


def test_who_has_to_wait_too_long_keeps_what_was_typed_under_the_same_key(portal, monkeypatch):
    monkeypatch.setattr(idempotency, "PATIENCE", 0.1)
    visitor, now = portal.visitor("carla"), portal.clock()
    row = {"account_id": portal["carla"].id, "key": f"page-{FORM['key']}", "request_hash": "", "created_at": now}
    other = Database(portal.database.url.render_as_string(hide_password=False))
    with other.sql.connect() as writer, writer.begin() as writing:
        writer.execute(insert(IdempotencyKey).values(**row, expires_at=now))
        answer = visitor.post("/tickets/new", FORM)
        writing.rollback()
    other.close()
    assert (answer.status_code, FORM["text"] in answer.text) == (409, True)
    assert f'name="key" value="{FORM["key"]}"' in answer.text
    number_of(visitor.post("/tickets/new", FORM))


def test_a_key_is_each_ones_own(portal):
    for name in ("carla", "elena"):
        number_of(portal.visitor(name).post("/tickets/new", FORM))
    assert len(portal.rows(Ticket)) == 2


def test_a_draft_is_there_again_until_it_is_sent_or_thrown_away(portal):
    visitor, carla = portal.visitor("carla"), portal["carla"]
    drafts.keep(portal.engine, carla, "ticket:mrdoc", {"subject": "A metà", "text": "Scrivevo…"})
    visitor.upload("ticket:mrdoc", "a.pdf", PDF)
    page = visitor.page("/tickets/new")
    assert (page.value("subject"), page.value("text")) == ("A metà", "Scrivevo…")
    assert page.marked("upload")[0].startswith("a.pdf")
    visitor.post("/tickets/new/afresh", {"package": "mrdoc"})
    page = visitor.page("/tickets/new")
    assert (page.value("subject"), page.marked("upload"), portal.rows(Attachment)) == ("", [], [])
    drafts.keep(portal.engine, carla, "ticket:mrdoc", {"subject": "A metà"})
    visitor.post("/tickets/new", FORM)
    assert kept.of(portal.engine, carla, "ticket:mrdoc") is None


def test_files_that_were_uploaded_come_with_the_ticket(portal):
    visitor = portal.visitor("carla")
    taken = [
        visitor.upload("ticket:mrdoc", name, content) for name, content in [("a.pdf", PDF), ("b.png", image("PNG"))]
    ]
    assert [answer.status_code for answer in taken] == [201, 201]
    ids = [re.search(r'name="attachment" value="(\d+)"', answer.text)[1] for answer in taken]  # type: ignore[index]
    ticket_id = number_of(visitor.post("/tickets/new", {**FORM, "attachment": ids}))
    assert [(row.name, row.ticket_id) for row in portal.rows(Attachment)] == [
        ("a.pdf", ticket_id),
        ("b.png", ticket_id),
    ]


def test_without_a_script_files_come_with_the_form_and_stay_when_it_has_errors(portal):
    visitor = portal.visitor("carla")
    form = {**FORM, "subject": "", "file": [(io.BytesIO(PDF), "a.pdf"), (io.BytesIO(b"MZ"), "virus.exe")]}
    refused = visitor.post("/tickets/new", form, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "virus" not in re.findall(r'name="attachment"', refused.text)
    (number,) = re.findall(r'name="attachment" value="(\d+)"', refused.text)
    assert ".exe can&#39;t be attached" in refused.text
    ticket_id = number_of(visitor.post("/tickets/new", {**FORM, "attachment": number}))
    assert [row.ticket_id for row in portal.rows(Attachment)] == [ticket_id]


def test_without_a_script_a_file_is_taken_away_by_its_button(portal):
    visitor = portal.visitor("carla")
    visitor.upload("ticket:mrdoc", "a.pdf", PDF)
    (row,) = portal.rows(Attachment)
    answer = visitor.post("/tickets/new", {**FORM, "attachment": str(row.id), "discard": str(row.id)})
    assert (answer.status_code, portal.rows(Attachment), portal.rows(Ticket)) == (200, [], [])
    assert FORM["text"] in answer.text


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.exe", b"MZ", "can&#39;t be attached"),
        ("a.pdf", b"MZ", "content isn&#39;t that of"),
        ("a.pdf", b"", "empty"),
        ("<script>.pdf", b"", "&lt;script&gt;"),
    ],
)
def test_a_file_that_cant_be_taken_says_why(portal, name, content, told):
    answer = portal.visitor("carla").upload("ticket:mrdoc", name, content)
    assert (answer.status_code, told in answer.text) == (422, True), answer.text
    assert portal.rows(Attachment) == []


def test_nobody_throws_away_anothers_file(portal):
    portal.visitor("carla").upload("ticket:mrdoc", "a.pdf", PDF)
    (row,) = portal.rows(Attachment)
    elena = portal.visitor("elena")
    assert elena.post(f"/uploads/{row.id}/discard").status_code == 404
    assert elena.post("/tickets/new", {**FORM, "attachment": str(row.id)}).status_code == 422
    assert portal.rows(Attachment)[0].ticket_id is None


def test_an_upload_needs_the_sessions_token(portal):
    visitor = portal.visitor("carla")
    visitor.signed_in = type("Nobody", (), {"csrf": "wrong"})()
    assert visitor.upload("ticket:mrdoc", "a.pdf", PDF).status_code == 403
    assert portal.rows(Attachment) == []


def alike(portal: Any, name: str, **form: str) -> str:
    answer = portal.visitor(name).post("/tickets/new/alike", {**FORM, **form})
    assert answer.status_code == 200
    return str(answer.text)


def test_open_tickets_about_the_same_are_shown(portal):
    portal.open("dario", "Il CRM non salva gli ordini con due indirizzi")
    portal.open("carla", "Foto mancanti sul sito")
    shown = alike(portal, "carla", subject="Non riesco a salvare un ordine con due indirizzi nel CRM", text="")
    assert "MR-2026-00001" in shown and "MR-2026-00002" not in shown


def test_closed_and_foreign_tickets_are_not_shown_as_the_same(portal):
    from engine.commands import actions

    subject = "Il CRM non salva gli ordini con due indirizzi"
    portal.open("elena", subject)
    closed = portal.open("carla", subject)
    actions.act(portal.engine, closed, "withdraw", {}, portal["carla"])
    assert "MR-" not in alike(portal, "carla", subject=subject, text="")


def test_staff_open_a_ticket_for_a_customer(portal):
    visitor = portal.visitor("paola")
    assert "Carla" in visitor.get("/tickets/new/people?package=mrdoc&who=carl").text
    refused = visitor.post("/tickets/new", FORM)
    assert refused.status_code == 422 and "Choose for whom the ticket is" in refused.text
    ticket_id = number_of(visitor.post("/tickets/new", {**FORM, "requester": str(portal["carla"].id)}))
    (ticket,) = portal.rows(Ticket)
    assert (ticket.id, ticket.requester_id, ticket.opened_by) == (ticket_id, portal["carla"].id, portal["paola"].id)


@pytest.mark.parametrize("text", ["carla@", "VAT", "IT01234567890", "rossi", "ar"])
def test_customers_are_found_by_name_address_company_and_vat_number(portal, text):
    found = portal.visitor("paola").get(f"/tickets/new/people?package=mrdoc&who={text}").text
    assert ("Carla" in found) == (text != "VAT")


def test_the_chosen_customer_stays_while_one_searches_on(portal):
    carla = portal["carla"].id
    found = portal.visitor("paola").get(f"/tickets/new/people?package=mrdoc&who=elena&requester={carla}").text
    assert found.index("Carla") < found.index("Elena")
    assert re.search(rf'value="{carla}"[^>]*checked', found)


def test_what_is_alike_for_staff_is_the_customers_own(portal):
    subject = "Il CRM non salva gli ordini con due indirizzi"
    portal.open("elena", subject)
    for who, count in [("carla", 0), ("elena", 1), ("", 0)]:
        requester = {"requester": str(portal[who].id)} if who else {}
        assert alike(portal, "paola", subject=subject, text="", **requester).count("MR-") == count


def test_customers_names_are_not_for_customers(portal):
    visitor = portal.visitor("carla")
    assert visitor.get("/tickets/new/people?package=mrdoc&who=elena").status_code == 404
    ticket_id = number_of(visitor.post("/tickets/new", {**FORM, "requester": str(portal["elena"].id)}))
    assert portal.rows(Ticket, Ticket.id == ticket_id)[0].requester_id == portal["carla"].id


def test_who_is_nothing_in_a_package_opens_nothing_there(portal):
    accounts.set_memberships(portal.engine, SYSTEM, portal["elena"].id, "mrdoc", {})
    visitor = portal.visitor("elena")
    missing = visitor.post("/tickets/new", {**FORM, "package": "nothing"})
    foreign = visitor.post("/tickets/new", FORM)
    assert [missing.status_code, foreign.status_code, visitor.get("/tickets/new").status_code] == [404, 404, 404]
    assert portal.rows(Ticket) == []


def test_no_page_of_opening_needs_many_statements(portal):
    for _ in range(5):
        portal.open("carla", "Il CRM non salva gli ordini")
    drafts.keep(portal.engine, portal["carla"], "ticket:mrdoc", {"subject": "Il CRM non salva gli ordini", "text": "x"})
    asked: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "form": ("carla", lambda visitor: visitor.get("/tickets/new")),
        "alike": ("carla", lambda visitor: visitor.post("/tickets/new/alike", FORM)),
        "people": ("paola", lambda visitor: visitor.get("/tickets/new/people?package=mrdoc&who=a&requester=6")),
    }
    for name, ask in asked.values():
        visitor = portal.visitor(name)
        with counting(portal.database) as counted:
            assert ask(visitor).status_code == 200
        assert len(counted) <= 15, "\n".join(counted.statements)
