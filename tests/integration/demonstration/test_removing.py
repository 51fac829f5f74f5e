"""Removing a demonstration takes all of it and nothing else, and it can be made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from engine.commands import demonstration, notes, tickets
from engine.commands.people import accounts, companies, tokens
from engine.commands.people.links import addresses, recovery
from engine.domain.actors import SYSTEM, Actor, Membership
from engine.storage.tables import Account, JournalEntry, Mail, Ticket
from engine.worker import Worker
from tests.integration.demonstration.conftest import PACKAGE, Filling


def real_person(shown: Filling, name: str, role: str, company: int | None = None) -> Actor:
    """Somebody who isn't invented."""
    kind: Any = "customer" if company else "staff"
    number = accounts.create(
        shown.engine, SYSTEM, email=f"{name}@real.example", name=name.title(), kind=kind, company=company
    )
    accounts.set_memberships(shown.engine, SYSTEM, number, PACKAGE, {role: []})
    return Actor(number, name.title(), f"{name}@real.example", kind, company, (Membership(PACKAGE, role),))


def real_ticket(shown: Filling) -> tuple[int, Actor]:
    """A ticket of a real customer, and its requester."""
    company = companies.create(shown.engine, SYSTEM, name="Real Ltd")
    customer = real_person(shown, "rosa", "customer", company)
    opened = tickets.open(shown.engine, customer, PACKAGE, "Una richiesta vera", "")
    return opened.ticket_id, customer


def test_nothing_of_it_is_left(shown: Filling) -> None:
    removed = demonstration.remove(shown.engine)
    assert (removed.tickets, removed.accounts) == (52, 19)
    told = shown.rows(
        select(JournalEntry.command).where(JournalEntry.command.startswith("demonstration.")).order_by(JournalEntry.id)
    )
    assert [row.command for row in told] == ["demonstration.fill", "demonstration.remove"]
    assert shown.counts() == {**shown.before, "journal": shown.before["journal"] + 2}


def test_the_journal_forgets_how_invented_people_came_in(shown: Filling) -> None:
    filled = shown.counts()["journal"]
    (agent,) = shown.rows(select(Account).where(Account.email == "bruno.galli@mrdoc.example.com"))
    issued = tokens.create(shown.engine, SYSTEM, account_id=agent.id)
    tokens.revoke(shown.engine, SYSTEM, issued.id)
    addresses.set_directly(shown.engine, SYSTEM, agent.id, "bruno@mrdoc.example.com")
    recovery.ask(shown.engine, "bruno@mrdoc.example.com")
    Worker(shown.engine).tick()
    assert shown.counts()["journal"] >= filled + 5
    demonstration.remove(shown.engine)
    assert shown.counts()["journal"] == shown.before["journal"] + 2


def test_what_is_real_stays_whole(shown: Filling) -> None:
    ticket_id, customer = real_ticket(shown)
    notes.add(shown.engine, ticket_id, customer, "Ancora qui", True, "staff")
    Worker(shown.engine).tick()
    here = [(table.name, table) for table in Ticket.metadata.sorted_tables if "ticket_id" in table.c]
    theirs = {name: shown.rows(select(table).where(table.c.ticket_id == ticket_id)) for name, table in here}
    assert sum(map(len, theirs.values())) > 20
    demonstration.remove(shown.engine)
    assert theirs == {name: shown.rows(select(table).where(table.c.ticket_id == ticket_id)) for name, table in here}
    assert [row.subject for row in shown.rows(select(Ticket.subject))] == ["Una richiesta vera"]
    assert [row.email for row in shown.rows(select(Account.email).where(Account.active))] == [customer.email]


def test_somebody_invented_whom_a_real_ticket_names_stays_without_a_way_in(shown: Filling) -> None:
    ticket_id, _ = real_ticket(shown)
    (agent,) = shown.rows(select(Account).where(Account.email == "bruno.galli@mrdoc.example.com"))
    tickets.edit(shown.engine, SYSTEM, ticket_id, {"assignee": agent.id})
    tokens.create(shown.engine, SYSTEM, account_id=agent.id)
    demonstration.remove(shown.engine)
    (left,) = shown.rows(select(Account).where(Account.demonstration))
    assert (left.id, left.active, left.password_hash) == (agent.id, False, None)
    assert shown.rows(select(Ticket.assignee_id)) == [(agent.id,)]


def test_it_is_made_anew_with_those_who_stayed(shown: Filling) -> None:
    ticket_id, _ = real_ticket(shown)
    (agent,) = shown.rows(select(Account).where(Account.email == "bruno.galli@mrdoc.example.com"))
    tickets.edit(shown.engine, SYSTEM, ticket_id, {"assignee": agent.id})
    demonstration.remove(shown.engine)
    filled = shown.fill()
    assert filled is not None and filled.problems == ()
    assert len(shown.rows(select(Ticket.id))) == 53
    (back,) = shown.rows(select(Account).where(Account.email == "bruno.galli@mrdoc.example.com"))
    assert (back.id, back.active) == (agent.id, True)


def test_numbers_begin_again_where_no_ticket_is_left(shown: Filling) -> None:
    demonstration.remove(shown.engine)
    real_ticket(shown)
    assert shown.rows(select(Ticket.number)) == [("MR-2026-00001",)]


def test_mail_about_invented_tickets_stays_here_whoever_is_involved(shown: Filling) -> None:
    """A real PM is involved in every ticket; only what is about the real one is sent to them."""
    handlers = replace(shown.engine.settings.handlers, smtp_url="smtp://127.0.0.1:9")
    shown.engine.settings = replace(shown.engine.settings, handlers=handlers)
    pm = real_person(shown, "petra", "pm")
    invented = shown.rows(select(Ticket.id).where(Ticket.status == "open"))[0].id
    notes.add(shown.engine, invented, pm, "Solo una prova", True, "nobody")
    real, _ = real_ticket(shown)
    notes.add(shown.engine, real, pm, "Una risposta vera", True, "nobody")
    Worker(shown.engine).tick()
    mails = shown.rows(select(Mail).where(Mail.recipient == pm.email))
    assert {(mail.ticket_id, mail.state) for mail in mails} == {(invented, "kept"), (real, "open")}
