"""Sends what Iter itself writes to an account: a row of the outbox, written with whatever caused it."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Row

from engine.commands.outbox.mailing import message_id
from engine.commands.stepping import Work
from engine.domain.mail_texts.accounts import account_mail
from engine.storage import outbox


def send(work: Work, account: Row[Any], name: str, *, to: str = "", language: str = "", **values: str) -> None:
    """Mail `name` to an account, or to another address that it is to have, in its language (else `language`).

    At least once, like all mail; without a server, and for demonstration accounts, it is kept.
    """
    settings, address = work.engine.settings, to or account.email
    told = {"link": f"{settings.base_url}/account", "name": account.name, "address": account.email, **values}
    mail = account_mail(name, account.language or language, told)
    mail_id = f"account:{account.id}:{secrets.token_hex(8)}"
    leaves = bool(settings.handlers.smtp_url) and not account.demonstration
    row = {
        "id": mail_id, "job_id": None, "package_id": None, "ticket_id": None, "account_id": account.id,
        "message_id": message_id(mail_id, settings.mail_from), "sender": settings.mail_from, "recipient": address,
        "subject": mail.subject, "text": mail.text, "html": mail.html, "state": "open" if leaves else "kept",
        "next_attempt_at": work.now if leaves else None, "created_at": work.now,
    }  # fmt: skip
    outbox.add_mails(work.tx, [row])
    work.journal(
        {"mail": mail_id, "recipient": address, "subject": mail.subject, "state": row["state"]}, kind="mail_prepared"
    )
    work.wakes = work.wakes or leaves


def page(work: Work, path: str) -> str:
    """The address of a page, for a link in a mail."""
    return f"{work.engine.settings.base_url}{path}"
