"""People at pages without a browser: signed in, with the token that their forms bring."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands.engine import Engine
from engine.commands.people import sessions
from engine.commands.people.passwords import hash_of
from engine.domain.actors import Actor
from engine.storage.people import sessions as store
from tests.support.clients import client_of

HEADERS = {"Accept": "text/html", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Visitor:
    """Somebody who has signed in."""

    client: FlaskClient
    csrf: str

    def get(self, address: str, **headers: str) -> TestResponse:
        """A page."""
        return self.client.get(address, headers={**HEADERS, **headers})

    def part(self, address: str) -> TestResponse:
        """A part of a page, as htmx asks for it."""
        return self.get(address, **{"HX-Request": "true"})

    def post(self, address: str, **fields: Any) -> TestResponse:
        """A form of ours."""
        return self.client.post(address, data={"csrf": self.csrf, **fields}, headers=HEADERS)

    def send(self, address: str, value: Any, **headers: str) -> TestResponse:
        """What a script of ours sends."""
        told = {**HEADERS, "Accept": "application/json", "X-CSRF-Token": self.csrf, **headers}
        return self.client.post(address, json=value, headers=told)


def visitor(engine: Engine, actor: Actor) -> Visitor:
    """With a session of their own; how one signs in is tried elsewhere, and takes its time."""
    secret, now = f"secret of {actor.id}", engine.clock()
    row = {
        "account_id": actor.id, "hash": hash_of(f"session {secret}"), "created_at": now, "last_seen_at": now,
        "confirmed_at": now, "expires_at": now + timedelta(days=30), "address": "", "agent": "", "offered_secret": None,
    }  # fmt: skip
    with engine.database.begin() as tx:
        store.add(tx, row)
    client = client_of(engine)
    client.set_cookie("iter_session", secret)
    return Visitor(client, sessions.signed_in(engine, secret).csrf)


def text_of(page: TestResponse) -> str:
    """The words of a page, without tags and scripts."""
    bare = re.sub(r"<(script|style|template)\b.*?</\1>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    return " ".join(bare.split())
