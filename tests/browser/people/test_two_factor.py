"""Two-factor sign-in with an app: set up, asked for, lost."""

from __future__ import annotations

from typing import Any

import pyotp
from playwright.sync_api import Page

from tests.support.browser import Desk, sign_in, violations
from tests.support.journeys import PASSWORD, Company
from tests.support.newcomers import in_italian

CODE = "main form:has(input[name=code])"


def code_of(app: pyotp.TOTP, company: Company) -> str:
    """What the phone shows in the next step: each code counts once."""
    company.clock.advance(seconds=30)
    return app.at(company.clock())


def set_up(page: Page, company: Company) -> tuple[pyotp.TOTP, list[str]]:
    """The app and the recovery codes, with two-factor on."""
    page.goto("/account/two-factor")
    page.fill("input[name=current]", PASSWORD)
    page.click("main button[type=submit]")
    page.locator(".qr-code svg").wait_for()
    app = pyotp.TOTP(page.inner_text("code.secret").replace(" ", ""))
    page.fill("input[name=code]", "000000")
    page.click(f"{CODE} button[type=submit]")
    page.locator(".field-error").wait_for()
    assert violations(page) == []
    page.fill("input[name=code]", code_of(app, company))
    page.click(f"{CODE} button[type=submit]")
    page.locator("ol.codes").wait_for()
    assert violations(page) == []
    return app, page.locator(".codes code").all_inner_texts()


def test_with_an_app_the_password_alone_is_not_enough(desk: Desk, company: Company, newcomer: Any) -> None:
    nora = newcomer(role="pm")
    page = desk.visit()
    sign_in(page, nora.email)
    app, codes = set_up(page, company)
    assert len(codes) == 10

    other = desk.visit(place="/people/companies")
    sign_in(other, nora.email)
    assert "/sign-in/code" in other.url
    assert violations(other) == []
    other.goto("/account")
    assert "/sign-in" in other.url
    sign_in(other, nora.email)
    other.fill("input[name=code]", "123456")
    other.keyboard.press("Enter")
    other.get_by_role("alert").get_by_text(in_italian("This code isn't right, or was used before.")).wait_for()
    other.fill("input[name=code]", code_of(app, company))
    other.keyboard.press("Enter")
    other.wait_for_url("**/account")


def test_a_recovery_code_lets_in_once_and_two_factor_can_be_switched_off(
    desk: Desk, company: Company, newcomer: Any
) -> None:
    nora = newcomer()
    page = desk.visit()
    sign_in(page, nora.email)
    _, codes = set_up(page, company)
    other = desk.visit()
    for code, lets_in in ((codes[0], True), (codes[0], False), (codes[1], True)):
        other.context.clear_cookies()
        other.goto("/sign-in")
        sign_in(other, nora.email)
        other.fill("input[name=code]", code)
        other.keyboard.press("Enter")
        if lets_in:
            other.wait_for_url(lambda url: "/sign-in" not in url)
        else:
            other.get_by_role("alert").get_by_text(in_italian("This code isn't right, or was used before.")).wait_for()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto("/account/two-factor")
    other.fill("input[name=current]", PASSWORD)
    other.fill("input[name=code]", codes[2])
    other.click("button[formaction$='/off']")
    other.wait_for_url("**/account")
    assert "disattivato" in nora.mail("L'accesso a due fattori è stato disattivato")
