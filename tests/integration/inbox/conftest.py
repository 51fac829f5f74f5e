"""The desk's people in front of the inbox's pages, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands.people import accounts, sessions
from engine.domain.actors import SYSTEM, Actor
from tests.integration.conftest import Desk
from tests.support.clients import client_of

PASSWORD = "correct horse battery"


class Visitor:
    """Somebody who has signed in, with their browser."""

    def __init__(self, desk: Desk, client: FlaskClient, email: str, language: str) -> None:
        begun = sessions.begin(desk.engine, email, PASSWORD)
        client.set_cookie("iter_session", begun.secret)
        self.client, self.csrf = client, sessions.signed_in(desk.engine, begun.secret).csrf
        self._here = {"Sec-Fetch-Site": "same-origin", "Accept-Language": language}

    def page(self, path: str, **headers: str) -> TestResponse:
        """A page, as a browser asks for it."""
        return self.client.get(path, headers={**self._here, "Accept": "text/html", **headers})

    def press(self, path: str, **fields: Any) -> TestResponse:
        """A button's form."""
        return self.client.post(
            path, data={"csrf": self.csrf, **fields}, headers={**self._here, "Accept": "text/html"}
        )  # fmt: skip

    def sends(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """What a script posts."""
        told = {**self._here, "Accept": "application/json", "X-CSRF-Token": self.csrf, **headers}
        return self.client.post(path, json={} if body is None else body, headers=told)


@pytest.fixture
def visitor(desk: Desk) -> Callable[..., Visitor]:
    """Signs somebody in: `visitor(CLERK)`."""
    known: set[int] = set()

    def sign_in(actor: Actor, language: str = "en") -> Visitor:
        if actor.id not in known:  # a new password would end the sessions that there are
            accounts.set_password(desk.engine, SYSTEM, actor.id, PASSWORD)
            known.add(actor.id)
        client = client_of(desk.engine)
        return Visitor(desk, client, actor.email, language)

    return sign_in
