"""A server with the demonstration, standing still at one instant, and where things on it are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.commands import demonstration
from engine.commands.engine import Engine
from engine.commands.packages.folders import deploy_folder
from engine.commands.people.links import addresses, invitations, recovery
from engine.commands.stepping import Work
from engine.domain.actors import SYSTEM, Actor
from engine.spiff.demonstration import read_demonstration
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.migrating import migrate
from engine.storage.tables import Account, Company, Incident, Instance, Job, Mail, Ticket, UserTask
from engine.worker import Worker
from tests.support.clock import VirtualClock
from tests.support.processes import ROOT, Served

#: a Thursday in summer, in the middle of the afternoon in Rome
NOW = datetime.fromisoformat("2026-06-18T14:35:00+02:00")
FOLDER = ROOT / "workflows" / "mrdoc"
#: whose account and company are shown
PERSON, COMPANY = "silvia", "lunadoro"


@dataclass
class Stage:
    """The running server."""

    served: Served
    database: Database
    #: key of the demonstration → address
    addresses: dict[str, str]
    secrets: dict[str, str]

    def fill(self, place: str, subject: str) -> str:
        """A place with its braces filled in."""
        return place.format_map(_Lazy(self, subject))

    def first(self, column: Any, *where: Any) -> Any:
        """A value of the last row that fits."""
        last = column.table.primary_key.columns[0].desc()
        with self.database.read() as tx:
            return tx.execute(select(column).where(*where).order_by(last)).scalars().first()


class _Lazy(dict[str, Any]):
    """Looks up what a place asks for."""

    def __init__(self, stage: Stage, subject: str) -> None:
        super().__init__()
        self.stage, self.subject = stage, subject

    def __missing__(self, key: str) -> Any:
        if key in self.stage.secrets:
            return self.stage.secrets[key]
        if key == "account":
            return self.stage.first(Account.id, Account.email == self.stage.addresses[PERSON])
        if key == "company":
            return self.stage.first(Company.id, Company.reference != "", Company.name.contains("Lunadoro"))
        ticket = self.stage.first(Ticket.id, Ticket.subject == self.subject)
        found = {
            "ticket": lambda: ticket,
            "task": lambda: self.stage.first(UserTask.id, UserTask.ticket_id == ticket, UserTask.state == "open"),
            "done": lambda: self.stage.first(UserTask.id, UserTask.ticket_id == ticket, UserTask.state == "completed"),
            "instance": lambda: self.stage.first(Instance.id, Instance.ticket_id == ticket),
            "incident": lambda: self.stage.first(Incident.id, Incident.ticket_id == ticket),
            "job": lambda: self.stage.first(Job.id, Job.ticket_id == ticket),
            "mail": lambda: self.stage.first(Mail.id, Mail.ticket_id == ticket),
        }[key]()
        if found is None:
            raise LookupError(f"{key} of {self.subject!r} isn't there")
        return found


@contextmanager
def running(folder: Path) -> Iterator[Stage]:
    """Fills a database, starts the server on it, and stops it."""
    clock = VirtualClock(folder / "clock", NOW)
    url = f"sqlite:///{folder / 'iter.sqlite3'}"
    database = Database(url)
    migrate(database)
    sandbox = Sandbox()
    engine = Engine(database, clock, sandbox)
    served = Served(
        folder, "serve", database_url=url, profile="test", test_clock=clock.path, demo="yes", workflows=FOLDER.parent
    )
    try:
        deploy_folder(engine, FOLDER)
        filled = demonstration.fill(engine, FOLDER.name, demonstration.KNOWN_PASSWORD)
        assert filled is not None and not filled.problems, filled
        files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
        people = {key: person.email for key, person in read_demonstration(files)[0].people.items()}
        secrets = _secrets(engine, people)
        served.start()
        yield Stage(served, database, people, secrets)
    finally:
        served.kill()
        sandbox.close()
        database.close()


def _secrets(engine: Engine, people: dict[str, str]) -> dict[str, str]:
    """The ends of links that were mailed: an invitation, a forgotten password, a new address."""
    invited = invitations.invite(
        engine, SYSTEM, email="nora.bruni@mrdoc.example.com", name="Nora Bruni", kind="staff", demonstration=True
    )
    recovery.ask(engine, people["ettore"])
    with engine.database.read() as tx:
        bruno = Actor(tx.execute(select(Account.id).where(Account.email == people["bruno"])).scalar_one())
    with engine.database.begin() as tx:
        addresses.ask_for(Work(engine, tx, SYSTEM, "addresses.ask", NOW), bruno.id, "b.galli@mrdoc.example.com")
    Worker(engine).tick()
    with engine.database.read() as tx:
        texts = list(tx.execute(select(Mail.text).where(Mail.ticket_id.is_(None)).order_by(Mail.created_at)).scalars())
    mailed = {"recovery": _link(texts, "/recover/"), "address": _link(texts, "/account/address/")}
    return {"invitation": invited.secret, **mailed}


def _link(texts: list[str], path: str) -> str:
    return next(match[1] for text in reversed(texts) if (match := re.search(rf"{re.escape(path)}([\w-]+)", text)))
