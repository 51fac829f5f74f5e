"""One's own account: where one is signed in, tokens, another address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in, violations
from tests.support.journeys import PASSWORD
from tests.support.newcomers import in_italian


def test_a_session_that_is_ended_elsewhere_leads_to_sign_in_and_back(desk: Desk, newcomer: Any) -> None:
    nora = newcomer()
    here, there = desk.visit(), desk.visit(width=NARROW)
    for page in (here, there):
        sign_in(page, nora.email)
    here.goto("/account")
    here.locator(".settings-list form[action*='/account/sessions/'] button").click()
    here.get_by_text(in_italian("The session was ended.")).wait_for()
    there.goto("/account/password")
    assert there.url.endswith("/sign-in?next=%2Faccount%2Fpassword")
    sign_in(there, nora.email)
    assert there.url.endswith("/account/password")


def test_a_token_is_shown_once_and_works_until_it_is_revoked(desk: Desk, newcomer: Any) -> None:
    nora = newcomer(role="pm")
    page = desk.visit()
    sign_in(page, nora.email)
    page.goto("/account/tokens")
    page.fill("input[name=name]", "my script")
    page.fill("input[name=current]", "wrong password")
    page.click("form:has(input[name=current]) button[type=submit]")
    page.locator(".field-error").wait_for()
    assert page.input_value("input[name=name]") == "my script"
    page.fill("input[name=current]", PASSWORD)
    page.click("form:has(input[name=current]) button[type=submit]")
    secret = page.input_value("#token")
    assert nora.company.served.request("GET", "/api/v1/accounts/me", None, secret).json["email"] == nora.email
    page.goto("/account/tokens")
    assert secret not in page.content()
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("form[action$='/revoke'] button")
    page.get_by_text(in_italian("The token was revoked.")).wait_for()
    assert nora.company.served.request("GET", "/api/v1/accounts/me", None, secret).status == 401


def test_another_address_counts_when_its_mail_was_followed(desk: Desk, newcomer: Any) -> None:
    nora = newcomer()
    page = desk.visit()
    sign_in(page, nora.email)
    page.goto("/account/address")
    page.fill("input[name=email]", f"x{nora.email}")
    page.fill("input[name=current]", PASSWORD)
    page.click("form:has(input[name=current]) button[type=submit]")
    page.wait_for_url("**/account")
    page.goto(nora.link("Confermi il nuovo indirizzo", to=f"x{nora.email}"))
    page.click("main button[type=submit]")
    page.wait_for_url("**/account")
    assert page.get_by_text(f"x{nora.email}").count()
    nora.mail("Il suo indirizzo è cambiato")


@pytest.mark.parametrize("place", [
    "/account", "/account/password", "/account/address", "/account/two-factor", "/account/tokens",
])  # fmt: skip
@pytest.mark.parametrize(("width", "dark"), [(NARROW, True), (WIDE, False)])
@pytest.mark.parametrize("name", ["paola", "carla"])
def test_the_account_can_be_read_by_everybody(desk: Desk, place: str, width: int, dark: bool, name: str) -> None:
    page = desk.visit(name, place, width=width, dark=dark)
    assert violations(page) == []
    assert not scrolls_sideways(page)
