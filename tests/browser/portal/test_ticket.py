"""A customer's ticket in a browser: quotes are decided, questions answered, by mouse, by keys, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in, violations
from tests.support.files import PDF
from tests.support.journey_tickets import Ticket

ASKED = "Quale versione del CRM usa?"


@pytest.fixture
def quoted(opened: Callable[..., Ticket], desk: Desk) -> Ticket:
    """A quote that Carla, or Anna for her, is to decide on."""
    ticket = opened("carla", "Un modulo di ricerca", "Per cognome.")
    ticket.done("paola", "check_request", complete="yes", category="quote")
    ticket.done("paola", "assign", assignee=desk.company["quirino"].id)
    quote = {"quote_text": "Un modulo con **ricerca**.", "quote_amount": 1200, "quote_days": 4}
    ticket.done("quirino", "estimate", competent="yes", **quote)
    return ticket


@pytest.fixture
def asked(opened: Callable[..., Ticket]) -> Ticket:
    """A ticket that waits for Carla's answer."""
    ticket = opened("carla", "Non si apre")
    ticket.done("paola", "check_request", complete="no", question=ASKED)
    return ticket


def told(page: Page) -> Any:
    return page.locator(".standing-told")


def confirm(page: Page) -> None:
    page.locator(".decision [data-form-send]").click()


@pytest.mark.parametrize(("width", "who"), [(WIDE, "carla"), (NARROW, "anna")])
def test_a_quote_is_accepted(desk: Desk, quoted: Ticket, width: int, who: str) -> None:
    page = desk.visit(who, quoted.path, width=width)
    expect(told(page)).to_have_text("Aspettiamo la sua decisione.")
    expect(page.locator(".decision .facts")).to_contain_text("1.200")
    page.get_by_label(re.compile("Accetto il preventivo")).check()
    confirm(page)
    expect(told(page)).to_contain_text("Le dobbiamo una risposta")
    assert quoted.state == "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA MR DOC"
    assert not scrolls_sideways(page)


def test_a_quote_is_sent_back_with_what_is_to_be_revised(desk: Desk, quoted: Ticket) -> None:
    page = desk.visit("carla", quoted.path)
    page.get_by_label("Chiedo una revisione").check()
    confirm(page)
    expect(page.locator(".decision").get_by_role("alert").first).to_be_visible()
    page.get_by_label(re.compile("Che cosa va rivisto")).fill("Basta la ricerca per cognome")
    confirm(page)
    expect(page.locator(".said").last).to_contain_text("Basta la ricerca per cognome")
    assert "estimate" in quoted.tasks


def test_a_quote_is_refused_by_keys_alone(desk: Desk, quoted: Ticket) -> None:
    page = desk.visit("carla", quoted.path)
    page.get_by_label(re.compile("Accetto il preventivo")).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Troppo caro")
    page.keyboard.press("Control+Enter")
    expect(told(page)).to_contain_text("conclus")
    assert quoted.read()["status"] == "closed"


def test_a_colleague_sees_who_decides(desk: Desk, quoted: Ticket) -> None:
    page = desk.visit("dario", quoted.path)
    expect(page.locator(".standing")).to_contain_text(re.compile("Anna.*Carla"))
    expect(page.locator(".decision")).to_have_count(0)


def test_what_was_chosen_and_not_sent_is_still_there(desk: Desk, quoted: Ticket) -> None:
    page = desk.visit("carla", quoted.path)
    page.get_by_label("Chiedo una revisione").check()
    page.get_by_label(re.compile("Che cosa va rivisto")).fill("La ricerca")
    expect(page.locator(".decision [data-form-status]")).to_contain_text(re.compile("Salvat"))
    page.reload()
    expect(page.get_by_label(re.compile("Che cosa va rivisto"))).to_have_value("La ricerca")


def test_a_page_made_before_the_last_words_arrived_shows_them(desk: Desk, quoted: Ticket) -> None:
    page = desk.visit("carla", quoted.path)
    on_its_way: list[Route] = []
    page.route("**/drafts/**", lambda route: on_its_way.append(route) if route.request.method == "POST" else None)

    def overtakes(route: Route) -> None:
        made = route.fetch()
        with page.expect_response("**/drafts/**"):
            on_its_way.pop().continue_()
        page.wait_for_timeout(300)  # it hears that it is kept
        route.fulfill(response=made)

    page.get_by_label("Chiedo una revisione").check()
    page.get_by_label(re.compile("Che cosa va rivisto")).fill("La ricerca")
    expect(page.locator(".decision [data-form-status]")).to_have_text("Salvataggio…")
    page.route(f"**{quoted.path}", overtakes)
    page.unroute("**/drafts/**")
    page.reload()
    expect(page.get_by_label(re.compile("Che cosa va rivisto"))).to_have_value("La ricerca")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_question_is_answered_with_a_file(desk: Desk, asked: Ticket, width: int) -> None:
    page = desk.visit("carla", asked.path, width=width)
    expect(page.locator(".standing-question")).to_have_text(ASKED)
    page.get_by_role("link", name=re.compile("risposta|Risponda")).click()
    page.get_by_label("La sua risposta").fill("La 5.2, come si vede qui.")
    page.locator("form.composer input[type=file]").set_input_files(
        {"name": "versione.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(page.locator(".upload input[name=attachment]")).to_have_count(1)
    page.get_by_role("button", name="Invia il messaggio").click()
    expect(page.locator(".said").last).to_contain_text("versione.pdf")
    expect(told(page)).to_contain_text("Le dobbiamo una risposta")
    assert asked.notes("paola")[-1] == "carla: La 5.2, come si vede qui."
    assert asked.read()["turn"] == "staff"


def test_an_answer_that_was_begun_is_kept(desk: Desk, asked: Ticket) -> None:
    page = desk.visit("carla", asked.path)
    page.get_by_label("La sua risposta").fill("La 5.")
    expect(page.locator(".composer [data-draft-status]")).to_contain_text(re.compile("Salvat"))
    page.reload()
    expect(page.get_by_label("La sua risposta")).to_have_value("La 5.")


def test_what_was_sent_after_the_session_had_ended_is_not_lost(desk: Desk, asked: Ticket) -> None:
    page = desk.visit("carla", asked.path)
    page.get_by_label("La sua risposta").fill("La 5.2, con tutti gli aggiornamenti.")
    page.route(f"**{asked.path}/notes", lambda route: (page.context.clear_cookies(), route.continue_()))
    page.get_by_role("button", name="Invia il messaggio").click()
    page.wait_for_url(re.compile("/sign-in"))
    sign_in(page, desk.company["carla"].email)
    page.unroute_all()
    page.goto(asked.path)
    expect(page.get_by_label("La sua risposta")).to_have_value("La 5.2, con tutti gli aggiornamenti.")
    page.get_by_role("button", name="Invia il messaggio").click()
    expect(page.locator(".said").last).to_contain_text("con tutti gli aggiornamenti")
    expect(page.get_by_label("Ci scriva")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Ci scriva")).to_have_value("")


def test_a_request_is_withdrawn(desk: Desk, asked: Ticket) -> None:
    page = desk.visit("carla", asked.path)
    page.get_by_text("Ritira la richiesta").first.click()
    page.locator(".portal-action [data-form-send]").click()
    expect(told(page)).to_contain_text("conclus")
    expect(page.locator(".composer")).to_have_count(0)
    page.locator(".closed-note a").click()
    expect(page.get_by_label("Descrizione")).to_have_value(re.compile(re.escape(asked.number)))


def test_a_link_in_a_mail_leads_there_after_sign_in(desk: Desk, asked: Ticket) -> None:
    page = desk.visit("", asked.path)
    assert "/sign-in" in page.url
    sign_in(page, desk.company["carla"].email)
    page.wait_for_url(re.compile(rf"{asked.path}$"))
    expect(page.locator(".standing-question")).to_have_text(ASKED)


def test_another_company_sees_nothing(desk: Desk, asked: Ticket) -> None:
    page = desk.visit("elena", asked.path)
    expect(page.locator("body")).not_to_contain_text("Non si apre")
    expect(page.locator(".problem-status")).to_have_text("404")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("state", ["asked", "quoted"])
def test_it_can_be_read_and_used_by_everybody(
    desk: Desk, request: pytest.FixtureRequest, state: str, width: int, dark: bool
) -> None:
    ticket: Ticket = request.getfixturevalue(state)
    page = desk.visit("carla", ticket.path, width=width, dark=dark)
    if state == "quoted":
        expect(page.get_by_label("Chiedo una revisione")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
