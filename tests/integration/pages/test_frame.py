"""What holds for every page: who may come, whose requests count, which language, what errors look like."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.commands.people import accounts, sessions
from engine.domain.actors import SYSTEM
from tests.support.clients import client_of
from tests.support.desk import CLERK

PAGE = {"Accept": "text/html"}
HERE = {**PAGE, "Sec-Fetch-Site": "same-origin"}
PASSWORD = "correct horse battery"


@pytest.fixture
def client(desk: Any) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return client_of(desk.engine)


@pytest.fixture
def signed_in(desk: Any, client: FlaskClient) -> sessions.SignedIn:
    """The browser's person has signed in."""
    accounts.set_password(desk.engine, SYSTEM, CLERK.id, PASSWORD)
    begun = sessions.begin(desk.engine, CLERK.email, PASSWORD)
    client.set_cookie("iter_session", begun.secret)
    return sessions.signed_in(desk.engine, begun.secret)


def _theme(csrf: str = "") -> dict[str, str]:
    return {"theme": "dark", "next": "/shortcuts", "csrf": csrf}


def test_who_isnt_signed_in_signs_in_first_and_then_goes_on(client: FlaskClient) -> None:
    answer = client.get("/shortcuts?a=b", headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2Fshortcuts%3Fa%3Db")


def test_a_script_is_told_that_nobody_is_signed_in(client: FlaskClient) -> None:
    answer = client.get("/shortcuts", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


def test_a_session_that_was_ended_signs_nobody_in(desk: Any, client: FlaskClient, signed_in: Any) -> None:
    assert client.get("/shortcuts", headers=PAGE).status_code == 200
    sessions.end(desk.engine, signed_in.actor, signed_in.session)
    assert client.get("/shortcuts", headers=PAGE).status_code == 303


def test_a_page_that_asks_for_news_keeps_no_session_alive(desk: Any, client: FlaskClient, signed_in: Any) -> None:
    for _ in range(13):
        desk.clock.advance(hours=1)
        answer = client.get("/shortcuts", headers={**PAGE, "X-News": "yes"})
    assert answer.status_code == 303


def test_who_does_something_now_and_then_stays_signed_in(desk: Any, client: FlaskClient, signed_in: Any) -> None:
    for _ in range(13):
        desk.clock.advance(hours=1)
        answer = client.get("/shortcuts", headers=PAGE)
    assert answer.status_code == 200


def test_a_form_of_ours_is_taken(client: FlaskClient, signed_in: Any) -> None:
    answer = client.post("/theme", data=_theme(signed_in.csrf), headers=HERE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/shortcuts")
    assert 'data-theme="dark"' in client.get("/shortcuts", headers=PAGE).text


@pytest.mark.parametrize("csrf", ["", "wrong", "è", "\x00"])
def test_a_request_without_the_sessions_token_is_refused(client: FlaskClient, signed_in: Any, csrf: str) -> None:
    assert client.post("/theme", data=_theme(csrf), headers=HERE).status_code in (400, 403)
    assert 'data-theme="auto"' in client.get("/shortcuts", headers=PAGE).text


@pytest.mark.parametrize(
    "told",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
    ids=str,
)
def test_a_request_from_another_site_is_refused_even_with_the_token(
    client: FlaskClient, signed_in: Any, told: dict[str, str]
) -> None:
    answer = client.post("/theme", data=_theme(signed_in.csrf), headers={**PAGE, **told})
    assert answer.status_code == 403
    assert 'data-theme="auto"' in client.get("/shortcuts", headers=PAGE).text


def test_an_older_browser_tells_its_page_by_origin(client: FlaskClient, signed_in: Any) -> None:
    told = {**PAGE, "Origin": "http://localhost"}
    assert client.post("/theme", data=_theme(signed_in.csrf), headers=told).status_code == 303


def test_nobody_is_led_to_another_site(client: FlaskClient, signed_in: Any) -> None:
    form = {**_theme(signed_in.csrf), "next": "//evil.example"}
    assert client.post("/theme", data=form, headers=HERE).headers["Location"] == "/"


def test_the_language_is_the_accounts_else_the_browsers(client: FlaskClient, signed_in: Any) -> None:
    italian = {**PAGE, "Accept-Language": "it"}
    assert '<html lang="it"' in client.get("/shortcuts", headers=italian).text
    client.post("/language", data={"language": "en", "csrf": signed_in.csrf}, headers=HERE)
    assert '<html lang="en"' in client.get("/shortcuts", headers=italian).text


def test_visitors_choose_a_language_too(client: FlaskClient) -> None:
    client.post("/language", data={"language": "it"}, headers=HERE)
    answer = client.get("/nothing", headers={**PAGE, "Accept-Language": "en"})
    assert answer.status_code == 404
    assert client.get_cookie("iter_language").value == "it"  # type: ignore[union-attr]


def test_every_page_allows_no_script_but_ours(client: FlaskClient, signed_in: Any) -> None:
    for path in ("/shortcuts", "/nothing"):
        policy = client.get(path, headers=PAGE).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy


def test_errors_are_pages_for_people_and_problems_for_programs(client: FlaskClient) -> None:
    page, problem = client.get("/nothing", headers=PAGE), client.get("/nothing")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")
    assert client.get("/api/v1/nothing", headers=PAGE).mimetype == "application/problem+json"


def test_an_error_of_a_part_leaves_the_page_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.mimetype, answer.headers["HX-Reswap"]) == (404, "text/plain", "none")


def test_what_never_changes_is_kept_by_browsers(client: FlaskClient) -> None:
    answer = client.get("/colours/1d4ed8-b45309.css")
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["x", "1d4ed8}", "1d4ed8-", "1D4ED8", "-".join(["1d4ed8"] * 201)])
def test_only_colours_make_a_stylesheet(client: FlaskClient, name: str) -> None:
    assert client.get(f"/colours/{name}.css").status_code == 404


@pytest.mark.parametrize("name", ["../settings.py", "%2e%2e/settings.py", "nothing.js", ".", "/etc/passwd"])
def test_only_built_files_are_given_out(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
