"""The shop and its people, for how they sign in; the mails that they get are read from the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from engine.commands.people import accounts, sessions, two_factor
from engine.domain.actors import SYSTEM, Actor
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.tables import Mail
from tests.support.clock import VirtualClock
from tests.support.shop import Shop

PASSWORD = "correct horse battery"


class People(Shop):
    """The shop, whose people have passwords once they need them."""

    def with_password(self, name: str, password: str = PASSWORD) -> Actor:
        """Somebody of the shop, with a password set by the system; they have no session and no token."""
        accounts.set_password(self.engine, SYSTEM, self[name].id, password)
        return self[name]

    def sign_in(self, name: str, password: str = PASSWORD) -> sessions.SignedIn:
        """Whoever it is in a fresh session."""
        begun = sessions.begin(self.engine, self[name].email, password)
        return sessions.signed_in(self.engine, begun.secret)

    def with_two_factor(self, name: str) -> tuple[sessions.SignedIn, pyotp.TOTP, tuple[str, ...]]:
        """Somebody signed in with an app set up; with the app, and the recovery codes."""
        self.with_password(name)
        visitor = self.sign_in(name)
        offered = two_factor.offer(self.engine, visitor.actor, visitor.session, PASSWORD)
        app = pyotp.TOTP(offered.secret)
        codes = two_factor.enable(self.engine, visitor.actor, visitor.session, app.at(self.clock()))
        self.clock.advance(seconds=60)
        return visitor, app, codes

    def mails(self, recipient: str) -> list[Any]:
        """The mails to an address, oldest first."""
        return self.rows(select(Mail.__table__).where(Mail.recipient == recipient).order_by(Mail.created_at, Mail.id))

    def secret(self, recipient: str) -> str:
        """What the link in the last mail to an address ends with."""
        return re.findall(r"https://shop\.example\.com/[a-z/]+/([\w-]{20,})", self.mails(recipient)[-1].text)[-1]


@pytest.fixture
def people(database: Database, clock: VirtualClock, sandbox: Sandbox) -> People:
    """The shop without a mail server."""
    opened = People.opened(database, clock, sandbox)
    assert isinstance(opened, People)
    return opened


@pytest.fixture
def fast_passwords(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Passwords are compared, not hashed, where a test tries hundreds."""
    monkeypatch.setattr("engine.commands.people.proving.is_right", lambda given, _hashed: given == PASSWORD)
    return lambda: None
