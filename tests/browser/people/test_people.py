"""Looking after people: a company, an invitation to activation, roles, the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in, violations
from tests.support.journeys import PASSWORD, Company
from tests.support.newcomers import Newcomer, in_italian


def test_from_a_new_company_to_its_first_customer_at_work(desk: Desk, company: Company) -> None:
    marta = desk.visit("marta", "/people/companies")
    marta.click("a[href='/people/companies/new']")
    marta.fill("input[name=name]", "Verdi & Figli")
    marta.fill("input[name=vat_number]", "IT09876543210")
    marta.fill("textarea[name=services]", "Sito web\nCRM")
    marta.click("main form:has(textarea) button[type=submit]")
    marta.get_by_role("heading", name="Verdi & Figli").wait_for()
    marta.click("main a[href^='/people/accounts/new']")
    assert marta.input_value("input[name=company]") == "Verdi & Figli"
    marta.fill("input[name=name]", "Gianni Verdi")
    marta.fill("input[name=email]", "gianni@verdi.example")
    marta.click("main form:has(input[name=company]) button[type=submit]")
    marta.get_by_role("heading", name="Gianni Verdi").wait_for()
    marta.check("input[name=role][value=customer]")
    marta.click("form[action*='/roles/mrdoc'] button[type=submit]")
    marta.get_by_text(in_italian("Saved.")).wait_for()

    gianni = Newcomer(company, 0, "gianni@verdi.example")
    page = desk.visit(place=gianni.link("Marta la invita in Iter"))
    assert violations(page) == []
    page.fill("input[name=email]", "gianni.privato@verdi.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.wait_for_url("**/tickets")
    page.get_by_text("gianni.privato@verdi.example").wait_for()
    page.goto(gianni.link("Confermi il nuovo indirizzo", to="gianni.privato@verdi.example"))
    page.click("main button[type=submit]")
    page.wait_for_url("**/account")
    assert page.get_by_text("gianni.privato@verdi.example").count()

    marta.goto("/people/accounts?text=gianni")
    marta.click("tr[data-row]")
    marta.get_by_role("heading", name="Gianni Verdi").wait_for()
    assert marta.get_by_text(in_italian("active"), exact=True).count()
    assert marta.get_by_text("gianni.privato@verdi.example").count()


def test_a_disabled_account_is_out_at_once_and_comes_back_enabled(desk: Desk, newcomer: Any) -> None:
    nora = newcomer(role="agent")
    page = desk.visit()
    sign_in(page, nora.email)
    marta = desk.visit("marta", f"/people/accounts/{nora.id}")
    marta.on("dialog", lambda dialog: dialog.accept())
    marta.click("form[action$='/disable'] button")
    marta.get_by_text(in_italian("disabled"), exact=True).wait_for()
    page.goto("/account")
    assert "/sign-in" in page.url
    marta.click("form[action$='/enable'] button")
    marta.get_by_text(in_italian("active"), exact=True).wait_for()
    sign_in(page, nora.email)
    assert page.url.endswith("/account")


def test_who_looks_after_people_ends_a_session_of_theirs(desk: Desk, newcomer: Any) -> None:
    nora = newcomer(role="agent")
    page = desk.visit()
    sign_in(page, nora.email)
    marta = desk.visit("marta", f"/people/accounts/{nora.id}")
    marta.click("form[action*='/sessions/'] button")
    marta.get_by_text(in_italian("The session was ended.")).wait_for()
    page.goto("/account")
    assert "/sign-in" in page.url


@pytest.mark.parametrize("place", [
    "/people/accounts", "/people/accounts?kind=customer&text=zzz", "/people/accounts/new", "/people/accounts/2",
    "/people/companies", "/people/companies/new", "/people/companies/1",
])  # fmt: skip
@pytest.mark.parametrize(("width", "dark"), [(NARROW, True), (WIDE, False)])
def test_the_pages_can_be_read_by_everybody(desk: Desk, place: str, width: int, dark: bool) -> None:
    page = desk.visit("marta", place, width=width, dark=dark)
    assert violations(page) == []
    assert not scrolls_sideways(page)
