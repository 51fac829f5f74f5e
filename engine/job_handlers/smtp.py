"""Hands one finished mail to the SMTP server. What it says and whom it is for was decided before."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from engine.domain.said import said
from engine.job_handlers.values import HandlerSettings, JobFailure, PermanentFailure

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail to one address. `message_id` (with its angle brackets) is the same at every attempt."""

    message_id: str
    #: `Name <address>`, as the package says
    sender: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    #: aware; when the mail was caused
    date: datetime


def send(mail: OutgoingMail, settings: HandlerSettings) -> None:
    """Returns when the server has taken the mail over.

    Raises `PermanentFailure` where the server refuses it for good (5xx), `JobFailure` for anything else.
    """
    try:
        message = compose(mail)
        with _connected(settings) as server:
            server.send_message(message, from_addr=parseaddr(mail.sender)[1], to_addrs=[mail.to_address])
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _failure(code, said("The server refused {to_address}", to_address=mail.to_address), reason) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise _failure(error.smtp_code, said("The server refused the mail"), error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise JobFailure(said("The mail server can't be reached or used: {error}", error=str(error))) from error
    except (ValueError, LookupError, MessageError) as error:
        raise PermanentFailure(said("The mail can't be written: {error}", error=str(error))) from error


def compose(mail: OutgoingMail) -> EmailMessage:
    """The mail as it goes over the wire. Raises `ValueError` for headers that can't be."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.date)
    message["From"] = mail.sender
    message["Reply-To"] = mail.sender
    message["To"] = Address(mail.to_name, addr_spec=mail.to_address)
    message["Subject"] = mail.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, charset="utf-8")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", charset="utf-8")
    return message


@contextmanager
def _connected(settings: HandlerSettings) -> Iterator[smtplib.SMTP]:
    url = urlsplit(settings.smtp_url)
    if url.scheme not in PORTS or not url.hostname:
        raise PermanentFailure(said("ITER_SMTP_URL isn't smtp://, smtps:// or smtp+starttls:// with a host."))
    host, port = url.hostname, url.port or PORTS[url.scheme]
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=settings.timeout, context=context)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=settings.timeout)
    )
    try:
        if url.scheme == "smtp+starttls":
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
    finally:
        _leave(server)


def _leave(server: smtplib.SMTP) -> None:
    """The mail is the server's already: a failing farewell must not send it again."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _failure(code: int, what: str, reason: bytes | str) -> JobFailure:
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    kind = PermanentFailure if 500 <= code < 600 else JobFailure
    return kind(f"{what}: {code} {words}")
