"""A company at work: the product's web and worker processes, its people with their tokens, tickets over HTTP.

Asks and tells in words and in the company's local time. What is right stands in the tests.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.tables import Job, Mail, Message, Timer
from tests.support.clock import VirtualClock
from tests.support.processes import ROOT, Served, run_iter
from tests.support.smtp import SmtpServer

ZONE = ZoneInfo("Europe/Rome")
PACKAGE = "mrdoc"
#: where mails lead to
ADDRESS = "https://assistenza.example"
PASSWORD = "correct horse battery"
#: each person's role, departments and company; their address is `name@company.example`
PEOPLE: dict[str, tuple[str, tuple[str, ...], str]] = {
    "carla": ("customer", (), "rossi"),
    "dario": ("customer", (), "rossi"),
    "anna": ("approver", (), "rossi"),
    "elena": ("customer", (), "bianchi"),
    "franco": ("approver", (), "bianchi"),
    "paola": ("pm", (), ""),
    "marta": ("manager", (), ""),
    "bruno": ("agent", ("crm",), ""),
    "vera": ("agent", ("crm",), ""),
    "silvia": ("agent", ("site",), ""),
    "quirino": ("agent", ("quotes",), ""),
    "ottavia": ("agent", ("quotes",), ""),
}
DAY = "2026-01-05 09:00"


def instant(local: str) -> datetime:
    """`2026-03-27 16:00`, as the company's people say it."""
    return datetime.fromisoformat(local).replace(tzinfo=ZONE)


def local(iso: str) -> str:
    """An instant of the API as the company's people say it; seconds are kept only where there are any."""
    there = datetime.fromisoformat(iso).astimezone(ZONE)
    return there.strftime("%Y-%m-%d %H:%M" if not there.second and not there.microsecond else "%Y-%m-%d %H:%M:%S.%f")


def folder_files(folder: Path) -> dict[str, str]:
    """A package's files by path, as the API takes them."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True)
class Person:
    """Somebody with a token of their own."""

    served: Served
    name: str
    email: str
    id: int
    token: str

    def asks(self, path: str, status: int = 200) -> Any:
        """GET; the answer's JSON."""
        return self._request("GET", path, None, status)

    def sends(self, path: str, body: Any = None, status: int | None = None, method: str = "POST") -> Any:
        """POST; the answer's JSON. Any success will do where no status is given."""
        return self._request(method, path, body, status)

    def _request(self, method: str, path: str, body: Any, status: int | None) -> Any:
        answer = self.served.request(method, f"/api/v1{path}", body, self.token)
        expected = answer.status < 300 if status is None else answer.status == status
        assert expected, f"{self.name}: {method} {path} {body}: {answer.status} {answer.body.decode()}"
        return answer.json if answer.body else None


@dataclass
class Company:
    """The running product with everybody in it."""

    served: Served
    worker: Served
    clock: VirtualClock
    smtp: SmtpServer
    database: Database
    people: dict[str, Person] = field(default_factory=dict)
    #: what the package calls its keys: {"status": {"open": "APERTO"}}
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def at(self, when: str) -> None:
        """It is so late now; all that is due has been done."""
        self.settle()
        self.clock.set(instant(when))
        self.settle()

    def settle(self, seconds: float = 30) -> None:
        """Waits until the worker has nothing left to do at this instant."""
        end = time.monotonic() + seconds
        while left := self._left():
            if time.monotonic() > end:
                raise TimeoutError(f"Not done at {self.clock()}: {left}: {self.worker.output[-5000:]}")
            time.sleep(0.03)

    def _left(self) -> list[str]:
        # in the order in which one makes the next: what comes into being meanwhile is seen
        due = [
            select(Message.name).where(Message.next_attempt_at <= self.clock()),
            select(Timer.element).where(Timer.due_at <= self.clock()),
            select(Job.id).where(Job.state == "open"),
            select(Mail.subject).where(Mail.state == "open"),
        ]
        with self.database.read() as tx:
            return [what for statement in due for what in tx.execute(statement).scalars()]


def join(admin: Person, company: Company, package: str = PACKAGE) -> Iterator[Person]:
    """Makes everybody's account through the API, and gives them with tokens that their passwords got."""
    companies: dict[str, int] = {}
    for name, (role, departments, employer) in PEOPLE.items():
        if employer and employer not in companies:
            companies[employer] = admin.sends("/companies", {"name": employer.title()}, 201)["id"]
        account = {
            "email": f"{name}@{employer or 'staff'}.example", "name": name.title(), "password": PASSWORD,
            "kind": "customer" if employer else "staff", "company": companies.get(employer),
        }  # fmt: skip
        made = admin.sends("/accounts", account, 201)
        roles = {"roles": {role: list(departments)}}
        admin.sends(f"/accounts/{made['id']}/memberships/{package}", roles, method="PUT")
        login = {"email": made["email"], "password": PASSWORD, "days": 3650}
        token = company.served.request("POST", "/api/v1/tokens", login).json["token"]
        yield Person(company.served, name, made["email"], made["id"], token)


@contextmanager
def running(
    folder: Path, database_url: str, package: Path = ROOT / "workflows" / PACKAGE, **more: Any
) -> Iterator[Company]:
    """Starts web and worker, deploys the package and makes the people, all as an administrator would.

    `more`: settings that come before the usual ones.
    """
    clock, smtp = VirtualClock(folder / "clock", instant(DAY)), SmtpServer()
    smtp.start()
    settings: dict[str, Any] = {
        "database_url": database_url, "smtp_url": smtp.url, "profile": "test", "test_clock": clock.path,
        "base_url": ADDRESS, **more,
    }  # fmt: skip
    added = run_iter("accounts", "add", "admin@staff.example", "--name", "Admin", "--administrator", **settings)
    assert added.returncode == 0, added.stderr
    token = run_iter("accounts", "token", "admin@staff.example", **settings).stdout.strip()
    company = Company(
        Served(folder, "web", **settings), Served(folder, "worker", **settings), clock, smtp, Database(database_url)
    )
    try:
        company.served.start()
        company.worker.start(wait=False)
        admin = Person(company.served, "admin", "admin@staff.example", 1, token)
        admin.sends("/packages?reason=journeys", folder_files(package), 201)
        company.people = {"admin": admin, **{person.name: person for person in join(admin, company, package.name)}}
        company.words = _words(admin.asks(f"/packages/{package.name}"))
        yield company
    finally:
        company.worker.kill()
        company.served.kill()
        smtp.stop()
        company.database.close()


def _words(package: dict[str, Any]) -> dict[str, dict[str, str]]:
    kinds = {"status": "statuses", "request_type": "request_types", "category": "categories"}
    return {name: {item["key"]: item["label"]["it"] for item in package[plural]} for name, plural in kinds.items()}
