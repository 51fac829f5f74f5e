"""The first package at work inside the test's own process: an engine with its people, no HTTP and no worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from engine.commands import notes, tickets, timers, user_tasks
from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.domain.actors import SYSTEM, Actor, Membership
from engine.storage.tables import Account, Base, Company, UserTask
from engine.storage.tables import Membership as MembershipRow
from tests.support.clock import VirtualClock

FOLDER = Path(__file__).parents[2] / "workflows" / "mrdoc"
PACKAGE = "mrdoc"
ZONE = ZoneInfo("Europe/Rome")
#: name → role, departments, company (0: works here)
PEOPLE: dict[str, tuple[str, tuple[str, ...], int]] = {
    "paola": ("pm", (), 0),
    "marta": ("manager", (), 0),
    "bruno": ("agent", ("crm",), 0),
    "vera": ("agent", ("crm",), 0),
    "quirino": ("agent", ("quotes",), 0),
    "carla": ("customer", (), 1),
    "dario": ("customer", (), 1),
    "anna": ("approver", (), 1),
    "elena": ("customer", (), 2),
}


def at(local: str) -> datetime:
    """`2026-03-27 16:00` in Rome."""
    return datetime.fromisoformat(local).replace(tzinfo=ZONE)


def _people() -> Iterator[tuple[str, Actor]]:
    for number, (name, (role, departments, company)) in enumerate(PEOPLE.items(), 1):
        kind: Any = "customer" if company else "staff"
        membership = Membership(PACKAGE, role, departments)
        yield name, Actor(number, name.title(), f"{name}@office.example", kind, company or None, (membership,))


class Office:
    """Who works there and who are its customers, as actors by name; and what tests do all the time."""

    def __init__(self, engine: Engine, clock: VirtualClock) -> None:
        self.engine, self.clock, self.database = engine, clock, engine.database
        self.people: dict[str, Actor] = dict(_people())

    def furnish(self) -> None:
        """Deploy the package and write its people, once."""
        files = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*") if path.is_file()}
        deployments.deploy(self.engine, {name: path.read_bytes() for name, path in files.items()}, SYSTEM, "folder")
        self._write_people()

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def _write_people(self) -> None:
        now = self.clock()
        companies = [{"id": 1, "name": "Rossi", "services": ["CRM", "Sito"]}, {"id": 2, "name": "Bianchi"}]
        accounts = [
            {"id": p.id, "email": p.email, "name": p.name, "kind": p.kind, "company_id": p.company, "created_at": now}
            for p in self.people.values()
        ]
        members = [
            {"account_id": p.id, "package_id": PACKAGE, "role": m.role, "departments": list(m.departments)}
            for p in self.people.values()
            for m in p.memberships
        ]
        with self.database.begin() as tx:
            for company in companies:
                tx.execute(insert(Company).values(vat_number="IT01234567890", created_at=now, **company))
            tx.execute(insert(Account), accounts)
            tx.execute(insert(MembershipRow), members)

    def rows(self, table: type[Base], *where: Any) -> list[Any]:
        """All rows of a table that fit, by their primary key."""
        columns = table.__table__.primary_key.columns
        with self.database.read() as tx:
            return list(tx.execute(select(table.__table__).where(*where).order_by(*columns)))

    def open(self, by: str = "carla", subject: str = "Non si apre", text: str = "") -> int:
        """A new ticket's id."""
        return tickets.open(self.engine, self[by], PACKAGE, subject, text).ticket_id

    def task(self, ticket_id: int, element: str) -> int:
        """The id of the ticket's open user task at an element."""
        rows = self.rows(UserTask, UserTask.ticket_id == ticket_id, UserTask.state == "open")
        (found,) = [row.id for row in rows if row.element == element]
        return int(found)

    def done(self, by: str, ticket_id: int, element: str, **data: Any) -> None:
        """Complete a user task."""
        user_tasks.complete(self.engine, self.task(ticket_id, element), data, self[by])

    def note(self, by: str, ticket_id: int, text: str, expects: Any = "nobody", *, public: bool = True) -> int:
        """Write a note."""
        return notes.add(self.engine, ticket_id, self[by], text, public=public, expects=expects).note_id

    def fire(self) -> None:
        """Fire what is due now."""
        for timer in timers.due(self.engine):
            timers.fire(self.engine, timer)

    def classified(self, category: str = "bug_crm", *, by: str = "carla", subject: str = "Non si apre") -> int:
        """A ticket that the PM has checked, waiting to be assigned."""
        ticket_id = self.open(by, subject)
        self.done("paola", ticket_id, "check_request", complete="yes", category=category)
        return ticket_id

    def working(self, by: str = "carla") -> int:
        """A bug that Bruno works on."""
        ticket_id = self.classified(by=by)
        self.done("paola", ticket_id, "assign", assignee=self["bruno"].id)
        self.done("bruno", ticket_id, "take_charge", competent="yes")
        return ticket_id

    def quoted(self) -> int:
        """A quote that the customer is to decide on."""
        ticket_id = self.classified("quote")
        self.done("paola", ticket_id, "assign", assignee=self["quirino"].id)
        quote = {"quote_text": "Un nuovo **modulo** di ricerca.", "quote_amount": 1200, "quote_days": 4}
        self.done("quirino", ticket_id, "estimate", competent="yes", **quote)
        return ticket_id
