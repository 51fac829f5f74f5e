"""Mail handed to a real SMTP server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from engine.job_handlers.smtp import OutgoingMail, compose, send
from engine.job_handlers.values import HandlerSettings, JobFailure, PermanentFailure

MAIL = OutgoingMail(
    message_id="<abc@example.com>",
    sender="Assistenza Società <assistenza@example.com>",
    to_name="Zoë, Rossi",
    to_address="zoe@example.org",
    subject="Così è: [MR-1]",
    text="Perché no?\n.\nFine\n",
    html="<p>Perché no?</p>",
    date=datetime(2026, 3, 27, 15, tzinfo=UTC),
)


class Inbox:
    def __init__(self) -> None:
        self.received: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("gone"):
            return "550 no such user"
        if address.startswith("later"):
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture(scope="module")
def inbox() -> Iterator[tuple[Inbox, HandlerSettings]]:
    handler = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, HandlerSettings(smtp_url=f"smtp://127.0.0.1:{port}", timeout=5)
    controller.stop()


def test_a_mail_arrives_as_it_was_meant(inbox: tuple[Inbox, HandlerSettings]) -> None:
    handler, settings = inbox
    send(MAIL, settings)
    message = handler.received[-1]
    assert message["Message-ID"] == MAIL.message_id
    assert message["Subject"] == MAIL.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"].addresses[0].display_name == "Assistenza Società"
    assert message["To"].addresses[0].addr_spec == "zoe@example.org"
    assert message["Date"].datetime == MAIL.date
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert plain.get_content().splitlines() == ["Perché no?", ".", "Fine"]
    assert html.get_content().strip() == MAIL.html


def test_one_refused_recipient_is_told_from_a_busy_server(inbox: tuple[Inbox, HandlerSettings]) -> None:
    _, settings = inbox
    with pytest.raises(PermanentFailure, match="gone@example.org"):
        send(replace(MAIL, to_address="gone@example.org"), settings)
    with pytest.raises(JobFailure) as raised:
        send(replace(MAIL, to_address="later@example.org"), settings)
    assert not isinstance(raised.value, PermanentFailure)


def test_no_server_is_tried_again() -> None:
    with pytest.raises(JobFailure) as raised:
        send(MAIL, HandlerSettings(smtp_url="smtp://127.0.0.1:9", timeout=1))
    assert not isinstance(raised.value, PermanentFailure)


@pytest.mark.parametrize("bad", ["a@example.org\r\nBcc: b@example.org", "not an address", ""])
def test_an_address_can_not_begin_a_header(inbox: tuple[Inbox, HandlerSettings], bad: str) -> None:
    with pytest.raises(PermanentFailure):
        send(replace(MAIL, to_address=bad), inbox[1])


def test_without_html_it_is_plain() -> None:
    assert compose(replace(MAIL, html="")).get_content_type() == "text/plain"


def test_a_name_can_not_begin_a_header() -> None:
    with pytest.raises(ValueError, match="."):
        compose(replace(MAIL, to_name="x\r\nBcc: y@example.org"))
