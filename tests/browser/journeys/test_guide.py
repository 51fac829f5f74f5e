"""The guide, row by row (M1 to M9), lived through at browsers by everybody whom it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.at_work import TicketAtWork, opens
from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in
from tests.support.journeys import Company

WAITING_US = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA MR DOC"
WAITING_CUSTOMER = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA CLIENTE"
OPEN = "RICHIESTA ASSISTENZA · APERTO"
DEVELOPMENT = "RICHIESTA NUOVO SVILUPPO · APERTO"
CHECK, ASSIGN, CHARGE = "Verifica e classifica la richiesta", "Assegna a un professionista", "Prendi in carico"
QUOTE = {
    "Sì": None,
    "Che cosa comprende il preventivo": "Una nuova pagina per gli ordini",
    "Importo in euro, IVA esclusa": "1200",
    "Giorni di lavoro": "6",
}


@pytest.fixture
def opened(desk: Desk) -> Callable[..., TicketAtWork]:
    """A customer opens a ticket: `opened("carla", "subject", "text", width=390)`."""
    return lambda *arguments, **window: opens(desk, *arguments, **window)


def mails(company: Company, ticket: TicketAtWork) -> list[str]:
    """`name: subject` of all mails about a ticket."""
    company.settle()
    names = {person.email: name for name, person in company.people.items()}
    ours = [mail for mail in company.smtp.mails if mail.subject.startswith(f"[{ticket.number}] ")]
    return sorted(f"{names[mail.recipients[0]]}: {mail.subject.partition('] ')[2]}" for mail in ours)


def classified(ticket: TicketAtWork, category: str, professional: str) -> None:
    """The PM checks the request and assigns it; the professional takes it in charge."""
    ticket.completes("paola", CHECK, {"Sì, la classifico": None, "Categoria": category})
    ticket.completes("paola", ASSIGN, {"Professionista": professional})


def deadline(ticket: TicketAtWork, goal: str) -> str:
    """A running or kept clock, as the ticket's page shows it."""
    side = ticket.page("paola").locator("main aside, main .tp-side").first
    return str(side.inner_text()).partition(goal)[2].strip()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_m1_a_ticket_classifies_itself_and_waits_for_an_answer(
    company: Company, opened: Callable[..., TicketAtWork], width: int
) -> None:
    ticket = opened("carla", "Il menu non si apre", "Da ieri, con ogni **browser**.", width=width)
    assert ticket.state("carla") == WAITING_US
    page = ticket.page("carla")
    expect(page.locator("main")).to_contain_text("Le dobbiamo una risposta")
    expect(page.locator(".rich strong").first).to_have_text("browser")
    assert not scrolls_sideways(page)
    assert ticket.state("paola") == WAITING_US
    assert mails(company, ticket) == ["carla: Abbiamo ricevuto la sua richiesta"]


def test_m2_an_incomplete_request_goes_back_with_a_question(opened: Callable[..., TicketAtWork]) -> None:
    ticket = opened("carla", "Non funziona", "Aiuto.")
    ticket.completes("paola", CHECK, {"No, mancano informazioni": None, "Che cosa deve dirci": "Quale pagina?"})
    assert ticket.state() == WAITING_CUSTOMER
    page = ticket.page("carla")
    expect(page.locator("main")).to_contain_text("Quale pagina?")
    expect(page.locator(".standing-told")).to_contain_text("Aspettiamo")
    answer = page.locator(".decision textarea, #write textarea").first
    answer.fill("Quella degli ordini")
    page.locator(".decision [data-form-send], #write button:not([type=button])").first.click()
    expect(page.locator(".standing-told")).to_contain_text("Le dobbiamo una risposta")
    assert ticket.state() == WAITING_US


def test_m3_a_classified_request_is_open_in_its_department_and_assigned(opened: Callable[..., TicketAtWork]) -> None:
    ticket = opened("carla", "Errore nel listino", "I prezzi sono sbagliati.")
    classified(ticket, "Bug CRM", "Bruno")
    assert ticket.state() == OPEN
    side = ticket.page("paola").locator("main")
    expect(side).to_contain_text("Bruno")
    assert ticket.does("bruno", CHARGE).locator("#task").is_visible()
    elsewhere = ticket.page("silvia", f"/inbox?text={ticket.number}")
    expect(elsewhere.locator(".inbox-link")).to_have_count(0)
    expect(ticket.page("silvia").locator(".problem-status")).to_have_text("404")


def test_m4_a_quote_is_revised_accepted_and_becomes_a_development(
    desk: Desk, opened: Callable[..., TicketAtWork]
) -> None:
    desk.at("2026-12-24 16:30")
    ticket = opened("carla", "Una pagina per gli ordini", "Con il listino.")
    ticket.completes("paola", CHECK, {"Sì, la classifico": None, "Categoria": "Quantificazione nuovo sviluppo"})
    ticket.at("2026-12-24 17:29")
    ticket.completes("paola", ASSIGN, {"Professionista": "Quirino"})
    assert "4 gen" in deadline(ticket, "Preventivo")
    ticket.completes("quirino", "Prepara il preventivo", QUOTE)
    assert ticket.state() == WAITING_CUSTOMER
    expect(ticket.page("dario").locator(".decision")).to_have_count(0)
    expect(ticket.page("dario").locator("main")).to_contain_text("Carla")
    expect(ticket.page("franco").locator(".problem-status")).to_have_text("404")

    ticket.decides("carla", {"Chiedo una revisione": None, "Che cosa va rivisto": "Senza il listino"})
    assert ticket.state() == WAITING_US
    again = ticket.does("quirino", "Prepara il preventivo")
    expect(again.get_by_label("Importo in euro")).to_have_value(re.compile("1.?200"))
    ticket.completes("quirino", "Prepara il preventivo", {"Sì": None, "Importo in euro": "900"})
    ticket.decides("anna", {"Accetto il preventivo": None})
    assert ticket.state() == WAITING_US
    task = "Completa e classifica lo sviluppo"
    ticket.completes("paola", task, {"Sì, la classifico": None, "Nuovo sviluppo sito": None})
    ticket.completes("paola", ASSIGN, {"Professionista": "Silvia"})
    assert ticket.state() == DEVELOPMENT


def test_m4_a_refusal_has_its_own_way(opened: Callable[..., TicketAtWork]) -> None:
    ticket = opened("elena", "Una app", "Per i clienti.")
    ticket.completes("paola", CHECK, {"Sì, la classifico": None, "Categoria": "Quantificazione nuovo sviluppo"})
    ticket.completes("paola", ASSIGN, {"Professionista": "Ottavia"})
    ticket.completes("ottavia", "Prepara il preventivo", QUOTE)
    ticket.decides("franco", {"Rifiuto il preventivo": None, "Se desidera": "Troppo caro"})
    assert ticket.state().endswith("· CHIUSO")
    expect(ticket.page("elena").locator("main")).to_contain_text("Troppo caro")


def test_m5_a_blocking_problem_is_taken_in_charge_within_three_hours(
    desk: Desk, opened: Callable[..., TicketAtWork]
) -> None:
    desk.at("2027-02-05 15:50")
    ticket = opened("carla", "Il CRM è fermo", "Nessuno riesce a entrare.")
    ticket.at("2027-02-05 16:00")
    classified(ticket, "Problema bloccante CRM", "Bruno")
    assert "lun 8 feb, 10:00" in deadline(ticket, "Presa in carico")
    chip = ticket.page("bruno", f"/inbox?text={ticket.number}").locator(".inbox-link .time-left").first
    expect(chip).to_have_class(re.compile("time-"))
    ticket.completes("bruno", CHARGE, {"Sì, prendo in carico": None})
    assert "rispettata" in deadline(ticket, "Presa in carico")


def test_m6_a_date_that_was_agreed_on_counts_where_it_is_later(desk: Desk, opened: Callable[..., TicketAtWork]) -> None:
    desk.at("2027-02-10 09:00")
    ticket = opened("carla", "Un nuovo modulo", "Per le fatture.")
    classified(ticket, "Nuovo sviluppo CRM", "Bruno")
    ticket.completes("bruno", CHARGE, {"Sì, prendo in carico": None})
    assert "10 mar, 09:00" in deadline(ticket, "Conclusione")
    page = ticket.page("bruno")
    page.get_by_role("button", name="Azioni").click()
    page.get_by_text("Concorda una nuova data").click()
    dialog = page.locator("[role=dialog]")
    dialog.get_by_label("Nuova data concordata").fill("31/03/2027")
    dialog.get_by_label("Nuova data concordata").blur()
    with page.expect_response(lambda answer: "/actions/agree_date" in answer.url and answer.request.method == "POST"):
        dialog.locator("[data-form-send]").click()
    assert "31 mar, 17:30" in deadline(ticket, "Conclusione")


def test_m7_training_is_given_within_two_days_of_opening(desk: Desk, opened: Callable[..., TicketAtWork]) -> None:
    desk.at("2027-03-04 11:00")
    ticket = opened("carla", "Come si esporta?", "Vorrei un elenco.")
    classified(ticket, "Formazione/informazione sito", "Silvia")
    assert "lun 8 mar, 11:00" in deadline(ticket, "Conclusione")


def test_m8_every_communication_is_a_note_that_is_mailed_and_says_whose_turn_it_is(
    company: Company, opened: Callable[..., TicketAtWork]
) -> None:
    ticket = opened("carla", "Errore nel sito", "Compare una pagina bianca.")
    classified(ticket, "Bug sito", "Silvia")
    ticket.completes("silvia", CHARGE, {"Sì, prendo in carico": None})
    ticket.writes("silvia", "Con quale browser succede?", "customer")
    assert ticket.state() == WAITING_CUSTOMER
    assert "carla: Nuova nota" in mails(company, ticket)
    ticket.writes("silvia", "Forse è la cache", internal=True)
    expect(ticket.page("carla").locator("main")).not_to_contain_text("Forse è la cache")
    ticket.writes("carla", "Con Firefox")
    assert ticket.state() == WAITING_US
    assert "silvia: Nuova nota" in mails(company, ticket)


def test_m9_when_work_ends_the_ticket_is_closed_and_everybody_is_told(
    company: Company, opened: Callable[..., TicketAtWork]
) -> None:
    ticket = opened("carla", "Errore nel sito", "Compare una pagina bianca.", width=NARROW)
    classified(ticket, "Bug sito", "Silvia")
    ticket.completes("silvia", CHARGE, {"Sì, prendo in carico": None})
    ticket.completes("silvia", "Lavora la richiesta", {"Il lavoro è finito": None, "Soluzione": "Svuotata la cache"})
    assert ticket.state("carla").endswith("· CHIUSO")
    expect(ticket.page("carla").locator(".standing-told")).to_contain_text("conclusa")
    told = [mail for mail in mails(company, ticket) if "chius" in mail.lower() or "conclus" in mail.lower()]
    assert {mail.partition(":")[0] for mail in told} == {"carla", "paola", "silvia"}


def test_a_link_in_a_mail_leads_to_the_ticket_after_sign_in(
    company: Company, desk: Desk, opened: Callable[..., TicketAtWork]
) -> None:
    ticket = opened("carla", "Il menu non si apre", "Da ieri.")
    company.settle()
    link: Any = re.search(r"https?://\S+/tickets/\d+", company.smtp.mails[-1].body())
    page = desk.visit("", link[0])
    sign_in(page, company["carla"].email)
    expect(page).to_have_url(re.compile(re.escape(ticket.path)))
