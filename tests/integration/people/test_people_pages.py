"""The pages about people, over HTTP: what they show, what they cost, and what an attacker tries with them."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from engine.commands.people import accounts, sessions
from engine.domain.actors import SYSTEM
from engine.storage.tables import Account, Membership
from tests.integration.people.browsing import Window, signed_in
from tests.support.clients import app_of
from tests.support.people import People
from tests.support.statements import counting
from web.pages import account, people, signing_in
from web.settings import Settings

ROUTES = [route for module in (signing_in, account, people) for pages in module.PAGES for route in pages.routes]
POSTS = sorted({route.path for route in ROUTES if route.method == "POST"})
#: pages that look up something
PLACES = (
    "/account", "/account/two-factor", "/account/tokens", "/people/accounts", "/people/accounts/new",
    "/people/accounts/{anna}", "/people/companies", "/people/companies/1",
)  # fmt: skip
MANAGING = sorted(
    {(route.method, route.path) for pages in people.PAGES for route in pages.routes if route.path != "/people"}
)


@pytest.fixture
def app(people: People) -> Flask:
    return app_of(people.engine, Settings(base_url="https://shop.example.com"))


def path_of(route: str, account_id: int) -> str:
    """A route with values in it."""
    path = route.replace("<id:account_id>", str(account_id)).replace("<key:package_id>", "shop")
    return re.sub(r"<id:\w+>", "1", re.sub(r"<secret>", "x" * 43, path))


def test_nothing_is_changed_by_another_site(people: People, app: Flask) -> None:
    window, other = signed_in(people, app, "boss"), signed_in(people, app, "anna")
    before = _names(people)
    foreign = [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ]
    for path in POSTS:
        place = path_of(path, people["anna"].id)
        for headers in foreign:
            assert window.post(place, headers=headers, name="Evil").status_code == 403, place
        for wrong in ("", "x", other.csrf, "\u00e9"):
            assert window.post(place, csrf=wrong, name="Evil").status_code == 403, place
    assert _names(people) == before
    assert sessions.signed_in(people.engine, window.secret)


def test_only_who_manages_people_gets_to_them(people: People, app: Flask) -> None:
    windows = {404: signed_in(people, app, "anna"), 403: signed_in(people, app, "mechanic"), 303: Window(app)}
    before = _names(people), people.rows(select(Membership.__table__))
    for method, path in MANAGING:
        place = path_of(path, people["bruno"].id)
        for status, window in windows.items():
            form = {"name": "Evil", "role": "boss", "email": "evil@example.org", "kind": "staff", "language": "en"}
            answer = window.get(place) if method == "GET" else window.post(place, **form)
            assert answer.status_code == status or (status, answer.status_code) == (403, 404), f"{method} {place}"
            assert "Bruno" not in answer.text
    assert (_names(people), people.rows(select(Membership.__table__))) == before


def _names(people: People) -> list[str]:
    return [
        f"{row.name} {row.email} {row.active}" for row in people.rows(select(Account.__table__).order_by(Account.id))
    ]


def test_further_fields_change_nothing(people: People, app: Flask) -> None:
    more = {
        "administrator": "1",
        "kind": "staff",
        "company_id": "2",
        "active": "",
        "email": "evil@example.org",
        "id": "1",
    }
    window = signed_in(people, app, "anna")
    saved = window.post("/account", name="Anna", language="it", time_zone="Europe/Rome", theme="dark", **more)
    assert saved.status_code == 303
    boss = signed_in(people, app, "boss")
    place = f"/people/accounts/{people['anna'].id}"
    assert boss.post(place, **{"name": "Anna B", "company": "Red", **more}).status_code == 303
    (row,) = people.rows(select(Account.__table__).where(Account.id == people["anna"].id))
    assert (row.name, row.email, row.kind, row.administrator, row.active) == (
        "Anna B", "anna@example.org", "customer", False, True,
    )  # fmt: skip
    assert (row.language, row.time_zone, row.theme) == ("it", "Europe/Rome", "dark")
    refused = boss.post(
        "/people/accounts/new", kind="staff", name="Root", email="root@example.org", language="en", administrator="1"
    )
    assert refused.status_code == 403
    assert people.rows(select(Account.id).where(Account.administrator)) == []


def test_what_is_no_role_of_the_kind_cannot_be_ticked(people: People, app: Flask) -> None:
    boss = signed_in(people, app, "boss")
    place = f"/people/accounts/{people['anna'].id}/roles/shop"
    assert boss.post(place, role="boss").status_code == 422
    assert boss.post(place, role="client").status_code == 303
    assert boss.post(f"/people/accounts/{people['anna'].id}/roles/other", role="client").status_code == 404


def test_names_are_text_wherever_they_are_shown(people: People, app: Flask) -> None:
    boss = signed_in(people, app, "boss")
    evil = '"><script>alert(1)</script>'
    boss.post("/people/companies/new", name=evil, services=evil)
    boss.post("/people/accounts/new", kind="staff", name=evil, email="evil@example.org", language="en")
    for place in ("/people/accounts", "/people/companies", "/people/companies/3", "/people/accounts/new"):
        assert "<script>alert" not in boss.get(place).text
    assert "<script>alert" not in people.mails("evil@example.org")[0].html


def test_a_page_needs_few_statements(people: People, app: Flask) -> None:
    boss = signed_in(people, app, "boss")
    for place in PLACES:
        place = place.format(anna=people["anna"].id)
        boss.get(place)
        with counting(people.engine.database) as counted:
            assert boss.get(place).status_code == 200
        assert len(counted) <= 15, f"{place}: {len(counted)}: {counted.statements}"


def test_the_list_is_filtered_by_the_address(people: People, app: Flask) -> None:
    boss = signed_in(people, app, "boss")
    accounts.disable(people.engine, SYSTEM, people["aldo"].id)

    def names(query: str) -> list[str]:
        return re.findall(r'data-row-link href="[^"]*" title="([^"]*)"', boss.get(f"/people/accounts{query}").text)

    everybody = ["Aldo", "Anna", "Boss", "Bruno", "Mechanic", "Stranger"]
    assert names("") == everybody
    assert names("?kind=customer") == ["Aldo", "Anna", "Bruno"]
    assert names("?kind=customer&company=1&state=invited") == ["Anna"]
    assert names("?state=disabled") == ["Aldo"]
    assert names("?state=active") == ["Boss"]
    assert names("?text=%25") == []
    assert names("?text=NN") == ["Anna"]
    assert names("?package=other") == []
    assert boss.get("/people/accounts?company=999").status_code == 404
