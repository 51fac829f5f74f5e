"""Sends what Iter itself writes to an account: a row of the outbox, written with whatever caused it."""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from engine.commands.outbox.mailing import message_id
from engine.commands.stepping import Work
from engine.domain.mail_texts.accounts import account_mail
from engine.domain.time.zones import find_zone
from engine.storage import outbox, packages


def send(work: Work, account: Row[Any], name: str, *, to: str = "", language: str = "", **values: Any) -> None:
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
    told = {"account": account.id, "mail": mail_id, "recipient": address, "subject": mail.subject}
    work.journal({**told, "state": row["state"]}, kind="mail_prepared")
    work.wakes = work.wakes or leaves


def zone_of(work: Work, account: Row[Any]) -> ZoneInfo:
    """The account's time zone, else that of the first package that whoever acts is in."""
    if not account.time_zone and work.actor.memberships:
        package = packages.current(work.tx, work.actor.memberships[0].package)
        if package is not None:
            return find_zone(work.engine.version(package.deployment_id, work.tx).package.time_zone)
    return find_zone(account.time_zone or "UTC")


def page(work: Work, path: str) -> str:
    """The address of a page, for a link in a mail."""
    return f"{work.engine.settings.base_url}{path}"
