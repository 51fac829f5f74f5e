"""Tokens: a password is exchanged for one, and nobody guesses."""

from __future__ import annotations

import io
import zipfile

import pytest

from engine.commands.people import accounts, proving, tokens
from engine.domain.actors import SYSTEM
from tests.integration.api.conftest import API, PASSWORD, Caller
from tests.support.clients import client_of
from web.settings import Settings


def test_a_password_is_exchanged_for_a_token_that_can_be_revoked(world):
    accounts.set_password(world.engine, SYSTEM, world.rider.account, PASSWORD)
    login = {"email": "Rider@Example.com ", "password": PASSWORD, "name": "phone", "scopes": ["read"], "days": 1}
    answer = world.client.post(f"{API}/tokens", json=login)
    assert answer.status_code == 201
    phone = Caller(world.client, answer.json["token"], world.rider.account)
    assert phone("GET", "/tickets").status_code == 200
    refused = phone("POST", "/tickets", {"package": "workshop", "subject": "x"})
    assert refused.status_code == 403
    listed = phone("GET", "/tokens").json["items"]
    assert answer.json["token"] not in str(listed)
    assert world.stranger("DELETE", f"/tokens/{answer.json['id']}").status_code == 404
    others = [token["id"] for token in listed if token["id"] != answer.json["id"]]
    assert others and [phone("DELETE", f"/tokens/{number}").status_code for number in others] == [403] * len(others)
    assert phone("DELETE", f"/tokens/{answer.json['id']}").status_code == 204
    assert phone("GET", "/tickets").status_code == 401


def test_a_wrong_password_and_an_unknown_account_are_told_alike(world):
    accounts.set_password(world.engine, SYSTEM, world.rider.account, PASSWORD)
    answers = [
        world.client.post(f"{API}/tokens", json={"email": email, "password": "wrong"})
        for email in ("rider@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json == answers[1].json
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")


def test_guessing_is_slowed_down(world):
    guess = {"email": "rider@example.com", "password": "wrong"}
    answers = [world.client.post(f"{API}/tokens", json=guess) for _ in range(8)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 401)])
def test_behind_a_proxy_one_who_guesses_keeps_nobody_else_out(world, monkeypatch, proxies, status):
    monkeypatch.setattr(proving, "is_right", lambda password, hashed: False)
    client = client_of(world.engine, Settings(proxies=proxies))

    def guess(number: int, address: str) -> int:
        body = {"email": f"g{number}@example.com", "password": "wrong"}
        return client.post(f"{API}/tokens", json=body, headers={"X-Forwarded-For": f"1.1.1.1, {address}"}).status_code

    assert [guess(number, "10.0.0.1") for number in range(60)][-1] == 429
    assert guess(99, "10.0.0.2") == status


def test_who_has_got_hold_of_a_token_can_not_guess_the_password(world):
    accounts.set_password(world.engine, SYSTEM, world.rider.account, PASSWORD)
    secret = tokens.create(world.engine, SYSTEM, account_id=world.rider.account).secret
    thief = Caller(world.client, secret, world.rider.account)
    answers = [
        thief(
            "PUT", f"/accounts/{world.rider.account}/password", {"password": "a new password", "current": f"guess {n}"},
            headers={"Idempotency-Key": f"key {n}"},
        )
        for n in range(8)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers[:5]] == [422] * 5
    assert answers[-1].status_code == 429
