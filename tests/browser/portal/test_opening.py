"""Opening a ticket in a browser: files on their way, what is open already, drafts, and by keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, violations
from tests.support.files import PDF, image
from tests.support.journey_tickets import Ticket

PICTURE = {"name": "schermata è qui.png", "mimeType": "image/png", "buffer": image("PNG")}
DOCUMENT = {"name": "ordine.pdf", "mimeType": "application/pdf", "buffer": PDF}
NEW = "/tickets/new"


def send(page: Page) -> None:
    page.get_by_role("button", name="Apri il ticket").click()


def attach(page: Page, *files: dict[str, Any]) -> None:
    page.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]


def ticket_of(page: Page) -> int:
    page.wait_for_url(re.compile(r"/tickets/\d+$"))
    return int(page.url.rsplit("/", 1)[1])


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_ticket_is_opened_with_files(desk: Desk, width: int) -> None:
    page = desk.visit("carla", NEW, width=width)
    page.get_by_label("Oggetto").fill("Il CRM non salva gli ordini")
    page.get_by_label("Descrizione").fill("Premo **Salva** e non succede nulla.")
    attach(page, PICTURE, DOCUMENT)
    expect(page.locator(".upload input[name=attachment]")).to_have_count(2)
    assert not scrolls_sideways(page)
    send(page)
    ticket_of(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Il CRM non salva gli ordini")
    expect(page.locator(".steps-line [aria-current=step]")).to_contain_text("In verifica")
    with page.expect_download() as found:
        page.get_by_role("link", name="ordine.pdf").click()
    assert Path(found.value.path()).read_bytes() == PDF
    assert found.value.suggested_filename == "ordine.pdf"


def test_what_is_open_already_is_shown_while_one_types(desk: Desk, opened: Callable[..., Ticket]) -> None:
    known = opened("dario", "Le fatture elettroniche restano in bozza", "Da lunedì.")
    opened("elena", "Le fatture elettroniche restano in bozza", "Di un'altra società.")
    page = desk.visit("carla", NEW)
    page.get_by_label("Oggetto").press_sequentially("fatture elettroniche in bozza", delay=20)
    shown = page.locator(".alike a")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text(known.number)
    page.get_by_label("Oggetto").fill("Formazione per una collega nuova")
    expect(shown).to_have_count(0)


def test_what_was_typed_is_there_after_the_page_was_left(desk: Desk) -> None:
    page = desk.visit("dario", NEW)
    page.get_by_label("Oggetto").fill("A metà")
    page.get_by_label("Descrizione").fill("Scrivevo")
    attach(page, DOCUMENT)
    expect(page.locator(".upload input[name=attachment]")).to_have_count(1)
    expect(page.locator("[data-draft-status]")).to_contain_text(re.compile("Salvat"))
    page.goto("/account")
    page.goto(NEW)
    expect(page.get_by_label("Oggetto")).to_have_value("A metà")
    expect(page.locator(".upload")).to_contain_text("ordine.pdf")
    page.get_by_role("button", name=re.compile("Ricomincia|da capo")).click()
    expect(page.get_by_label("Oggetto")).to_have_value("")
    expect(page.locator(".upload")).to_have_count(0)


def test_errors_keep_everything_and_lead_to_the_field(desk: Desk) -> None:
    page = desk.visit("carla", NEW)
    page.get_by_label("Descrizione").fill("Senza oggetto")
    attach(page, DOCUMENT)
    expect(page.locator(".upload input[name=attachment]")).to_have_count(1)
    send(page)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Descrizione")).to_have_value("Senza oggetto")
    expect(page.locator(".upload input[name=attachment]")).to_have_count(1)
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Oggetto")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Oggetto").fill("Con oggetto")
    send(page)
    ticket_of(page)
    expect(page.get_by_role("link", name="ordine.pdf")).to_be_visible()


def test_a_file_that_cant_be_taken_says_why_and_goes_away(desk: Desk) -> None:
    page = desk.visit("carla", NEW)
    attach(page, {"name": "virus.exe", "mimeType": "application/pdf", "buffer": b"MZ"}, DOCUMENT)
    expect(page.locator(".upload.is-wrong")).to_contain_text(".exe")
    expect(page.locator(".upload input[name=attachment]")).to_have_count(1)
    assert violations(page) == []
    page.locator(".upload.is-wrong").get_by_role("button").click()
    page.get_by_role("button", name="Rimuovi ordine.pdf").click()
    expect(page.locator(".upload")).to_have_count(0)
    page.reload()
    expect(page.locator(".upload")).to_have_count(0)


def test_a_file_that_is_too_large_is_told_before_it_is_sent(desk: Desk) -> None:
    page = desk.visit("carla", NEW)
    page.locator("[data-uploads]").evaluate("box => (box.dataset.largest = '10')")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/uploads/" in request.url else None)
    attach(page, DOCUMENT)
    expect(page.locator(".upload.is-wrong")).to_contain_text("ordine.pdf")
    assert sent == []


def test_the_form_waits_for_files_on_their_way(desk: Desk) -> None:
    page = desk.visit("carla", NEW)
    held: list[Route] = []
    page.route("**/uploads/**", lambda route: held.append(route))
    page.get_by_label("Oggetto").fill("Con un file lento")
    attach(page, DOCUMENT)
    page.wait_for_function("document.querySelector('.upload progress')")
    send(page)
    expect(page.locator("[data-upload-status]")).to_be_visible()
    assert page.url.endswith(NEW)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    ticket_of(page)
    expect(page.get_by_role("link", name="ordine.pdf")).to_be_visible()


def test_a_file_that_the_network_lost_stops_nothing_else(desk: Desk) -> None:
    page = desk.visit("carla", NEW)
    page.route("**/uploads/**", lambda route: route.abort())
    attach(page, DOCUMENT)
    expect(page.locator(".upload.is-wrong")).to_contain_text("ordine.pdf")
    page.unroute("**/uploads/**")
    attach(page, PICTURE)
    expect(page.locator(".upload input[name=attachment]")).to_have_count(1)
    desk.faults.clear()  # Chromium reports the request that this test cut off


DROPPED = """(form, kind) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x2d])], "a.pdf", {type: "application/pdf"}));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
  form.querySelector("textarea").dispatchEvent(event);
}"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_files_are_pasted_and_dropped(desk: Desk, kind: str) -> None:
    page = desk.visit("carla", NEW)
    page.locator("form[data-draft]").evaluate(DROPPED, kind)
    expect(page.locator(".upload input[name=attachment]")).to_have_count(1)
    page.get_by_role("button", name="Rimuovi a.pdf").click()


def test_a_double_click_opens_one_ticket(desk: Desk) -> None:
    page = desk.visit("franco", NEW)
    page.get_by_label("Oggetto").fill("Due clic")
    page.get_by_role("button", name="Apri il ticket").dblclick()
    first = ticket_of(page)
    items = desk.company["franco"].asks("/tickets")["items"]
    assert [item["id"] for item in items if item["subject"] == "Due clic"] == [first]


def test_it_is_opened_by_keys_alone(desk: Desk) -> None:
    page = desk.visit("carla", NEW)
    expect(page.get_by_label("Oggetto")).to_be_focused()
    page.keyboard.type("Solo tastiera")
    page.keyboard.press("Tab")
    page.keyboard.type("Senza mouse")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.form-foot button')"):
            break
    page.keyboard.press("Enter")
    ticket_of(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Solo tastiera")


def test_staff_open_a_ticket_for_a_customer_whom_they_find(desk: Desk) -> None:
    page = desk.visit("paola", NEW)
    page.get_by_role("searchbox", name=re.compile("cliente")).press_sequentially("rossi", delay=20)
    page.get_by_role("radio", name=re.compile("^Carla")).check()
    page.get_by_label("Oggetto").fill("Per telefono: il sito è lento")
    assert violations(page) == []
    send(page)
    ticket = desk.company["carla"].asks(f"/tickets/{ticket_of(page)}")
    assert (ticket["requester_name"], ticket["subject"]) == ("Carla", "Per telefono: il sito è lento")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("dark", [False, True])
def test_the_form_can_be_read_and_used_by_everybody(desk: Desk, width: int, dark: bool) -> None:
    page = desk.visit("elena", NEW, width=width, dark=dark)
    assert violations(page) == []
    assert not scrolls_sideways(page)
