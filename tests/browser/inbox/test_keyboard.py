"""A whole morning without a mouse: from the sign-in page to an empty inbox, by keys alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browser import Desk
from tests.support.journey_tickets import Ticket
from tests.support.journeys import PASSWORD, Company


def focused(page: Page) -> str:
    """What has the focus, in words."""
    return str(
        page.evaluate("() => (document.activeElement.closest('.inbox-row') ?? document.activeElement).innerText")
    )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Tab until an element that fits has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"No way to {selector} by Tab")


def test_a_morning_by_keys_alone(desk: Desk, opened: Callable[..., Ticket], company: Company) -> None:
    tickets = [opened("dario", f"Mattinata {number}") for number in (1, 2, 3)]
    page = desk.visit("", "/inbox?text=Mattinata&element=check_request")
    page.keyboard.type("paola@staff.example")
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    page.wait_for_url("**/inbox?**")
    expect(page.locator(".inbox-row")).to_have_count(3)

    press(page, "j")
    assert tickets[0].number in focused(page)
    press(page, "j", "j", "j", "k")  # the last one is the end
    assert tickets[1].number in focused(page)
    press(page, "o")
    expect(page.locator(".ticket-subject")).to_contain_text(tickets[1].number)
    page.wait_for_selector("[data-ready]")
    press(page, "k")
    assert tickets[0].number in focused(page)
    press(page, "Enter")
    expect(page.locator(".ticket-subject")).to_contain_text(tickets[0].number)
    page.wait_for_selector("[data-ready]")
    assert "Verifica e classifica" in focused(page)

    for number, ticket in enumerate(tickets):
        expect(page.locator(".ticket-subject")).to_contain_text(ticket.number)
        page.wait_for_selector("[data-ready]")
        press(page, "c")
        expect(page.locator(".task-holder")).to_have_text("È in carico a lei.")
        page.wait_for_selector("[data-ready]")
        assert ticket.tasks == {"check_request": "paola"}
        if number == 0:
            press(page, "Control+Enter")  # too early: what is missing is told, and nothing is lost
            expect(page.locator(".form-summary")).to_be_visible()
        tab_to(page, "input[type=radio]")
        press(page, "Space")
        expect(page.get_by_label("Sì, la classifico")).to_be_checked()
        tab_to(page, "[data-form-place] select")
        page.keyboard.type("Bug CRM")
        press(page, "Control+Enter")
        expect(page.locator("#messages")).to_contain_text("Fatto.")
        page.locator("#messages [data-message-close]").click()
    assert [ticket.read()["category"] for ticket in tickets] == ["bug_crm"] * 3

    press(page, "?")
    page.wait_for_url("**/shortcuts")
    press(page, "g", "i")
    page.wait_for_url("**/inbox")


def test_keys_do_nothing_where_somebody_types(desk: Desk, opened: Callable[..., Ticket]) -> None:
    ticket = opened("dario", "Digitazione")
    page = desk.visit("paola", f"/inbox/{ticket.task('check_request')}")
    page.wait_for_selector("[data-ready]")
    page.get_by_label("No, mancano informazioni").check()
    field = page.get_by_label("Che cosa deve dirci il cliente?")
    field.press_sequentially("jkco? gi")
    expect(field).to_have_value("jkco? gi")
    assert ticket.tasks == {"check_request": "pm"}
    press(page, "Escape", "c")
    expect(page.locator(".task-holder")).to_have_text("È in carico a lei.")
    page.wait_for_selector("[data-ready]")
    expect(page.get_by_label("Che cosa deve dirci il cliente?")).to_have_value("jkco? gi")
