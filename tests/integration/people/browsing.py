"""A browser without a window, for pages: keeps cookies, sends what its forms hold. No assertions about pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from engine.commands.people import sessions
from engine.domain.errors import Unauthorized
from tests.support.people import PASSWORD, People

HERE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Window:
    """Somebody's browser at the app."""

    app: Flask

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, place: str, **headers: str) -> TestResponse:
        """A page as it is, redirections not followed."""
        return self.client.get(place, headers={"Accept": "text/html", "Accept-Language": "en", **headers})

    def post(
        self, place: str, *, csrf: str | None = None, headers: dict[str, str] | None = None, **fields: Any
    ) -> TestResponse:
        """What a form of ours posts: with the token of this session, unless another is given."""
        token = self.csrf if csrf is None else csrf
        sent = {"Accept": "text/html", "Accept-Language": "en", **(HERE if headers is None else headers)}
        return self.client.post(place, data={"csrf": token, **fields}, headers=sent)

    @property
    def csrf(self) -> str:
        """The token that the pages of this session hold; empty where nobody is signed in."""
        try:
            return sessions.signed_in(self.app.extensions["iter.engine"], self.secret).csrf
        except Unauthorized:
            return ""

    @property
    def secret(self) -> str:
        """What the session's cookie holds."""
        cookie = self.client.get_cookie("iter_session", domain="localhost")
        return cookie.value if cookie else ""

    def sign_in(self, email: str, password: str, **more: str) -> TestResponse:
        """Through the page."""
        return self.post("/sign-in", csrf="", email=email, password=password, **more)


def signed_in(people: People, app: Flask, name: str) -> Window:
    """Somebody's browser after signing in through the page."""
    people.with_password(name)
    window = Window(app)
    window.sign_in(f"{name}@example.org", PASSWORD)
    return window
