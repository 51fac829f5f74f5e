"""A customer's list in a browser: cards that open on click, filters in the address, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, violations
from tests.support.journey_tickets import Ticket


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (NARROW, True)])
def test_a_card_opens_its_ticket_and_back_keeps_the_filter(
    desk: Desk, opened: Callable[..., Ticket], width: int, dark: bool
) -> None:
    ticket = opened("franco", f"Un oggetto molto lungo che continua {'ancora ' * 12}{width}")
    ticket.done("paola", "check_request", complete="no", question="Quale versione del CRM usa?")
    page = desk.visit("franco", "/tickets", width=width, dark=dark)
    card = page.locator(".ticket-card", has_text=ticket.number)
    expect(card).to_have_class(re.compile("is-yours"))
    expect(card).to_contain_text("Aspettiamo")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="Solo i miei").click()
    expect(page).to_have_url(re.compile("whose=mine"))
    page.wait_for_load_state()  # whole cards open by a script
    card.locator(".ticket-turn").click()
    expect(page).to_have_url(re.compile(rf"{ticket.path}$"))
    page.go_back()
    expect(page).to_have_url(re.compile("whose=mine"))
