"""Being involved in a ticket because somebody wants to be: watchers come and go, others stay involved."""

from __future__ import annotations

from engine.commands.access import Held, find_actor, hold_ticket
from engine.commands.engine import Engine
from engine.commands.stepping import Work, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Invalid
from engine.domain.packages import Package
from engine.domain.said import said
from engine.storage import tickets

#: reasons to be involved that one can take back: who wanted to be, and who only wrote a note
LEAVING = ("watcher", "author")


def watch(engine: Engine, actor: Actor, ticket_id: int, account: int | None = None) -> None:
    """Be involved in a ticket that one sees: its mails come from now on. Staff may involve somebody else (`account`).

    Somebody else works with the package, or is a customer of the ticket's own company: whoever is involved sees the
    ticket. Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    with working(engine, actor, "tickets.watch") as work:
        held = hold_ticket(work, ticket_id)
        who = actor.id if account in (None, actor.id) else _other(work, held, account)
        tickets.involve(work.tx, ticket_id, [(who, "watcher")], work.now)
        work.journal(_told(actor, who), ticket_id=ticket_id, package_id=held.package.id)


def unwatch(engine: Engine, actor: Actor, ticket_id: int, account: int | None = None) -> None:
    """Be involved no longer. Staff may take a watcher off.

    Raises `NotFound`, `Forbidden`; `Conflict` where one is involved for another reason than having wanted to be.
    """
    with working(engine, actor, "tickets.unwatch") as work:
        held = hold_ticket(work, ticket_id)
        who = account or actor.id
        if who != actor.id and not _is_staff(actor, held.package):
            raise Forbidden(said("Only staff take somebody else off a ticket."))
        if not tickets.leave(work.tx, ticket_id, who, LEAVING):
            raise Conflict(said("Who opened a ticket, has it or worked on it stays involved in it."))
        work.journal(_told(actor, who), ticket_id=ticket_id, package_id=held.package.id)


def _other(work: Work, held: Held, account: int | None) -> int:
    if not _is_staff(work.actor, held.package):
        raise Forbidden(said("Only staff involve somebody else in a ticket."))
    other = find_actor(work, account or 0)
    if other is not None and other.roles(held.package):
        company = held.row["company_id"]
        if other.kind == "staff" or (company is not None and other.company == company):
            return other.id
    text = said("Expected somebody who works here, or somebody of the ticket's company.")
    raise Invalid(said("Can't be accepted: {fields}.", fields="account"), {"account": [text]})


def _is_staff(actor: Actor, package: Package) -> bool:
    return actor.administrator or actor.kind == "system" or any(role.kind == "staff" for role in actor.roles(package))


def _told(actor: Actor, who: int) -> dict[str, int]:
    return {} if who == actor.id else {"account": who}
