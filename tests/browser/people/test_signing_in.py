"""Coming in through the page: with a password, after a link, without the password, from a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in, violations
from tests.support.journeys import PASSWORD
from tests.support.newcomers import in_italian

FORM = "main form:has(input[name=password])"


def test_a_link_leads_to_its_place_after_sign_in(desk: Desk, newcomer: Any) -> None:
    nora = newcomer(role="pm")
    page = desk.visit(place="/people/companies?state=active")
    assert "/sign-in?next=" in page.url
    sign_in(page, nora.email)
    assert page.url.endswith("/people/companies?state=active")


def test_a_wrong_password_keeps_the_address_and_says_so(desk: Desk, newcomer: Any) -> None:
    nora = newcomer()
    page = desk.visit(place="/sign-in")
    page.keyboard.type(nora.email)  # the field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text(in_italian("The address or the password is wrong.")).wait_for()
    assert page.input_value("input[name=email]") == nora.email
    page.keyboard.type(PASSWORD)  # now the password's field has it
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox*")


def test_signing_out_leaves_nothing_open(desk: Desk, newcomer: Any) -> None:
    page = desk.visit()
    sign_in(page, newcomer().email)
    page.goto("/account")
    page.click(".person-menu")
    page.click("form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.wait_for_url("**/sign-in*")


def test_a_forgotten_password_is_replaced_by_a_link_by_mail(desk: Desk, newcomer: Any) -> None:
    nora = newcomer()
    elsewhere = desk.visit()
    sign_in(elsewhere, nora.email)
    page = desk.visit(place="/sign-in")
    page.click("a[href='/recover']")
    page.fill("input[name=email]", nora.email)
    page.click("main form:has(input[name=email]) button[type=submit]")
    page.get_by_role("heading", name=in_italian("Look at your mail")).wait_for()
    page.goto(nora.link("Una nuova password"))
    page.fill("input[name=password]", "short")
    page.click(f"{FORM} button[type=submit]")
    page.locator(".field-error").wait_for()
    page.fill("input[name=password]", "una nuova lunga password")
    page.click(f"{FORM} button[type=submit]")
    page.wait_for_url("**/sign-in")
    sign_in(page, nora.email, "una nuova lunga password")
    elsewhere.goto("/account")
    assert "/sign-in" in elsewhere.url
    assert "La sua password è cambiata" in [m.subject for m in nora.company.smtp.mails if nora.email in m.recipients]
    page.goto(nora.link("Una nuova password"))
    page.get_by_role("heading", name=in_italian("This link isn't valid any more.")).wait_for()


@pytest.mark.parametrize("place", ["/sign-in", "/sign-in?next=/tickets/5", "/recover", f"/recover/{'x' * 43}"])
@pytest.mark.parametrize(("width", "dark"), [(NARROW, True), (WIDE, False)])
def test_pages_for_visitors_can_be_read_by_everybody(desk: Desk, place: str, width: int, dark: bool) -> None:
    page = desk.visit(place=place, width=width, dark=dark, language="en")
    assert violations(page) == []
    assert not scrolls_sideways(page)
