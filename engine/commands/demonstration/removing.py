"""Removes all demonstration data, of every package, in one transaction. Nothing real is touched."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.engine import Engine
from engine.commands.stepping import working
from engine.domain.actors import SYSTEM
from engine.storage import demonstration as store


@dataclass(frozen=True, slots=True)
class Removed:
    """What is gone."""

    tickets: int
    accounts: int


def remove(engine: Engine) -> Removed:
    """Delete the tickets whose requesters are invented, then the invented people with their companies.

    Somebody whom a real ticket names stays as a disabled account, so that the ticket's history stays whole.
    """
    with working(engine, SYSTEM, "demonstration.remove") as work:
        tickets = store.remove_tickets(work.tx)
        accounts, companies = store.remove_people(work.tx)
        store.remove_journal(work.tx, accounts, companies)
        removed = Removed(tickets, len(accounts))
        work.journal({"tickets": removed.tickets, "accounts": removed.accounts})
    return removed
