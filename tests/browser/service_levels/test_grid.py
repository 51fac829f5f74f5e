"""A manager changes what is promised, in their own words; the next ticket has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in, violations
from tests.support.journey_tickets import Ticket
from tests.support.journeys import PACKAGE, Company
from tests.support.newcomers import Newcomer

GRID = f"/service-levels/{PACKAGE}"


@pytest.fixture
def manager(desk: Desk, newcomer: Callable[..., Newcomer]) -> Callable[..., Page]:
    """A manager at a page: `manager("/service-levels")`."""

    def at(place: str, **window: int | bool) -> Page:
        page = desk.visit("", "/sign-in", **window)  # type: ignore[arg-type]
        sign_in(page, newcomer("Marta", role="manager").email)
        page.goto(place)
        return page

    return at


@pytest.fixture
def as_before(company: Company) -> Iterator[None]:
    """The policy is put back at the end: other tests count on it."""
    admin = company["admin"]
    before = admin.asks(f"/packages/{PACKAGE}/policy")
    yield
    now = admin.asks(f"/packages/{PACKAGE}/policy")
    body = {"policy": {**before["policy"]}, "expected_version": now["version"]}
    body["policy"].pop("version", None)
    admin.sends(f"/packages/{PACKAGE}/policy", body, 200, method="PUT")


def within(page: Page, promise: str) -> str:
    """The name of the field that says within what time a promise is kept: of its first row."""
    row = page.locator("tbody tr", has=page.locator(f"input[name$='-goal'][value='{promise}']")).first
    return row.locator(".cell-span").first.get_attribute("name") or ""


@pytest.mark.usefixtures("as_before")
def test_five_days_become_three_for_the_next_ticket(
    manager: Callable[..., Page], opened: Callable[..., Ticket], company: Company
) -> None:
    page = manager("/service-levels")
    page.wait_for_url(f"**{GRID}")
    name = within(page, "quote")
    expect(page.locator(f"[name='{name}']")).to_have_value("5 giorni lavorativi")
    page.locator(f"[name='{name}']").fill("fra poco")
    page.get_by_role("button", name="Salva").click()
    expect(page.locator(f"#about-field-{name}, #about-{name}").first).to_contain_text("Lo scriva come")
    page.locator(f"[name='{name}']").fill("3 giorni")
    page.get_by_label("Perché").fill("Rispondiamo prima")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_text("Salvato come versione")).to_be_visible()
    expect(page.locator(f"[name='{name}']")).to_have_value("3 giorni lavorativi")

    ticket = opened("carla", "Un preventivo", "Per un nuovo modulo.")
    ticket.done("paola", "check_request", complete="yes", category="quote")
    page.goto(f"/tickets/{ticket.id}/deadlines")
    number = int(name.split("-")[1]) + 1
    applied = page.locator(".tried.is-applied", has_text=f"riga {number}:")
    ticket.done(
        "paola", "assign", assignee=company["quirino"].id if "quirino" in company.people else company["silvia"].id
    )
    page.reload()
    expect(applied).to_contain_text("3 giorni lavorativi")


def test_rows_are_added_and_removed_before_anything_is_saved(manager: Callable[..., Page], company: Company) -> None:
    page = manager(GRID)
    count = page.locator("tbody tr").count()
    page.get_by_role("button", name="Un'altra riga").click()
    expect(page.locator("tbody tr")).to_have_count(count + 1)
    page.get_by_role("button", name="Togli la riga 1", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(count)
    expect(page.get_by_text("Ci sono modifiche non salvate.")).to_be_visible()
    page.get_by_role("link", name="Elimina le modifiche").click()
    expect(page.get_by_text("Ci sono modifiche non salvate.")).to_be_hidden()


SIZES = pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (NARROW, True)])


@SIZES
def test_the_grid_can_be_read_and_used_by_everybody(manager: Callable[..., Page], width: int, dark: bool) -> None:
    page = manager(GRID, width=width, dark=dark)
    expect(page.get_by_role("heading", name=re.compile("Livelli di servizio"))).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    wider = "frame => frame.scrollWidth > frame.clientWidth"
    assert not page.locator(".grid-frame").evaluate(wider), "the grid doesn't scroll within its frame either"
    label = "cell => getComputedStyle(cell, '::before').content"
    assert page.locator("td", has=page.get_by_label("Entro, riga 1", exact=True)).evaluate(label) == (
        '"Entro"' if width == NARROW else "none"
    )


@SIZES
@pytest.mark.usefixtures("as_before")
def test_what_is_wrong_in_a_calendar_stands_at_its_field(manager: Callable[..., Page], width: int, dark: bool) -> None:
    page = manager(GRID, width=width, dark=dark)
    monday, zone = page.get_by_label("Lunedì"), page.get_by_label("Fuso orario")
    monday.fill("8:30-25:00")
    zone.fill("Europe/Atlantide")
    page.get_by_role("button", name="Salva").click()
    expect(monday).to_be_focused()
    expect(monday).to_have_accessible_description(re.compile("orari"))
    expect(zone).to_have_accessible_description(re.compile("fuso orario"))
    expect(monday).to_have_value("8:30-25:00")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    monday.fill("8:30-17:00")
    zone.fill("Europe/Rome")
    monday.press("Enter")
    expect(page.get_by_text("Salvato come versione")).to_be_visible()


@pytest.mark.usefixtures("as_before")
def test_a_row_in_a_new_calendar_is_made_by_keys_alone_on_a_small_screen(manager: Callable[..., Page]) -> None:
    page = manager(GRID, width=NARROW)
    page.get_by_label("Nome di un nuovo calendario").focus()
    page.keyboard.type("night_7")
    page.keyboard.press("Enter")
    night = page.get_by_role("region", name="Calendario night_7")
    expect(night.get_by_label("Lunedì")).to_be_focused()
    page.keyboard.type("20:00-24:00")

    count = page.locator("tbody tr").count()
    page.get_by_role("button", name="Un'altra riga").press("Enter")
    expect(page.get_by_label(f"Promessa, riga {count + 1}")).to_be_focused()
    page.get_by_label(f"Entro, riga {count + 1}").fill("3 ore")
    page.get_by_label(f"Contato in, riga {count + 1}").select_option("night_7")
    page.get_by_role("button", name=f"Riga {count + 1} su").press("Enter")
    expect(page.get_by_role("button", name=f"Riga {count} su")).to_be_focused()
    page.get_by_role("button", name="Togli il calendario night_7").press("Enter")
    refused = page.get_by_role("button", name="Togli il calendario night_7")
    expect(refused).to_be_focused()
    expect(refused).to_have_accessible_description(re.compile(f"è in uso.*: {count}\\."))
    assert violations(page) == []
    assert not scrolls_sideways(page)

    page.get_by_role("button", name="Salva").press("Enter")
    expect(page.get_by_text("Salvato come versione")).to_be_visible()
    expect(page.get_by_label(f"Contato in, riga {count}")).to_have_value("night_7")
