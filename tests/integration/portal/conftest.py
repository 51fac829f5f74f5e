"""The first package's people in front of their pages, without a browser: who asks for which page gets what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands.engine import Engine, EngineSettings
from engine.commands.people import accounts, sessions
from engine.domain.actors import SYSTEM
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from tests.support.clients import client_of
from tests.support.clock import VirtualClock
from tests.support.databases import Databases
from tests.support.office import Office, at
from web.settings import Settings

PASSWORD = "correct horse battery"
LIMIT = 300_000
BEGUN = "2026-03-27 09:00"
HERE = {"Accept": "text/html", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}


class Visitor:
    """Somebody who has signed in, with their browser."""

    def __init__(self, engine: Engine, client: FlaskClient, email: str) -> None:
        begun = sessions.begin(engine, email, PASSWORD)
        client.set_cookie("iter_session", begun.secret)
        self.client, self.signed_in = client, sessions.signed_in(engine, begun.secret)

    def get(self, path: str, **options: Any) -> TestResponse:
        """A page, as it is answered."""
        return self.client.get(path, headers={**HERE, **options.pop("headers", {})}, **options)

    def page(self, path: str) -> Page:
        """A page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Page(answer)

    def post(self, path: str, data: Any = None, **options: Any) -> TestResponse:
        """A form that is sent from a page of ours."""
        form = {"csrf": self.signed_in.csrf, **(data or {})}
        return self.client.post(path, data=form, headers={**HERE, **options.pop("headers", {})}, **options)

    def upload(self, place: str, name: str, content: bytes) -> TestResponse:
        """A file, as the script sends it."""
        headers = {**HERE, "X-CSRF-Token": self.signed_in.csrf}
        return self.client.post(
            f"/uploads/{place}", query_string={"name": name}, data=content, headers=headers,
            content_type="application/octet-stream",
        )  # fmt: skip


class Page:
    """What a page shows."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.html = lxml.html.fromstring(answer.text)

    @property
    def text(self) -> str:
        """All that is to be read in its middle, in one line."""
        (main,) = self.find("//main") or [self.html]
        return " ".join(main.text_content().split())

    def find(self, path: str) -> list[Any]:
        """Elements by an XPath."""
        return list(self.html.xpath(path))

    def marked(self, name: str) -> list[str]:
        """What elements of a class say."""
        found = self.find(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")
        return [" ".join(" ".join(element.itertext()).split()) for element in found]

    def value(self, name: str) -> str:
        """What a field holds."""
        (field,) = self.find(f"//*[@name='{name}']")
        return (field.text or "").removeprefix("\n") if field.tag == "textarea" else field.get("value", "")


class Portal(Office):
    """The office with its pages."""

    def __init__(self, engine: Engine, clock: VirtualClock) -> None:
        super().__init__(engine, clock)
        self._known: set[str] = set()

    def visitor(self, name: str) -> Visitor:
        """Somebody at their browser."""
        client = client_of(self.engine, Settings(max_attachment=LIMIT))
        if name not in self._known:  # a new password would end the sessions that there are
            accounts.set_password(self.engine, SYSTEM, self[name].id, PASSWORD)
            self._known.add(name)
        return Visitor(self.engine, client, self[name].email)


@pytest.fixture(scope="session")
def furnished(databases: Databases, tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Portal]:
    """A database with the package and its people, that tests copy: deploying takes seconds."""
    folder = tmp_path_factory.mktemp("portal")
    clock = VirtualClock(folder / "clock", at(BEGUN))
    with databases.fresh(folder) as url:
        portal = Portal(Engine(Database(url), clock, sandbox), clock)
        portal.furnish()
        portal.database.close()
        yield portal


@pytest.fixture
def portal(
    databases: Databases, furnished: Portal, tmp_path: Path, clock: VirtualClock, sandbox: Sandbox
) -> Iterator[Portal]:
    """Everybody is there on a Friday morning, and no ticket yet."""
    clock.set(at(BEGUN))
    url = furnished.database.url.render_as_string(hide_password=False)
    with databases.fresh(tmp_path, copy_of=url) as copy:
        engine = Engine(Database(copy), clock, sandbox, EngineSettings(max_attachment=LIMIT))
        engine.remember(1, furnished.engine.version(1))
        yield Portal(engine, clock)
        engine.database.close()
