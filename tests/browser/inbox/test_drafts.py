"""What somebody types is never lost: the session ends, the server dies, another tab, another person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import delete, select

from engine.storage.tables import Draft, Session
from tests.support.browser import Desk, becomes, sign_in, violations
from tests.support.journey_tickets import Ticket
from tests.support.journeys import PASSWORD, Company

QUESTION = "Che cosa deve dirci il cliente?"
SAVED = "Salvato"


@pytest.fixture
def writing(desk: Desk, opened: Callable[..., Ticket]) -> Callable[..., Page]:
    """Paola writes a question to a customer: `writing("the text")`."""

    def write(text: str, ticket: Ticket | None = None) -> Page:
        ticket = ticket or opened("carla", "Bozza")
        page = desk.visit("paola", f"/inbox/{ticket.task('check_request')}")
        begin(page, text)
        return page

    return write


@pytest.fixture
def ends_sessions(desk: Desk, company: Company) -> Iterator[Callable[[str], None]]:
    """Ends all sessions of somebody, on the server."""
    ended: set[str] = set()

    def end(name: str) -> None:
        ended.add(name)
        with company.database.begin() as tx:
            tx.execute(delete(Session).where(Session.account_id == company[name].id))

    yield end
    for name in ended:
        desk.forget(name)


def begin(page: Page, text: str) -> None:
    page.wait_for_selector("[data-ready]")
    page.get_by_label("No, mancano informazioni").check()
    page.get_by_label(QUESTION).press_sequentially(text)


def status(page: Page) -> object:
    return page.locator("[data-form-status]")


def drafts(company: Company, name: str) -> list[dict[str, object]]:
    """What the server keeps for somebody."""
    with company.database.read() as tx:
        return list(tx.execute(select(Draft.content).where(Draft.account_id == company[name].id)).scalars())


def is_kept(page: Page, company: Company, content: dict[str, object]) -> None:
    """Waits until the server keeps it for Paola: the status says so of what was typed a moment ago, too."""
    becomes(
        page, lambda: any(content.items() <= draft.items() for draft in drafts(company, "paola")), f"kept: {content}"
    )


def test_what_is_typed_is_saved_while_typing_and_found_again_elsewhere(
    desk: Desk, writing: Callable[..., Page], opened: Callable[..., Ticket], company: Company
) -> None:
    ticket = opened("carla", "Altrove")
    page = writing("Quale browser usa?", ticket)
    expect(status(page)).to_contain_text(SAVED)
    is_kept(page, company, {"complete": "no", "question": "Quale browser usa?", "category": None})
    other = desk.visit("paola", f"/inbox/{ticket.task('check_request')}", width=390)
    expect(other.get_by_label(QUESTION)).to_have_value("Quale browser usa?")
    expect(other.locator(".draft-note")).to_contain_text("è di nuovo qui")
    assert violations(other) == []
    other.get_by_role("button", name="Scarta").click()
    expect(other.get_by_label(QUESTION)).to_have_count(0)
    expect(other.locator(".draft-note")).to_have_count(0)
    other.reload()
    other.wait_for_selector("[data-ready]")
    expect(other.get_by_label("No, mancano informazioni")).not_to_be_checked()


def test_leaving_the_page_at_once_loses_nothing(writing: Callable[..., Page]) -> None:
    page = writing("Scritto un attimo prima di uscire")
    page.goto("/shortcuts")
    page.go_back()
    expect(page.get_by_label(QUESTION)).to_have_value("Scritto un attimo prima di uscire")


def test_choosing_another_user_task_keeps_what_was_typed_into_the_first(
    desk: Desk, opened: Callable[..., Ticket]
) -> None:
    first, second = opened("carla", "Wombat uno"), opened("carla", "Wombat due")
    page = desk.visit("paola", "/inbox?text=Wombat")
    page.locator(".inbox-row", has_text=first.number).locator("a").click()
    begin(page, "Prima di passare oltre")
    page.locator(".inbox-row", has_text=second.number).locator("a").click()
    expect(page.locator(".ticket-subject")).to_contain_text(second.number)
    page.wait_for_selector("[data-ready]")
    page.locator(".inbox-row", has_text=first.number).locator("a").click()
    expect(page.get_by_label(QUESTION)).to_have_value("Prima di passare oltre")


def test_what_was_completed_leaves_no_draft(writing: Callable[..., Page], company: Company) -> None:
    page = writing("Ci può dire la versione?")
    expect(status(page)).to_contain_text(SAVED)
    page.get_by_label(QUESTION).press_sequentially(" Grazie.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("Fatto.")
    page.wait_for_timeout(1500)  # longer than the script waits before it saves
    assert not [draft for draft in drafts(company, "paola") if "versione" in str(draft)]


def test_the_session_ends_while_typing_and_one_goes_on_after_signing_in_again(
    writing: Callable[..., Page], ends_sessions: Callable[[str], None], company: Company
) -> None:
    page = writing("Prima. ")
    expect(status(page)).to_contain_text(SAVED)
    ends_sessions("paola")
    page.get_by_label(QUESTION).press_sequentially("Dopo.")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ciò che ha scritto è ancora qui")
    assert violations(page) == []
    page.get_by_label("Password").fill("wrong one")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("L'indirizzo o la password sono errati.")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(status(page)).to_contain_text(SAVED)
    expect(page.get_by_label(QUESTION)).to_have_value("Prima. Dopo.")
    is_kept(page, company, {"question": "Prima. Dopo."})
    page.get_by_role("button", name="Completa").click()
    expect(page.locator("#messages")).to_contain_text("Fatto.")


def test_the_session_ends_before_sending_and_it_is_sent_after_signing_in_in_another_tab(
    writing: Callable[..., Page], ends_sessions: Callable[[str], None]
) -> None:
    page = writing("Spedita dopo essere rientrata")
    expect(status(page)).to_contain_text(SAVED)
    ends_sessions("paola")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    with page.context.expect_page() as opened_tab:
        dialog.get_by_role("link", name="Accedi in un'altra scheda").click()
    sign_in(opened_tab.value, "paola@staff.example")
    opened_tab.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#messages")).to_contain_text("Fatto.")


def test_signed_in_anew_in_another_tab_nobody_notices(
    writing: Callable[..., Page], ends_sessions: Callable[[str], None]
) -> None:
    page = writing("Prima")
    expect(status(page)).to_contain_text(SAVED)
    ends_sessions("paola")
    other = page.context.new_page()
    sign_in(other, "paola@staff.example")
    page.get_by_label(QUESTION).press_sequentially(" e dopo")
    expect(status(page)).to_contain_text(SAVED)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Completa").click()
    expect(page.locator("#messages")).to_contain_text("Fatto.")


def test_somebody_else_who_signs_in_gets_nothing_of_it(
    writing: Callable[..., Page], ends_sessions: Callable[[str], None], company: Company
) -> None:
    page = writing("Riservato. ")
    expect(status(page)).to_contain_text(SAVED)
    ends_sessions("paola")
    other = page.context.new_page()
    sign_in(other, "marta@staff.example")
    page.get_by_label(QUESTION).press_sequentially("Ancora.")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Paola")
    assert not any("Riservato" in str(draft) for draft in drafts(company, "marta"))
    assert not any("Ancora" in str(draft) for draft in drafts(company, "paola"))
    other.goto(page.url)
    other.wait_for_selector("#task-title")
    expect(other.locator(".draft-note")).to_have_count(0)
    assert "Riservato" not in other.content()
    _clean(page.context)


def test_the_server_dies_while_typing_and_comes_back(writing: Callable[..., Page], company: Company) -> None:
    page = writing("Prima. ")
    expect(status(page)).to_contain_text(SAVED)
    company.served.kill()
    try:
        page.get_by_label(QUESTION).press_sequentially("Durante. ")
        expect(status(page)).to_contain_text("Non salvato")
        page.get_by_role("button", name="Completa").click()
        expect(page.locator(".form-summary")).to_contain_text("Il server non è raggiungibile")
        page.get_by_label(QUESTION).press_sequentially("Poi.")
    finally:
        company.served.start()
    expect(status(page)).to_contain_text(SAVED, timeout=40_000)
    is_kept(page, company, {"question": "Prima. Durante. Poi."})
    page.get_by_role("button", name="Completa").click()
    expect(page.locator("#messages")).to_contain_text("Fatto.")


def test_a_page_loaded_anew_begins_with_what_could_not_be_handed_over(desk: Desk, writing: Callable[..., Page]) -> None:
    page = writing("Salvato. ")
    expect(status(page)).to_contain_text(SAVED)
    page.route("**/drafts/**", lambda route: route.abort("connectionrefused"))
    page.get_by_label(QUESTION).press_sequentially("Non consegnato.")
    expect(status(page)).to_contain_text("Non salvato")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/drafts/**")
    page.route(
        "**/drafts/**",
        lambda route: route.abort("connectionrefused") if route.request.method == "POST" else route.fallback(),
    )
    page.reload()
    expect(page.get_by_label(QUESTION)).to_have_value("Salvato. Non consegnato.")
    page.unroute("**/drafts/**")
    expect(status(page)).to_contain_text(SAVED, timeout=20_000)


def test_two_tabs_tell_each_other(desk: Desk, writing: Callable[..., Page], opened: Callable[..., Ticket]) -> None:
    ticket = opened("carla", "Due schede")
    page = writing("Nella prima", ticket)
    expect(status(page)).to_contain_text(SAVED)
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.get_by_label(QUESTION)).to_have_value("Nella prima")
    second.get_by_label(QUESTION).fill("Nella seconda")
    expect(second.locator("[data-form-status]")).to_contain_text(SAVED)
    note = page.locator(".draft-note")
    expect(note).to_contain_text("In un'altra finestra è stato scritto diversamente")
    expect(page.get_by_label(QUESTION)).to_have_value("Nella prima")
    note.get_by_role("button", name="Prendi quello").click()
    expect(page.get_by_label(QUESTION)).to_have_value("Nella seconda")
    expect(note).to_have_count(0)


def test_what_the_server_refuses_stays_and_is_still_a_draft(desk: Desk, writing: Callable[..., Page]) -> None:
    page = writing("corto")
    page.get_by_role("button", name="Completa").click()
    expect(page.locator(".form-error")).to_contain_text("Scriva almeno 10 caratteri.")
    expect(status(page)).to_contain_text(SAVED)
    page.reload()
    expect(page.get_by_label(QUESTION)).to_have_value("corto")


def test_what_nobody_has_seen_yet_nobody_sends(desk: Desk, opened: Callable[..., Ticket]) -> None:
    ticket = opened("carla", "Modulo lento")
    page = desk.visit("paola", f"/inbox/{ticket.task('check_request')}")
    script = page.request.get(page.locator("script[src*='/form-']").get_attribute("src") or "").text()
    (shows_it,) = re.findall(r'import\("\./(chunk-\w+\.js)"\)', script)
    held: list[Route] = []
    page.route(f"**/{shows_it}", lambda route: held.append(route))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/complete") else None)
    page.reload()
    becomes(page, lambda: bool(held), "asked for")
    page.get_by_role("button", name="Completa").click()
    held[0].continue_()
    page.wait_for_selector("[data-ready]")
    assert sent == []
    page.get_by_role("button", name="Completa").click()
    expect(page.locator(".form-error")).not_to_have_count(0)


def composer(page: Page) -> Locator:
    """Where a note is written."""
    return page.locator(".tp-composer .editor-text")


def test_a_note_whose_writer_has_to_sign_in_again_arrives_once_and_they_stay_at_the_ticket(
    desk: Desk, opened: Callable[..., Ticket], ends_sessions: Callable[[str], None], company: Company
) -> None:
    ticket = opened("carla", "Nota dopo la disconnessione")
    page = desk.visit("paola", ticket.path)
    composer(page).press_sequentially("Prima.")
    expect(page.locator(".tp-composer .draft-status")).to_contain_text(SAVED)
    ends_sessions("paola")
    composer(page).press_sequentially(" Dopo.")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.wait_for_timeout(2500)  # longer than a form waits for its draft
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".tp-note").last).to_contain_text("Prima. Dopo.")
    assert page.url.partition("#")[0].endswith(ticket.path)
    assert ticket.notes("paola") == ["paola: Prima. Dopo."]
    assert not any("Dopo." in str(draft) for draft in drafts(company, "paola"))


def test_a_draft_that_comes_late_takes_nothing_away_and_a_form_that_was_stopped_is_sent_after_all(
    desk: Desk, opened: Callable[..., Ticket], company: Company
) -> None:
    ticket = opened("carla", "Bozza in ritardo")
    page = desk.visit("paola", ticket.path)
    composer(page).press_sequentially("Prima.")
    expect(page.locator(".tp-composer .draft-status")).to_contain_text(SAVED)
    with page.expect_request("**/drafts/**"):
        held: list[Route] = []
        page.route(
            "**/drafts/**", lambda route: held.append(route) if route.request.method == "GET" else route.fallback()
        )
        page.reload()
    composer(page).press_sequentially("Subito.")
    held[0].continue_()
    note = page.locator(".tp-composer .draft-note")
    expect(note).to_contain_text("è stato scritto diversamente")
    expect(composer(page)).to_have_text("Subito.")
    note.get_by_role("button", name="Prendi quello").click()
    expect(composer(page)).to_have_text("Prima.")
    page.route(f"**{ticket.path}/notes", lambda route: route.abort("aborted"))  # as if it were stopped
    with page.expect_event("requestfailed"):
        composer(page).focus()
        page.keyboard.press("Control+Enter")
    page.unroute(f"**{ticket.path}/notes")
    composer(page).press_sequentially("!")
    is_kept(page, company, {"text": "!Prima."})
    page.keyboard.press("Control+Enter")
    expect(page.locator(".tp-note").last).to_contain_text("!Prima.")
    assert len(ticket.notes("paola")) == 1


PLAIN = """
<h1>Trial</h1>
<form method="post" action="/language" data-draft="note:4711">
  <label>Text <textarea name="text"></textarea></label>
  <label>Kind <select name="kind"><option>a<option>b</select></label>
  <label>Loud <input type="checkbox" name="loud" value="1"></label>
  <label>Secret <input type="password" name="secret"></label>
  <label>Code <input name="code" autocomplete="one-time-code"></label>
  <input type="hidden" name="csrf" value="">
  <button>Send</button>
</form>
"""


@pytest.fixture
def plain(desk: Desk, pages: object) -> Callable[[], Page]:
    """A page with a form that isn't form-js's, of which drafts are kept."""
    from flask import Flask

    from web.pages.assets import asset

    assert isinstance(pages, Flask)

    def show() -> Page:
        page = desk.visit("paola", "/shortcuts")
        page.evaluate("html => { document.querySelector('main').innerHTML = html }", PLAIN)
        with pages.test_request_context():
            page.add_script_tag(url=asset("drafts.js"), type="module")
        page.wait_for_selector(".draft-status", state="attached")
        return page

    return show


def test_a_plain_form_is_kept_too_but_never_its_passwords(plain: Callable[[], Page], company: Company) -> None:
    page = plain()
    page.get_by_label("Secret").fill("s3cret")
    page.get_by_label("Code").fill("123456")
    page.get_by_label("Kind").select_option("b")
    page.get_by_label("Loud").check()
    page.get_by_label("Text").fill("Una nota")
    expect(page.locator(".draft-status")).to_contain_text(SAVED)
    is_kept(page, company, {"text": "Una nota"})
    kept = [draft for draft in drafts(company, "paola") if draft.get("text") == "Una nota"]
    assert kept == [{"text": "Una nota", "kind": "b", "loud": "1"}]
    again = plain()
    expect(again.get_by_label("Text")).to_have_value("Una nota")
    expect(again.get_by_label("Kind")).to_have_value("b")
    expect(again.get_by_label("Loud")).to_be_checked()
    expect(again.get_by_label("Secret")).to_have_value("")
    again.get_by_role("button", name="Scarta").click()
    expect(again.get_by_label("Text")).to_have_value("")
    expect(again.locator(".draft-note")).to_have_count(0)


def _clean(context: BrowserContext) -> None:
    for page in context.pages:
        page.close()
