"""A real SMTP server that keeps what it accepts and can be told to refuse."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port

ACCEPTED = "250 OK"


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail that the server accepted: its envelope and its parsed message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        """The Message-ID with its angle brackets."""
        return str(self.message["Message-ID"])

    def body(self, kind: str = "plain") -> str:
        """The text (`plain`) or page (`html`) of the mail, empty where it has none."""
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


class SmtpServer:
    """Listens on a free loopback port. `fail` says what the next deliveries are answered instead of 250."""

    def __init__(self) -> None:
        self._mails: list[ReceivedMail] = []
        self._answers: deque[str] = deque()
        self._changed = threading.Condition()
        #: seconds that each delivery takes
        self.delay = 0.0
        #: called with each mail after it was accepted, before the client is told so
        self.on_accept: Callable[[ReceivedMail], None] | None = None
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    def start(self) -> None:
        """Begins to listen; a second start after `stop` listens on the port it had."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Nobody listens any more."""
        self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """What ITER_SMTP_URL is set to."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[ReceivedMail]:
        """All that was accepted so far, in order."""
        with self._changed:
            return list(self._mails)

    def fail(self, answer: str = "451 Try again later", times: int = 1) -> None:
        """The next `times` deliveries are answered so; `550 …` is for good, `4xx …` for now."""
        self._answers.extend([answer] * times)

    def wait_for(self, count: int, seconds: float = 30) -> list[ReceivedMail]:
        """Returns once `count` mails were accepted; raises `TimeoutError` where they don't come."""
        end = time.monotonic() + seconds
        with self._changed:
            while len(self._mails) < count:
                if not self._changed.wait(end - time.monotonic()):
                    raise TimeoutError(f"{len(self._mails)} of {count} mails: {[m.subject for m in self._mails]}")
            return list(self._mails)

    def clear(self) -> None:
        """Forgets the mails and the answers that were told to it."""
        with self._changed:
            self._mails.clear()
            self._answers.clear()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """What aiosmtpd calls for each mail."""
        if self.delay:
            await asyncio.sleep(self.delay)
        if self._answers:
            return self._answers.popleft()
        mail = _parse(envelope)
        with self._changed:
            self._mails.append(mail)
            self._changed.notify_all()
        if self.on_accept:
            self.on_accept(mail)
        return ACCEPTED


def _parse(envelope: Envelope) -> ReceivedMail:
    message: Any = message_from_bytes(envelope.original_content or b"", policy=policy.default)
    return ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
