"""Invitations, sessions and two-factor over the API."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from engine.commands.outbox import mails
from engine.commands.people import accounts, tokens
from engine.commands.people.links import invitations
from engine.domain.actors import SYSTEM
from tests.support.clients import app_of
from tests.support.people import PASSWORD, People


class Caller:
    """Somebody with a token."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def asks(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of the answer."""
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers)
        return answer.status_code, answer.json if answer.data else None


@pytest.fixture
def calling(people: People) -> Any:
    """`calling("boss")`: with everything that they may, or `scopes`."""
    app = app_of(people.engine)

    def make(name: str, scopes: list[str] | None = None) -> Caller:
        issued = tokens.create(people.engine, SYSTEM, account_id=people[name].id, scopes=scopes)
        return Caller(app, issued.secret)

    return make


def test_somebody_is_invited_and_invited_again(people: People, calling: Any) -> None:
    boss = calling("boss")
    body = {"email": "guest@example.org", "name": "Guest", "kind": "customer", "company": 1, "language": "it"}
    status, guest = boss.asks("POST", "/accounts/invite", body)
    assert (status, guest["invited"], guest["active"], guest["company_name"]) == (201, True, True, "Red")
    assert people.mails("guest@example.org")[0].subject == "Boss la invita in Iter"
    assert "secret" not in str(guest)
    people.clock.advance(seconds=1)
    assert boss.asks("POST", f"/accounts/{guest['id']}/invite-again")[0] == 200
    invitations.accept(people.engine, people.secret("guest@example.org"), PASSWORD)
    assert boss.asks("POST", f"/accounts/{guest['id']}/invite-again")[0] == 409
    assert boss.asks("GET", f"/accounts/{guest['id']}")[1]["invited"] is False
    assert [a["name"] for a in boss.asks("GET", "/accounts?invited=false")[1]["items"]] == ["Guest"]
    assert calling("mechanic").asks("POST", "/accounts/invite", {**body, "email": "x@example.org"})[0] == 403


def test_a_name_and_a_company_are_changed(people: People, calling: Any) -> None:
    boss, anna = calling("boss"), people["anna"].id
    status, changed = boss.asks("PATCH", f"/accounts/{anna}", {"name": "Anna B", "company": 2})
    assert (status, changed["name"], changed["company_name"]) == (200, "Anna B", "Blue")
    assert boss.asks("PATCH", f"/accounts/{anna}", {"company": 99})[0] == 422
    assert boss.asks("PATCH", f"/accounts/{anna}", {"email": "x@example.org"})[0] == 422
    assert boss.asks("PATCH", f"/accounts/{people['mechanic'].id}", {"company": 1})[0] == 422


def test_who_moves_to_another_company_leaves_the_tickets_of_the_one_before(people: People, calling: Any) -> None:
    ticket, anna = people.order(), calling("anna")
    assert anna.asks("GET", f"/tickets/{ticket}")[0] == 200
    assert calling("boss").asks("PATCH", f"/accounts/{people['anna'].id}", {"company": 2})[0] == 200
    assert anna.asks("GET", f"/tickets/{ticket}")[0] == 404
    assert anna.asks("GET", "/tickets")[1]["items"] == []


def test_a_token_that_only_reads_opens_no_account(people: People, calling: Any) -> None:
    """Links to choose a password stand in mails, which administrators may read."""
    admin = accounts.create(
        people.engine, SYSTEM, email="admin@example.org", name="Ada", kind="staff", administrator=True
    )
    people.invite("guest@example.org")
    (mail,) = people.mails("guest@example.org")

    def texts(scopes: list[str]) -> set[str]:
        secret = tokens.create(people.engine, SYSTEM, account_id=admin, scopes=scopes).secret
        caller = Caller(app_of(people.engine), secret)
        one = caller.asks("GET", f"/mails/{mail.id}")[1]
        (listed,) = (item for item in caller.asks("GET", "/mails")[1]["items"] if item["id"] == mail.id)
        return {one["text"], one["html"], listed["text"], listed["html"]}

    assert texts(["read"]) == {""}
    assert mail.text in texts(["read", "admin"])


def test_the_text_of_a_mail_with_a_link_is_not_kept_once_it_is_sent(people: People) -> None:
    people.invite("guest@example.org")
    (mail,) = people.mails("guest@example.org")
    mails.sent(people.engine, mail.id)
    (mail,) = people.mails("guest@example.org")
    assert (mail.state, mail.text, mail.html) == ("sent", "", "")


@pytest.mark.parametrize("path", ["/packages", "/packages/check"])
def test_who_deploys_nothing_has_no_package_read(calling: Any, path: str) -> None:
    """Not even one that couldn't be read."""
    assert calling("anna").asks("POST", path, {"package.toml": "x"})[0] == 403
    assert calling("mechanic").asks("POST", path, {"package.toml": "x"})[0] == 403
    assert calling("boss").asks("POST", path, {"package.toml": "x"})[0] in (200, 422)


def test_sessions_are_seen_and_ended(people: People, calling: Any) -> None:
    people.with_password("anna")
    first, second = people.sign_in("anna"), people.sign_in("anna")
    anna, boss, aldo = calling("anna"), calling("boss"), calling("aldo")
    assert {s["id"] for s in anna.asks("GET", "/sessions")[1]["items"]} == {first.session, second.session}
    assert aldo.asks("DELETE", f"/sessions/{first.session}")[0] == 404
    assert boss.asks("DELETE", f"/sessions/{first.session}")[0] == 404
    assert anna.asks("DELETE", f"/sessions/{first.session}")[0] == 204
    place = f"/accounts/{people['anna'].id}/sessions"
    assert [s["id"] for s in boss.asks("GET", place)[1]["items"]] == [second.session]
    assert calling("boss", ["write"]).asks("DELETE", f"{place}/{second.session}")[0] == 403
    assert boss.asks("DELETE", f"{place}/{second.session}")[0] == 204
    people.sign_in("anna")
    assert boss.asks("DELETE", place)[0] == 204
    assert boss.asks("GET", place)[1]["items"] == []


def test_two_factor_is_asked_for_and_switched_off(people: People, calling: Any) -> None:
    _, app, _ = people.with_two_factor("anna")
    nobody = Caller(app_of(people.engine), "")
    login = {"email": "anna@example.org", "password": PASSWORD}
    status, problem = nobody.asks("POST", "/tokens", login)
    assert (status, list(problem["errors"])) == (422, ["code"])
    assert nobody.asks("POST", "/tokens", {**login, "code": people.code(app)})[0] == 201
    status, anna = calling("boss").asks("POST", f"/accounts/{people['anna'].id}/two-factor/off")
    assert (status, anna["two_factor"]) == (200, False)
    assert nobody.asks("POST", "/tokens", login)[0] == 201


def test_a_token_that_may_only_write_sets_nobody_elses_password(people: People, calling: Any) -> None:
    status, _ = calling("boss", ["write"]).asks(
        "PUT", f"/accounts/{people['anna'].id}/password", {"password": PASSWORD}
    )
    assert status == 403


def test_companies_are_found_with_how_much_they_have(people: People, calling: Any) -> None:
    people.order()
    status, found = calling("boss").asks("GET", "/companies?text=re&active=true")
    assert status == 200
    assert [(c["name"], c["accounts"], c["tickets"]) for c in found["items"]] == [("Red", 2, 1)]
