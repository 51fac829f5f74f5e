"""A ticket in staff's browsers: notes public and internal, fields, actions, two at once, the keyboard, a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import scrolls_sideways, violations
from tests.support.journey_tickets import Ticket
from tests.support.journeys import Company

Visit = Callable[..., Page]
Opened = Callable[..., Ticket]

HOSTILE = "<img src=x onerror=window.hurt=1>"


@pytest.fixture
def ticket(company: Company, opened: Opened) -> Ticket:
    """A bug that Bruno works on."""
    made = opened("carla", "Il modulo non si apre", "Resta **bianco**.")
    made.done("paola", "check_request", complete="yes", category="bug_crm")
    made.done("paola", "assign", assignee=company["bruno"].id)
    made.done("bruno", "take_charge", competent="yes")
    return made


def editor(page: Page) -> Any:
    """The composer's text as it is edited."""
    return page.locator(".tp-composer .editor-text")


def composer(page: Page) -> Any:
    return page.locator(".tp-composer")


def send(page: Page) -> None:
    composer(page).locator("button.btn-primary").click()


def mailed(ticket: Ticket, text: str) -> dict[str, Any]:
    """Who got a mail that holds a text: by address."""
    ticket.company.settle()
    ours = [mail for mail in ticket.company.smtp.mails if mail.subject.startswith(f"[{ticket.number}] ")]
    return {mail.recipients[0]: mail for mail in ours if text in mail.body("plain")}


def test_a_public_note_is_written_with_the_toolbar_and_mailed(visit: Visit, ticket: Ticket) -> None:
    page = visit("bruno", ticket.path)
    editor(page).click()
    page.keyboard.type("Provi ")
    page.get_by_role("button", name="Grassetto").click()
    page.keyboard.type("Firefox")
    page.keyboard.press("Control+b")
    page.keyboard.type(", poi ci scriva:")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Elenco", exact=True).click()
    page.keyboard.type("versione")
    page.keyboard.press("Enter")
    page.keyboard.type("ora")
    send(page)
    note = page.locator(".tp-note").last
    expect(note.locator("strong", has_text="Firefox")).to_be_visible()
    expect(note.locator(".rich li")).to_have_text(["versione", "ora"])
    assert ticket.notes("carla") == ["bruno: Provi **Firefox**, poi ci scriva:\n\n- versione\n- ora"]
    mail = mailed(ticket, "Provi **Firefox**")["carla@rossi.example"]
    assert "<strong>Firefox</strong>" in mail.body("html")


def test_an_internal_note_cannot_be_mistaken_and_stays_here(visit: Visit, ticket: Ticket) -> None:
    page = visit("bruno", ticket.path)
    public = composer(page).evaluate("form => getComputedStyle(form).backgroundColor")
    expect(composer(page).locator("button.btn-primary")).to_contain_text("Invia al cliente")
    composer(page).get_by_text("Interna", exact=True).click()
    assert composer(page).evaluate("form => getComputedStyle(form).backgroundColor") != public
    expect(composer(page).locator("button.btn-primary")).to_contain_text("interna")
    expect(composer(page).get_by_text("Si aspetta una risposta da")).to_be_hidden()
    editor(page).fill("Cliente difficile.")
    send(page)
    expect(page.locator(".tp-note.is-internal").last).to_contain_text("Cliente difficile.")
    assert ticket.notes("carla") == []
    ours = {person.email for person in ticket.company.people.values()}  # other tests make PMs who hear of it too
    assert mailed(ticket, "Cliente difficile.").keys() & ours == {"bruno@staff.example", "paola@staff.example"}


def test_a_question_to_the_customer_changes_the_status(visit: Visit, ticket: Ticket) -> None:
    page = visit("bruno", ticket.path)
    editor(page).fill("Con quale browser?")
    composer(page).get_by_label("il cliente", exact=True).check()
    send(page)
    expect(page.locator(".tp-signs")).to_contain_text("IN ATTESA RISPOSTA CLIENTE")
    expect(page.locator(".tp-signs")).to_contain_text("Tocca al cliente")
    assert ticket.state.endswith("IN ATTESA RISPOSTA CLIENTE")


def test_the_keyboard_alone_writes_and_sends_a_note(visit: Visit, ticket: Ticket) -> None:
    page = visit("bruno", ticket.path)
    page.keyboard.press("r")
    expect(editor(page)).to_be_focused()
    page.keyboard.type("Guardo subito. ")
    page.keyboard.press("Control+k")
    page.keyboard.type("example.com/guida")
    page.keyboard.press("Enter")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.dataset.tool") == "bold"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.tool") == "italic"
    page.keyboard.press("Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".tp-note").last).to_contain_text("Guardo subito.")
    assert ticket.notes("paola")[-1] == "bruno: Guardo subito. https://example.com/guida"


def test_what_is_typed_is_kept_and_found_again(visit: Visit, ticket: Ticket) -> None:
    page = visit("bruno", ticket.path)
    editor(page).click()
    page.keyboard.type("Non ancora **finito**")
    expect(composer(page).locator("[data-draft-status]")).to_contain_text(re.compile(r"Salvat"), timeout=10_000)
    again = visit("bruno", ticket.path)
    expect(editor(again)).to_contain_text("Non ancora")
    send(again)
    expect(again.locator(".tp-note").last).to_contain_text("Non ancora")
    expect(editor(visit("bruno", ticket.path))).to_have_text("")


def test_a_note_without_a_word_is_told_so(visit: Visit, ticket: Ticket) -> None:
    page = visit("bruno", ticket.path)
    composer(page).get_by_text("Interna", exact=True).click()
    send(page)
    expect(page.get_by_role("alert").first).to_contain_text("Nota")
    expect(composer(page).get_by_role("radio", name=re.compile("Interna"))).to_be_checked()
    page.get_by_role("alert").first.get_by_role("link").click()
    expect(editor(page)).to_be_focused()


def test_a_field_is_edited_where_it_stands(visit: Visit, ticket: Ticket) -> None:
    page = visit("paola", ticket.path)
    page.get_by_role("link", name="Modifica Categoria").click()
    page.get_by_role("combobox", name="Categoria").select_option(label="Bug sito")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Salva").click()
    expect(page.locator("#field-category")).to_contain_text("Bug sito")
    page.get_by_role("link", name="Modifica l'oggetto").click()
    page.get_by_role("textbox", name="Oggetto").fill("")
    page.keyboard.press("Enter")
    expect(page.locator(".field-error")).to_be_visible()
    page.get_by_role("textbox", name="Oggetto").fill("Il modulo resta bianco")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Il modulo resta bianco")


def test_the_form_of_a_field_is_left_by_escape(visit: Visit, ticket: Ticket) -> None:
    page = visit("paola", ticket.path)
    page.get_by_role("link", name="Modifica Categoria").click()
    expect(page.get_by_role("combobox", name="Categoria")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#field-category")).to_contain_text("Bug CRM")


def test_of_two_at_one_field_the_second_is_told_what_the_first_did(visit: Visit, ticket: Ticket) -> None:
    first, second = visit("paola", f"{ticket.path}/edit/subject"), visit("marta", f"{ticket.path}/edit/subject")
    first.get_by_role("textbox", name="Oggetto").fill("Oggetto di Paola")
    first.keyboard.press("Enter")
    expect(first.locator("h1")).to_contain_text("Oggetto di Paola")
    second.get_by_role("textbox", name="Oggetto").fill("Oggetto di Marta")
    second.keyboard.press("Enter")
    expect(second.get_by_role("alert")).to_contain_text("Oggetto di Paola")
    expect(second.get_by_role("textbox", name="Oggetto")).to_have_value("Oggetto di Marta")
    second.get_by_role("button", name="Salva").click()
    expect(second.locator("h1")).to_contain_text("Oggetto di Marta")


def test_an_action_is_taken_in_a_dialog(visit: Visit, ticket: Ticket) -> None:
    page = visit("paola", ticket.path)
    page.get_by_role("button", name="Azioni").click()
    page.get_by_role("link", name="Annulla il ticket").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(ticket.number)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Azioni").click()
    page.get_by_role("link", name="Annulla il ticket").click()
    dialog.get_by_label("Motivo").fill("Aperto due volte.")
    dialog.get_by_role("button", name="Annulla il ticket").click()
    expect(page.locator(".tp-signs")).to_contain_text("ANNULLATO")
    expect(page.locator(".tp-shut")).to_be_visible()


def test_one_watches_and_watches_no_longer(visit: Visit, ticket: Ticket) -> None:
    page = visit("marta", ticket.path)
    page.get_by_role("button", name="Segui", exact=True).click()
    expect(page.locator(".tp-people")).to_contain_text("Marta")
    page.get_by_role("button", name="Non seguire").click()
    expect(page.locator(".tp-people")).not_to_contain_text("Marta")


def test_somebody_else_is_involved(visit: Visit, ticket: Ticket) -> None:
    page = visit("paola", ticket.path)
    page.get_by_role("link", name="Coinvolgi una persona").click()
    page.get_by_role("combobox", name=re.compile("Chi")).select_option(label="Silvia")
    page.get_by_role("button", name="Coinvolgi", exact=True).click()
    expect(page.locator(".tp-people")).to_contain_text("Silvia")
    expect(visit("silvia", ticket.path).locator("h1")).to_contain_text("Il modulo non si apre")


def test_no_text_of_anybody_runs(visit: Visit, opened: Opened) -> None:
    made = opened("carla", f"S {HOSTILE}", f"T {HOSTILE}")
    made.note("carla", f"N {HOSTILE}\n\n[x](javascript:window.hurt=1) ![x](https://evil.example/x.png)")
    for place in ("", "/timeline", "/related", "/diagram"):
        page = visit("paola", made.path + place)
        expect(page.locator("h1")).to_contain_text(HOSTILE)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.hurt") is None
        assert page.locator("main img").count() == 0
    page = visit("paola", f"{made.path}/edit/text")
    expect(page.locator(".tp-edit .editor-text")).to_contain_text(HOSTILE)
    assert page.evaluate("window.hurt") is None


def test_what_is_pasted_keeps_its_form_and_loses_everything_else(visit: Visit, ticket: Ticket) -> None:
    page = visit("bruno", ticket.path)
    editor(page).click()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/html", `<h1 onclick="hurt=1">Titolo</h1><p><b>grassetto</b>
            <a href="javascript:hurt=1">male</a> <a href="https://example.com">bene</a>
            <img src=x onerror="window.hurt=1"></p><script>window.hurt=1</script>`);
          document.querySelector(".tp-composer .editor-text").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    value = composer(page).locator("textarea[name=text]")
    assert value.input_value() == "Titolo\n\n**grassetto** male [bene](https://example.com)"
    assert page.evaluate("window.hurt") is None


def test_without_scripts_a_note_is_written_all_the_same(visit: Visit, desk: Any, ticket: Ticket) -> None:
    context = desk.browser.new_context(
        base_url=ticket.company.served.url, java_script_enabled=False, storage_state=desk._state("bruno", "it")
    )
    page = context.new_page()
    page.goto(ticket.path)
    page.locator("textarea[name=text]").fill("Senza *script*.")
    page.locator(".tp-composer button.btn-primary").click()
    expect(page.locator(".tp-note").last).to_contain_text("Senza")
    assert ticket.notes("paola")[-1] == "bruno: Senza *script*."
    context.close()


@pytest.mark.parametrize("place", ["", "/timeline", "/diagram", "/related", "/edit/category", "/people"])
@pytest.mark.parametrize("width", [390, 1400])
def test_every_page_of_it_is_fit_for_everybody(visit: Visit, ticket: Ticket, place: str, width: int) -> None:
    page = visit("paola", ticket.path + place, width=width, dark=width == 390)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert not scrolls_sideways(page)
