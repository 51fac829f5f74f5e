"""The shop's people with passwords, apps and mails, for tests of how they sign in. No assertions."""

from __future__ import annotations

import re
from typing import Any

import pyotp
from sqlalchemy import select

from engine.commands.people import accounts, sessions, two_factor
from engine.commands.people.links import invitations, recovery
from engine.domain.actors import SYSTEM, Actor
from engine.storage.tables import Account, Mail
from tests.support.shop import Shop

PASSWORD = "correct horse battery"


class People(Shop):
    """The shop, whose people have passwords once they need them."""

    def with_password(self, name: str, password: str = PASSWORD) -> Actor:
        """Somebody of the shop, with a password set a second ago by the system; they have no session and no token."""
        accounts.set_password(self.engine, SYSTEM, self[name].id, password)
        self.clock.advance(seconds=1)
        return self[name]

    def sign_in(self, name: str, password: str = PASSWORD) -> sessions.SignedIn:
        """Whoever it is in a fresh session."""
        begun = sessions.begin(self.engine, self[name].email, password)
        return sessions.signed_in(self.engine, begun.secret)

    def with_two_factor(self, name: str) -> tuple[sessions.SignedIn, pyotp.TOTP, tuple[str, ...]]:
        """Somebody signed in with an app set up a minute ago; with the app, and the recovery codes."""
        self.with_password(name)
        visitor = self.sign_in(name)
        offered = two_factor.offer(self.engine, visitor.actor, visitor.session, PASSWORD)
        app = pyotp.TOTP(offered.secret)
        codes = two_factor.enable(self.engine, visitor.actor, visitor.session, self.code(app))
        self.clock.advance(minutes=1)
        return visitor, app, codes

    def code(self, app: pyotp.TOTP, seconds: int = 0) -> str:
        """What the app shows now, or so many seconds later."""
        return (
            app.at(self.clock(), counter_offset=0) if not seconds else app.at(int(self.clock().timestamp()) + seconds)
        )

    def mails(self, recipient: str) -> list[Any]:
        """The mails to an address, oldest first."""
        return self.rows(select(Mail.__table__).where(Mail.recipient == recipient).order_by(Mail.created_at, Mail.id))

    def secret(self, recipient: str) -> str:
        """What the link in the last mail to an address ends with."""
        return re.findall(r"https://shop\.example\.com/[a-z/]+/([\w-]{20,})", self.mails(recipient)[-1].text)[-1]

    def invite(self, email: str = "guest@example.org", by: str = "boss", **more: Any) -> invitations.Invited:
        """A new account that waits for its owner."""
        given = {"email": email, "name": "Guest", "kind": "staff", **more}
        return invitations.invite(self.engine, self[by], **given)

    def asked(self, email: str) -> None:
        """A new password was asked for, and the worker has looked."""
        recovery.ask(self.engine, email)
        self.tick()

    def account(self, account_id: int) -> Any:
        """The row of an account."""
        (row,) = self.rows(select(Account.__table__).where(Account.id == account_id))
        return row
