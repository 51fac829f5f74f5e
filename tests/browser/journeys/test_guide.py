"""The guide, row by row (M1 to M9), lived through at browsers by everybody whom it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.support.at_work import TicketAtWork, Windows, fill, opens, reads, send, status_on
from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in
from tests.support.journeys import Company, local

WAITING_US = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA MR DOC"
WAITING_CUSTOMER = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA CLIENTE"
OPEN = "RICHIESTA ASSISTENZA · APERTO"
CLOSED = "RICHIESTA ASSISTENZA · CHIUSO"
DEVELOPMENT = "RICHIESTA NUOVO SVILUPPO · APERTO"
CHECK, ASSIGN, CHARGE = "Verifica e classifica la richiesta", "Assegna a un professionista", "Prendi in carico"
ESTIMATE, DEVELOP, WORK = "Prepara il preventivo", "Completa e classifica lo sviluppo", "Lavora la richiesta"
CATEGORIES = [
    "Quantificazione nuovo sviluppo", "Problema bloccante CRM", "Problema bloccante sito", "Nuovo sviluppo sito",
    "Nuovo sviluppo CRM", "Formazione/informazione CRM", "Formazione/informazione sito", "Bug CRM", "Bug sito",
]  # fmt: skip
QUOTE = {
    "Sì": None,
    "Che cosa comprende il preventivo": "Una nuova pagina per gli ordini",
    "Importo in euro, IVA esclusa": "1200",
    "Giorni di lavoro": "6",
}
TAKEN = {"Sì, prendo in carico": None}

Opened = Callable[..., TicketAtWork]


@pytest.fixture(scope="module")
def _windows(company: Company, browser: Browser) -> Iterator[Windows]:
    desk = Desk(company, browser)
    yield Windows(desk)
    desk.leave()


@pytest.fixture
def windows(_windows: Windows) -> Iterator[Windows]:
    """Everybody's windows, on Monday 5 January 2026 at nine; tomorrow is a holiday. Then the time is as it was."""
    company, found = _windows.desk.company, local(_windows.desk.company.clock().isoformat())
    company.at("2026-01-05 09:00")
    _windows.desk.faults.clear()
    yield _windows
    company.at(found)
    assert _windows.desk.faults == []


@pytest.fixture
def opened(windows: Windows) -> Opened:
    """A customer opens a ticket on the page: `opened("carla", "subject", "text", width=390)`."""
    return lambda *arguments, **window: opens(windows, *arguments, **window)


def classified(ticket: TicketAtWork, category: str) -> TicketAtWork:
    """The PM has found it complete."""
    ticket.done("paola", "check_request", complete="yes", category=category)
    return ticket


def assigned(ticket: TicketAtWork, category: str, professional: str) -> TicketAtWork:
    """The PM has found it complete, and given it to somebody."""
    classified(ticket, category).done("paola", "assign", assignee=ticket.company[professional].id)
    return ticket


def in_hands(ticket: TicketAtWork, category: str, professional: str) -> TicketAtWork:
    """Somebody works on it."""
    assigned(ticket, category, professional).done(professional, "take_charge", competent="yes")
    ticket.told()
    return ticket


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_m1_a_ticket_classifies_itself_and_waits_for_an_answer(opened: Opened, windows: Windows, width: int) -> None:
    ticket = opened("carla", "Il menu non si apre", "Da ieri, con ogni **browser**.", width=width)
    page = windows.of("carla")
    assert status_on(page) == WAITING_US
    expect(page.locator(".standing-told")).to_have_text("Le dobbiamo una risposta entro mercoledì alle ore 09:00.")
    expect(page.locator(".steps-line [aria-current=step]")).to_have_text("In verifica")
    expect(page.locator(".rich strong")).to_have_text("browser")
    assert not scrolls_sideways(page)
    assert ticket.told() == ["carla: Abbiamo ricevuto la sua richiesta"]
    expect(ticket.listed("paola", CHECK, width).locator(".time-left")).to_contain_text("mer 7 gen, 09:00")
    assert ticket.shows("paola", width) == WAITING_US
    expect(windows.of("paola").locator(".tp-turn")).to_have_text("Tocca a noi")


def test_m2_an_incomplete_request_goes_back_with_a_question(opened: Opened, windows: Windows) -> None:
    ticket = opened("carla", "Non funziona", "Aiuto.")
    ticket.told()
    ticket.completes("paola", CHECK, {"No, mancano informazioni": None, "Che cosa deve dirci": "Quale pagina?"})
    assert ticket.told() == ["carla: Ci servono alcune informazioni"]
    assert ticket.shows("carla") == WAITING_CUSTOMER
    page = windows.of("carla")
    reads(page, "Aspettiamo la sua risposta.", "Quale pagina?")
    page.get_by_label("La sua risposta").fill("Quella degli ordini")
    page.get_by_role("button", name="Invia il messaggio").click()
    expect(page.locator(".standing-told")).to_contain_text("Le dobbiamo una risposta entro")
    assert status_on(page) == WAITING_US
    assert "paola: Nuova nota" in ticket.told()
    expect(ticket.listed("paola", CHECK)).to_have_count(1)


def test_m2_the_pm_sees_every_request_and_classifies_it_in_one_of_nine_categories(
    opened: Opened, windows: Windows
) -> None:
    first, second = opened("carla", "Un doppione", "Due."), opened("elena", "Un doppione", "Tre.")
    for ticket in (first, second):
        expect(ticket.listed("paola", CHECK)).to_contain_text("da prendere")
    page = second.does("paola", CHECK, NARROW)
    fill(page.locator("#task [data-form]"), {"Sì, la classifico": None})
    offered = page.get_by_label("Categoria").locator("option").all_inner_texts()
    assert [option for option in offered if option in CATEGORIES] == CATEGORIES and len(offered) == 10
    second.completes("paola", CHECK, {"Sì, la classifico": None, "Categoria": "Bug sito"}, NARROW)
    assert second.shows("paola") == OPEN
    reads(windows.of("paola"), "Bug sito", "Tocca a noi")


def test_m3_a_classified_request_is_open_in_its_department_and_assigned(opened: Opened, windows: Windows) -> None:
    ticket = opened("carla", "Errore nel listino", "I prezzi sono sbagliati.")
    assert ticket.shows("paola") == WAITING_US
    classified(ticket, "bug_crm").told()
    ticket.completes("paola", ASSIGN, {"Professionista": "Bruno", "Istruzioni": "Sono i prezzi di gennaio"})
    assert ticket.told() == ["bruno: Le è stato assegnato un ticket"]
    assert ticket.shows("paola") == OPEN
    page = windows.of("paola")
    expect(page.locator("#field-department")).to_contain_text("CRM")
    expect(page.locator("#field-assignee")).to_contain_text("Bruno")
    expect(ticket.listed("bruno", CHARGE)).to_contain_text("in carico a me")
    reads(ticket.page("bruno"), "Sono i prezzi di gennaio")
    assert ticket.shows("vera") == OPEN
    expect(ticket.listed("silvia")).to_have_count(0)
    expect(ticket.page("silvia").locator(".problem-status")).to_have_text("404")
    assert ticket.shows("carla") == OPEN
    expect(windows.of("carla").locator("main")).not_to_contain_text("prezzi di gennaio")


def test_m4_a_quote_is_revised_accepted_and_becomes_a_development(
    company: Company, opened: Opened, windows: Windows
) -> None:
    ticket = classified(opened("carla", "Una pagina per gli ordini", "Con il listino."), "quote")
    company.at("2026-01-05 17:29")
    ticket.completes("paola", ASSIGN, {"Professionista": "Quirino"})
    expect(ticket.clock("Preventivo")).to_contain_text("mar 13 gen, 17:29")
    ticket.told()
    ticket.completes("quirino", ESTIMATE, QUOTE)
    assert ticket.told() == [f"{name}: Il preventivo è pronto" for name in ("carla", "paola", "quirino")]
    assert ticket.shows("quirino") == WAITING_CUSTOMER
    page = ticket.page("dario")
    expect(page.locator(".standing")).to_contain_text(re.compile("Decide .*Anna.*Carla"))
    expect(page.locator(".decision")).to_have_count(0)
    expect(ticket.page("franco").locator(".problem-status")).to_have_text("404")

    assert ticket.shows("carla", NARROW) == WAITING_CUSTOMER
    reads(windows.of("carla"), "Aspettiamo la sua decisione.", "1.200", "Una nuova pagina per gli ordini")
    page = ticket.decides("carla", {"Chiedo una revisione": None, "Che cosa va rivisto": "Senza il listino"}, NARROW)
    expect(page.locator(".standing-told")).to_have_text("Le dobbiamo una risposta entro il 13 gennaio alle ore 17:29.")
    assert status_on(page) == WAITING_US
    task = ticket.does("quirino", ESTIMATE).locator("#task")
    fill(task, {"Sì": None})
    expect(task.get_by_label("Importo in euro")).to_have_value(re.compile("1.?200"))
    send(task, {"Importo in euro": "900"})

    ticket.told()
    page = ticket.decides("anna", {"Accetto il preventivo": None})
    assert status_on(page) == WAITING_US
    assert ticket.told() == ["paola: Preventivo accettato"]
    ticket.completes("paola", DEVELOP, {"Sì, la classifico": None, "Nuovo sviluppo sito": None})
    ticket.completes("paola", ASSIGN, {"Professionista": "Silvia"})
    assert ticket.shows("paola") == DEVELOPMENT
    reads(windows.of("paola"), "Nuovo sviluppo sito", "Silvia", "900")
    assert ticket.shows("anna") == DEVELOPMENT
    expect(ticket.listed("silvia", CHARGE)).to_have_count(1)


def test_m4_a_refusal_has_its_own_way(opened: Opened, windows: Windows) -> None:
    ticket = assigned(opened("elena", "Una app", "Per i clienti."), "quote", "ottavia")
    quote = {"quote_text": "Una app per i clienti", "quote_amount": 90000, "quote_days": 60}
    ticket.done("ottavia", "estimate", competent="yes", **quote)
    ticket.told()
    page = ticket.decides("franco", {"Rifiuto il preventivo": None, "Se desidera": "Troppo caro"})
    expect(page.locator(".standing-told")).to_have_text("Questa richiesta è conclusa.")
    assert status_on(page) == CLOSED
    refused = "Preventivo rifiutato: il ticket è chiuso"
    assert ticket.told() == [f"{name}: {refused}" for name in ("elena", "franco", "ottavia", "paola")]
    assert ticket.shows("elena") == CLOSED
    reads(windows.of("elena"), "Troppo caro")
    reads(ticket.page("ottavia"), "Troppo caro")


def test_m5_a_blocking_problem_is_taken_in_charge_within_three_hours_of_the_check(
    company: Company, opened: Opened, windows: Windows
) -> None:
    ticket = opened("carla", "Il CRM è fermo", "Nessuno riesce a entrare.")
    company.at("2026-01-05 16:00")
    ticket.completes("paola", CHECK, {"Sì, la classifico": None, "Categoria": "Problema bloccante CRM"})
    # 90 minutes are left today, and tomorrow is the Epiphany
    expect(ticket.clock("Presa in carico")).to_contain_text("mer 7 gen, 10:00")
    ticket.done("paola", "assign", assignee=company["bruno"].id)
    expect(ticket.page("carla").locator(".standing-told")).to_contain_text("entro mercoledì alle ore 10:00")
    expect(ticket.listed("bruno", CHARGE, NARROW)).to_contain_text("mer 7 gen, 10:00")
    ticket.completes("bruno", CHARGE, TAKEN, NARROW)
    expect(ticket.clock("Presa in carico", "bruno")).to_contain_text("rispettata")


def test_m5_who_lets_three_hours_pass_is_late_and_the_manager_hears_of_it(
    company: Company, opened: Opened, windows: Windows
) -> None:
    ticket = assigned(opened("carla", "Il sito è fermo", "Pagina bianca."), "blocking_site", "silvia")
    company.at("2026-01-05 11:59")
    expect(ticket.listed("silvia", CHARGE).locator(".time-left")).to_have_class(re.compile("time-soon"))
    ticket.told()
    company.at("2026-01-05 12:01")
    expect(ticket.listed("silvia", CHARGE).locator(".time-left")).to_have_class(re.compile("time-late"))
    assert ticket.told() == ["marta: Presa in carico in ritardo", "paola: Presa in carico in ritardo"]
    expect(ticket.page("carla").locator(".standing-told")).to_contain_text("Siamo in ritardo")
    page = ticket.page("marta", f"/tickets?text={ticket.number}")
    page.locator("[data-row-link]").click()
    expect(page.locator(".tp-clock", has_text="Presa in carico")).to_contain_text("in ritardo")


def test_m6_a_development_takes_twenty_days_or_until_a_later_date_that_was_agreed_on(
    opened: Opened, windows: Windows
) -> None:
    ticket = in_hands(opened("carla", "Un nuovo modulo", "Per le fatture."), "development_crm", "bruno")
    expect(ticket.clock("Conclusione", "bruno")).to_contain_text("mar 3 feb, 09:00")
    page = windows.of("bruno")
    for date, deadline in (("16/01/2026", "mar 3 feb, 09:00"), ("27/02/2026", "ven 27 feb, 17:30")):
        page.get_by_role("button", name="Azioni").click()
        page.get_by_role("link", name="Concorda una nuova data").click()
        dialog = page.get_by_role("dialog")
        fill(dialog, {"Nuova data concordata": date, "Motivo": "Mancano i dati"})
        dialog.locator("[data-form-send]").click()
        expect(dialog).to_be_hidden()
        expect(page.locator(".tp-clock", has_text="Conclusione")).to_contain_text(deadline)
    assert {"bruno", "carla", "paola"} == {mail.partition(":")[0] for mail in ticket.told()}
    expect(ticket.page("carla").locator(".standing-told")).to_contain_text("entro il 27 febbraio alle ore 17:30")


def test_m7_training_is_given_within_two_days_of_opening(company: Company, opened: Opened, windows: Windows) -> None:
    ticket = opened("carla", "Come si esporta?", "Vorrei un elenco.")
    company.at("2026-01-05 15:00")
    assigned(ticket, "training_site", "silvia")
    expect(ticket.clock("Conclusione", "silvia", NARROW)).to_contain_text("gio 8 gen, 09:00")
    expect(ticket.page("carla").locator(".standing-told")).to_contain_text("entro giovedì alle ore 09:00")


def test_m7_a_bug_takes_as_long_as_the_manager_says(company: Company, opened: Opened, windows: Windows) -> None:
    known = company["marta"].asks("/packages/mrdoc/policy")
    bugs = {"target": "P1D", "warning": "PT1H"}
    rows = [{**row, **(bugs if "bug_site" in str(row["when"]) else {})} for row in known["policy"]["rows"]]
    ticket = classified(opened("carla", "Un errore", "Nel sito."), "bug_site")
    expect(ticket.clock("Conclusione", "marta")).to_contain_text("ven 9 gen, 09:00")
    changed = _policy(company, known, {**known["policy"], "rows": rows})
    try:
        ticket = classified(opened("carla", "Un errore", "Nel sito."), "bug_site")
        expect(ticket.clock("Conclusione", "marta")).to_contain_text("mer 7 gen, 09:00")
        expect(ticket.page("carla").locator(".standing-told")).to_contain_text("entro mercoledì alle ore 09:00")
    finally:
        _policy(company, changed, known["policy"])


def _policy(company: Company, read: Any, policy: Any) -> Any:
    """The manager changes it; there is no page for that yet."""
    change = {"policy": policy, "expected_version": read["version"], "reason": "I bug in un giorno"}
    return company["marta"].sends("/packages/mrdoc/policy", change, 200, "PUT")


def test_m8_every_communication_is_a_note_that_is_mailed_and_says_whose_turn_it_is(
    opened: Opened, windows: Windows
) -> None:
    ticket = in_hands(opened("carla", "Errore nel sito", "Compare una pagina bianca."), "bug_site", "silvia")
    page = ticket.writes("silvia", "Con quale browser succede?", "il cliente")
    assert status_on(page) == WAITING_CUSTOMER
    expect(page.locator(".tp-turn")).to_have_text("Tocca al cliente")
    expect(page.locator(".tp-clock", has_text="Conclusione")).to_contain_text("sospesa")
    assert ticket.told() == [f"{name}: Nuova nota" for name in ("carla", "paola", "silvia")]
    ticket.writes("silvia", "Forse è la cache", internal=True, width=NARROW)
    assert ticket.told() == ["paola: Nuova nota", "silvia: Nuova nota"]

    assert ticket.shows("carla", NARROW) == WAITING_CUSTOMER
    page = windows.of("carla")
    reads(page, "Aspettiamo la sua risposta.", "Con quale browser succede?")
    expect(page.locator("main")).not_to_contain_text("Forse è la cache")
    page = ticket.writes("carla", "Con Firefox", width=NARROW)
    assert status_on(page) == WAITING_US
    expect(page.locator(".standing-told")).to_contain_text("Le dobbiamo una risposta entro venerdì alle ore 09:00")
    assert ticket.told() == [f"{name}: Nuova nota" for name in ("carla", "paola", "silvia")]
    assert ticket.shows("silvia", NARROW) == WAITING_US
    reads(windows.of("silvia"), "Con Firefox", "Tocca a noi")


def test_m9_when_work_ends_the_ticket_is_closed_and_everybody_is_told(opened: Opened, windows: Windows) -> None:
    ticket = in_hands(opened("carla", "Errore nel sito", "Pagina bianca.", width=NARROW), "bug_site", "silvia")
    ticket.completes("silvia", WORK, {"Il lavoro è finito": None, "Soluzione": "Svuotata la cache"}, NARROW)
    assert ticket.told() == [f"{name}: Il ticket è chiuso" for name in ("carla", "paola", "silvia")]
    assert ticket.shows("carla", NARROW) == CLOSED
    reads(windows.of("carla"), "Questa richiesta è conclusa.", "Svuotata la cache")
    assert ticket.shows("paola") == CLOSED
    expect(ticket.listed("silvia")).to_have_count(0)


def test_a_link_in_a_mail_leads_to_the_ticket_after_sign_in(company: Company, desk: Desk, opened: Opened) -> None:
    ticket = opened("carla", "Il menu non si apre", "Da ieri.")
    company.settle()
    (mail,) = [mail for mail in company.smtp.mails if mail.subject.startswith(f"[{ticket.number}] ")]
    link = re.search(r"https?://\S+/tickets/\d+", mail.body())
    assert link
    page = desk.visit("", link[0])
    sign_in(page, company["carla"].email)
    expect(page).to_have_url(re.compile(re.escape(ticket.path) + "$"))
    expect(page.locator("h1")).to_have_text("Il menu non si apre")
