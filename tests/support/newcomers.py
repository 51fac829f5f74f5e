"""Somebody with an account of one test alone, and the mails that they got over SMTP; what pages say in Italian."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.support.journeys import Company
from web.texts import say


@dataclass
class Newcomer:
    """Somebody with an account of their own."""

    company: Company
    id: int
    email: str

    def mail(self, subject: str, to: str = "") -> str:
        """The text of the last mail to them with this subject, once it is there."""
        self.company.settle()
        recipient = to or self.email
        found = [m for m in self.company.smtp.mails if m.recipients == (recipient,) and m.subject == subject]
        return found[-1].body("plain")

    def link(self, subject: str, to: str = "") -> str:
        """Where the link in that mail leads to."""
        return re.findall(r"http://127\.0\.0\.1:\d+(/\S+)", self.mail(subject, to))[0]


def in_italian(text: str) -> str:
    """As the pages say it."""
    return say(text, "it")
