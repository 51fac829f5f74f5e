"""The pages of sign-in, over HTTP: what they tell whom, and what an attacker tries with them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from engine.commands.people import accounts
from engine.commands.people.links import invitations
from engine.domain.actors import SYSTEM
from engine.storage.tables import Session
from tests.integration.people.browsing import HERE, Window, signed_in
from tests.support.clients import app_of
from tests.support.people import PASSWORD, People
from web.settings import Settings


@pytest.fixture
def app(people: People) -> Flask:
    return app_of(people.engine, Settings(base_url="https://shop.example.com"))


@pytest.fixture
def window(app: Flask) -> Window:
    return Window(app)


def test_the_cookie_is_for_the_server_alone_and_new_at_every_sign_in(
    people: People, app: Flask, window: Window
) -> None:
    people.with_password("boss")
    window.client.set_cookie("iter_session", "planted-by-somebody", domain="localhost")
    answer = window.sign_in("boss@example.org", PASSWORD)
    (cookie,) = [value for value in answer.headers.getlist("Set-Cookie") if value.startswith("iter_session=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Secure" in cookie  # as the address says by which people come
    assert window.secret not in ("", "planted-by-somebody")
    first = window.secret
    window.post("/sign-out")
    assert window.secret == ""
    window.sign_in("boss@example.org", PASSWORD)
    assert window.secret not in ("", first)
    plain = app_of(people.engine)
    for address, secure in (("http://localhost", False), ("https://localhost", True)):
        answer = plain.test_client().post(
            "/sign-in", base_url=address, headers={**HERE, "Accept": "text/html"},
            data={"email": "boss@example.org", "password": PASSWORD},
        )  # fmt: skip
        assert ("Secure" in answer.headers["Set-Cookie"]) is secure


def test_signing_out_ends_the_session_on_the_server_too(people: People, app: Flask) -> None:
    window = signed_in(people, app, "boss")
    secret = window.secret
    window.post("/sign-out")
    window.client.set_cookie("iter_session", secret, domain="localhost")
    answer = window.get("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Faccount")


@pytest.mark.parametrize(
    ("came_from", "place"),
    [
        ("http://localhost/tickets/5?before=3", "/tickets/5?before=3"), ("http://localhost/tickets/5/notes", "/"),
        ("http://evil.example/tickets/5", "/"), ("http://localhost//evil.example", "/"), ("http://[", "/"), ("", "/"),
    ],
)  # fmt: skip
def test_who_is_signed_out_when_a_form_is_sent_comes_back_to_its_page(app: Flask, came_from: str, place: str) -> None:
    leads_to = "/sign-in" if place == "/" else f"/sign-in?{urlencode({'next': place})}"
    client, headers = app.test_client(), {**HERE, "Accept": "text/html"}
    sent = client.post("/tickets/5/notes", data={"text": "x"}, headers={**headers, "Referer": came_from})
    assert (sent.status_code, sent.location) == (303, leads_to)
    part = client.get("/tickets/5/people", headers={**headers, "HX-Request": "true", "HX-Current-URL": came_from})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, leads_to)


def test_signing_in_as_somebody_else_ends_the_session_that_was(people: People, app: Flask) -> None:
    window = signed_in(people, app, "boss")
    people.with_password("anna")
    window.post("/sign-in", email="anna@example.org", password=PASSWORD)
    assert [row.account_id for row in people.rows(select(Session.account_id))] == [people["anna"].id]


def test_pages_are_kept_by_nobody_and_tell_no_other_site_where_one_was(window: Window) -> None:
    for place in ("/sign-in", f"/recover/{'x' * 43}", f"/invitation/{'x' * 43}"):
        headers = window.get(place).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")


#: where sign-in is asked to lead, and where it leads
PLACES = [
    ("/tickets/5", "/tickets/5"),
    ("/tickets?text=a%20b&status=open", "/tickets?text=a%20b&status=open"),
    ("", "/"),
    ("//evil.example", "/"),
    ("///evil.example", "/"),
    ("/\\evil.example", "/"),
    ("\\\\evil.example", "/"),
    ("/\t/evil.example", "/"),
    ("/\n/evil.example", "/"),
    (" //evil.example", "/"),
    ("https://evil.example/", "/"),
    ("https:evil.example", "/"),
    ("javascript:alert(1)", "/"),
    ("evil.example", "/"),
    ("@evil.example", "/"),
    ("/sign-out", "/"),
    ("/sign-in?next=/account", "/"),
    ("/caf\u00e9", "/"),
]


def test_sign_in_leads_to_places_of_ours_alone(people: People, app: Flask) -> None:
    people.with_password("boss")
    for place, leads_to in PLACES:
        window = Window(app)
        assert window.sign_in("boss@example.org", PASSWORD, next=place).location == leads_to, place
        assert window.client.get("/sign-in", query_string={"next": place}, headers=HERE).location == leads_to, place


def test_an_address_stays_ours_however_often_it_is_encoded(people: People, window: Window) -> None:
    people.with_password("boss")
    window.sign_in("boss@example.org", PASSWORD)
    for written in (
        "%2F%2Fevil.example",
        "%5C%5Cevil.example",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/%09/evil.com",
    ):
        location = window.get(f"/sign-in?next={written}").location
        assert location.startswith("/") and location[1:2] not in ("/", "\\"), written


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(people: People, window: Window) -> None:
    people.with_password("boss")
    accounts.create(people.engine, SYSTEM, email="late@example.org", name="Late", kind="staff")
    pages = set()
    for email in ("boss@example.org", "nobody@example.org", "late@example.org"):
        answer = window.sign_in(email, "wrong password")
        assert answer.status_code == 422
        pages.add(answer.text.replace(email, "…"))
    assert len(pages) == 1


def test_asking_for_a_new_password_is_answered_alike(people: People, window: Window) -> None:
    people.with_password("boss")
    pages = {
        window.post("/recover", csrf="", email=email).text.replace(email, "…")
        for email in ("boss@example.org", "nobody@example.org")
    }
    assert len(pages) == 1
    for _ in range(2):
        window.post("/recover", csrf="", email="boss@example.org")
    late = window.post("/recover", csrf="", email="boss@example.org")
    assert late.status_code == 429 and int(late.headers["Retry-After"]) > 0


def test_too_many_attempts_are_told_with_how_long_to_wait(people: People, window: Window) -> None:
    people.with_password("boss")
    for _ in range(5):
        window.sign_in("boss@example.org", "wrong password")
    answer = window.sign_in("boss@example.org", PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    assert "Try again in 15 s." in answer.text


def test_a_link_that_is_over_says_so_and_what_to_do(window: Window) -> None:
    for place, leads_to in ((f"/recover/{'x' * 43}", "/recover"), (f"/invitation/{'x' * 43}", "/sign-in")):
        answer = window.get(place)
        assert answer.status_code == 410 and f'href="{leads_to}"' in answer.text
        assert window.post(place, csrf="", password=PASSWORD).status_code == 410


def test_looking_at_a_mailed_link_uses_nothing_up(people: People, window: Window) -> None:
    given: dict[str, Any] = {"email": "guest@example.org", "name": "Guest", "kind": "staff"}
    invited = invitations.invite(people.engine, people["boss"], **given)
    for _ in range(3):
        assert window.get(f"/invitation/{invited.secret}").status_code == 200
    answer = window.post(
        f"/invitation/{invited.secret}", csrf="", name="Gaia", email="guest@example.org", password=PASSWORD
    )
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Gaia" in window.get("/account").text
