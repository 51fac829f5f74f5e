"""Lists of tickets as people use them: finding, narrowing, sorting, keeping a view, taking many at once along."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, scrolls_sideways, violations
from tests.support.journey_tickets import Ticket

#: a word that no other test's tickets have
WORD = "zibaldone"


@pytest.fixture(scope="module")
def three(company) -> list[Ticket]:
    """Three tickets about the same, of two customers."""
    said = (("carla", "primo"), ("carla", "secondo"), ("dario", "terzo"))
    return [Ticket(company, who, f"{WORD.title()} {subject}", f"Il {WORD} non si apre.") for who, subject in said]


def subjects(page: Page) -> list[str]:
    return page.locator("[data-row-link]").all_inner_texts()


def test_the_search_at_the_top_finds_words_of_texts_and_notes(three: list[Ticket], visit: Callable[..., Page]) -> None:
    page = visit("paola", "/inbox")
    page.keyboard.press("/")
    page.keyboard.type(f"{WORD[:6]} secon")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tickets\?text="))
    expect(page.locator("[data-row-link]")).to_have_count(1)
    assert subjects(page) == ["Zibaldone secondo"]
    page.locator("tr[data-row] .col-status").click()
    expect(page).to_have_url(re.compile(r"/tickets/\d+$"))


def test_filters_and_order_stand_in_the_address_and_back_leads_back(
    three: list[Ticket], visit: Callable[..., Page]
) -> None:
    page = visit("paola", f"/tickets?text={WORD}")
    page.get_by_role("link", name="Oggetto").click()
    expect(page).to_have_url(re.compile("sort=subject"))
    expect(page.locator("[data-row-link]")).to_have_text(["Zibaldone primo", "Zibaldone secondo", "Zibaldone terzo"])
    page.get_by_role("link", name="Oggetto").click()
    expect(page.locator("[data-row-link]")).to_have_text(["Zibaldone terzo", "Zibaldone secondo", "Zibaldone primo"])
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Oggetto")
    page.locator("[data-filters]").click()
    page.get_by_label("Assegnato a").or_(page.get_by_label("In carico a")).select_option("none")
    page.locator(".filter-card button[type=submit]").click()
    expect(page).to_have_url(re.compile("assignee=none"))
    assert "sort=-subject" in page.url and f"text={WORD}" in page.url
    page.reload()
    assert len(subjects(page)) == 3
    page.locator(".chip.is-on", has_text="nessuno").click()
    expect(page).not_to_have_url(re.compile("assignee"))
    page.go_back()
    expect(page).to_have_url(re.compile("assignee=none"))


def test_a_view_is_kept_begun_with_and_forgotten(three: list[Ticket], visit: Callable[..., Page]) -> None:
    page = visit("marta", f"/tickets?text={WORD}&sort=number")
    page.locator("[data-bs-toggle=dropdown]", has_text=re.compile("Viste")).click()
    page.locator("#view-name").fill("I miei zibaldoni")
    page.locator("input[name=standard]").check()
    page.locator(".list-save button").click()
    expect(page.locator("#messages")).to_contain_text("I miei zibaldoni")
    page.goto("/inbox")
    page.locator(".rail a[href='/tickets']").click()
    expect(page).to_have_url(re.compile(rf"text={WORD}&sort=number"))
    page.goto("/views")
    assert violations(page) == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/remove'] button").click()
    expect(page.locator("main")).not_to_contain_text("I miei zibaldoni")


def test_the_csv_is_the_list(three: list[Ticket], visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit("paola", f"/tickets?text={WORD}&sort=number")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    file = tmp_path / "tickets.csv"
    started.value.save_as(file)
    lines = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [line["Oggetto"] for line in lines] == ["Zibaldone primo", "Zibaldone secondo", "Zibaldone terzo"]


def test_many_are_ticked_with_shift_and_get_one_note(three: list[Ticket], visit: Callable[..., Page]) -> None:
    page = visit("paola", f"/tickets?text={WORD}&sort=number")
    bar = page.locator("[data-bulk-bar]")
    expect(bar).to_be_hidden()
    ticks = page.locator("[data-tick]")
    ticks.nth(0).click()
    ticks.nth(2).click(modifiers=["Shift"])
    expect(bar).to_contain_text("3")
    ticks.nth(1).click()
    expect(bar).to_contain_text("2")
    bar.locator("button[value=note]").click()
    expect(page.locator(".bulk-tickets li")).to_have_count(2)
    page.locator("textarea[name=text]").fill("Guardare insieme lo zibaldone di maggio.")
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(rf"/tickets\?text={WORD}"))
    page.goto("/tickets?text=zibaldone+maggio")
    assert sorted(subjects(page)) == ["Zibaldone primo", "Zibaldone terzo"]


def test_many_are_assigned_to_somebody_who_then_sees_them(
    opened: Callable[..., Ticket], visit: Callable[..., Page]
) -> None:
    for subject in ("primo", "secondo", "terzo"):
        opened("carla", f"Taccuino {subject}")
    page = visit("bruno", "/tickets?text=taccuino&state=all")
    assert subjects(page) == []
    page = visit("paola", "/tickets?text=taccuino&sort=number")
    page.locator("[data-tick-all]").check()
    page.locator("button[value=assign]").click()
    page.locator("select[name=account]").select_option(label="Bruno")
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/tickets\?text=taccuino"))
    page = visit("bruno", "/tickets?box=mine&text=taccuino")
    assert len(subjects(page)) == 3


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_used_at_every_width_and_in_the_dark(
    three: list[Ticket], visit: Callable[..., Page], width: int, dark: bool
) -> None:
    for place in ("/tickets", f"/tickets?text={WORD}&status=waiting_us", "/tickets?text=nichtsda", "/tickets/filters",
                  f"/tickets/bulk?do=note&ticket={three[0].id}"):  # fmt: skip
        page = visit("paola", place, width=width, dark=dark)
        assert violations(page) == [], place
        assert not scrolls_sideways(page), place
    page = visit("paola", f"/tickets?text={WORD}", width=width, language="en", dark=dark)
    page.locator("[data-tick]").first.check()
    page.locator("[data-filters]").click()
    page.wait_for_selector(".filter-card")
    expect(page.locator(".htmx-request, .htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_rows_and_heads_are_reached_by_keyboard(three: list[Ticket], visit: Callable[..., Page]) -> None:
    page = visit("paola", f"/tickets?text={WORD}&sort=number")
    page.locator("[data-row-link]").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/tickets/{three[0].id}$"))
    page.go_back()
    page.locator("th a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sort=-number"))


def test_it_works_without_scripts(three: list[Ticket], desk) -> None:
    context = desk.browser.new_context(
        base_url=desk.company.served.url,
        locale="it",
        java_script_enabled=False,
        storage_state=desk._state("paola", "it"),
    )
    page = context.new_page()
    page.goto(f"/tickets?text={WORD}&sort=number")
    page.locator("[data-tick]").first.check()
    page.locator("button[value=note]").click()
    expect(page.locator(".bulk-tickets li")).to_have_count(1)
    page.goto("/tickets?state=all")
    page.locator("[data-filters]").click()
    page.locator("input[name=text]").last.fill(WORD)
    page.locator(".filter-card button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"text={WORD}"))
    expect(page.locator("[data-row-link]")).to_have_count(3)
    context.close()
