"""A forgotten password: a link by mail, single use, one hour. Known and unknown addresses are answered alike.

Asking writes the same job for every address; only the worker looks whether there is an account.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from engine.commands.engine import Engine
from engine.commands.people import account_mails, links
from engine.commands.people.account_values import is_email, is_language
from engine.commands.people.passwords import hash_password
from engine.commands.people.sessions import sign_out_everywhere
from engine.commands.people.staff import locked_account
from engine.commands.people.throttle import of_mails
from engine.commands.stepping import working
from engine.domain.actors import SYSTEM, Actor
from engine.storage import jobs, outbox
from engine.storage.people import accounts as store
from engine.storage.tables import Job

LIFETIME = timedelta(hours=1)
JOB = "recovery"


def ask(engine: Engine, email: str, *, address: str = "", language: str = "") -> None:
    """Have the link mailed to the address, if it has an active account: who asks isn't told.

    `address`: where the request came from. Raises `Throttled`, for known and unknown alike.
    """
    email = email.strip().lower()[:254]
    of_mails(engine, email, address).count()
    payload = {"email": email if is_email(email) else "", "language": language if is_language(language) else ""}
    with working(engine, SYSTEM, "recovery.ask") as work:
        job = {"id": f"{JOB}:{secrets.token_hex(16)}", "type": JOB, "payload": payload, "state": "open"}
        jobs.add(work.batch, [{**job, "next_attempt_at": work.now, "created_at": work.now}])
        work.wakes = True


def prepare(engine: Engine, job_id: str) -> None:
    """Turn the job into the mail, or into nothing where the address has no active account; no address is kept."""
    with working(engine, SYSTEM, "recovery.prepare") as work:
        job = outbox.lock(work.tx, Job, job_id)
        if job is None or job["state"] != "open":
            return
        done: dict[str, Any] = {"state": "done", "next_attempt_at": None, "finished_at": work.now, "last_error": ""}
        outbox.change(work.tx, Job, job_id, {**done, "payload": {}})
        account = store.by_email(work.tx, job["payload"]["email"])
        if account is None or not account.active:
            return
        secret = links.make(work, account.id, links.RECOVERY, account.email, LIFETIME)
        link = account_mails.page(work, f"/recover/{secret}")
        account_mails.send(work, account, "recovery", language=job["payload"]["language"], link=link)


def look(engine: Engine, secret: str) -> str:
    """The address of the account that a link is for; it stays unused. Raises `Unauthorized`."""
    return str(links.look(engine, links.RECOVERY, secret).present)


def choose(engine: Engine, secret: str, password: str) -> int:
    """The new password of the link's account; all sessions, tokens and other links end; the account's id.

    A second factor stays on. Raises `Unauthorized`, `Invalid` (field `password`).
    """
    links.look(engine, links.RECOVERY, secret)
    hashed = hash_password(password)
    with working(engine, Actor(id=0), "recovery.choose") as work:
        link = links.use(work, links.RECOVERY, secret)
        work.actor = Actor(id=link.account_id)
        account = locked_account(work.tx, link.account_id)
        store.change(work.tx, account.id, {"password_hash": hashed})
        sign_out_everywhere(work, account.id)
        account_mails.send(work, account, "password_changed", link=account_mails.page(work, "/recover"))
        work.journal({"account": account.id})
    return int(account.id)
