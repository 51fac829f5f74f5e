"""Another address for an account: it counts when whoever has it, signed in to the account, follows the link there.

Whether an address has an account already is told to who has the address, not to who asks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from engine.commands.engine import Engine
from engine.commands.people import account_mails, links
from engine.commands.people.account_values import checked_email
from engine.commands.people.proving import prove_again
from engine.commands.people.staff import locked_account
from engine.commands.people.throttle import of_mails
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Unauthorized
from engine.domain.said import said
from engine.storage.people import accounts as store
from engine.storage.people import links as link_store

LIFETIME = timedelta(days=1)


def ask(engine: Engine, actor: Actor, email: str, password: str, language: str = "") -> None:
    """Have a link mailed to the address that is to be one's own; the present one counts until it is followed.

    Raises `Invalid` (fields `email`, `current`), `Throttled`.
    """
    email = checked_email(email)
    prove_again(engine, actor, password)
    of_mails(engine, email, f"account {actor.id}").count()
    with working(engine, actor, "addresses.ask") as work:
        ask_for(work, actor.id, email, language)


def ask_for(work: Work, account_id: int, email: str, language: str = "") -> None:
    """The mail to the address: the link, or (where it is another account's) a word that nothing was changed."""
    account = locked_account(work.tx, account_id)
    owner = store.by_email(work.tx, email)
    secret = links.make(work, account_id, links.ADDRESS, email, LIFETIME)
    if owner is not None:
        link_store.void(work.tx, account_id, work.now, links.ADDRESS)
        account_mails.send(work, owner, "address_taken", language=language)
    else:
        link = account_mails.page(work, f"/account/address/{secret}")
        account_mails.send(work, account, "address", to=email, language=language, address=email, link=link)
    work.journal({"account": account_id, "email": email})


def look(engine: Engine, actor: Actor, secret: str) -> str:
    """The address that a link of the actor's own would make theirs. Raises `Unauthorized`."""
    link = links.look(engine, links.ADDRESS, secret)
    _require_own(actor, link)
    return str(link.email)


def confirm(engine: Engine, actor: Actor, secret: str) -> None:
    """The address counts from now on; the old one is told. Only for who is signed in to the account that asked.

    So whoever gets such a mail by mistake can't take the account over. Raises `Unauthorized`, `Conflict`.
    """
    with working(engine, actor, "addresses.confirm") as work:
        link = links.use(work, links.ADDRESS, secret)
        _require_own(actor, link)
        account = locked_account(work.tx, actor.id)
        write(work, actor.id, link.email)
        account_mails.send(work, account, "address_changed", address=link.email)


def set_directly(engine: Engine, actor: Actor, account_id: int, email: str) -> None:
    """Another's address, as administrator: for who has lost the old one. The old one is told; sessions stay.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` where it is taken.
    """
    email = checked_email(email)
    if not actor.administrator:
        raise Forbidden(said("Only administrators set other people's addresses."))
    with working(engine, actor, "addresses.set_directly") as work:
        account = locked_account(work.tx, account_id)
        write(work, account_id, email)
        if account.password_hash is not None:
            account_mails.send(work, account, "address_changed", address=email)


def write(work: Work, account_id: int, email: str) -> None:
    """Write an account's address; links that were mailed to the old one count no more. Raises `Conflict`."""
    try:
        with work.engine.database.begin():
            store.change(work.tx, account_id, {"email": email})
    except IntegrityError as error:
        raise Conflict(said("There is an account for {email} already.", email=email)) from error
    link_store.void(work.tx, account_id, work.now)
    work.journal({"account": account_id, "email": email})


def _require_own(actor: Actor, link: Any) -> None:
    if link.account_id != actor.id:
        raise Unauthorized(said("This link isn't valid any more."))
