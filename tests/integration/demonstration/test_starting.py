"""`iter demo` and `iter serve --demo` as people use them: killed, repeated, beside real tickets, on other hosts.

Where nothing is killed in the middle, a small package of another company does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.commands import tickets
from engine.commands.demonstration import KNOWN_PASSWORD
from engine.commands.engine import Engine
from engine.commands.packages.folders import deploy_folder
from engine.commands.people import accounts, companies
from engine.domain.actors import SYSTEM, Actor, Membership
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from engine.storage.tables import Account, Ticket
from tests.support.processes import ROOT, Served, run_iter

#: seconds within which the first start is to be done on two busy cores
PATIENCE = 300
SMALL = ROOT / "tests" / "packages" / "klempner"
PM, BOSS = "paola.ferri@mrdoc.example.com", "frieda@wassermann.example"


class Installation:
    """A database with packages, and the command on it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.database = folder, Database(database_url)
        self.engine = Engine(self.database, lambda: datetime.now(UTC), Sandbox())
        self.settings: dict[str, Any] = {"database_url": database_url, "workflows": SMALL.parent}

    def run(self, *arguments: str, **settings: Any) -> Any:
        """`iter ARGUMENTS…` to its end."""
        return run_iter(*arguments, seconds=PATIENCE, **{**self.settings, **settings})

    def served(self, *arguments: str, **settings: Any) -> Served:
        """A command that keeps running."""
        return Served(self.folder, *arguments, **{**self.settings, **settings})

    def deploy(self) -> None:
        """The small package is there; nobody is. What is only set-up needs no command."""
        deploy_folder(self.engine, SMALL)

    def real_ticket(self) -> None:
        """Somebody real has opened a ticket."""
        company = companies.create(self.engine, SYSTEM, name="Real Ltd")
        rosa = accounts.create(
            self.engine, SYSTEM, email="rosa@real.example", name="Rosa", kind="customer", company=company
        )
        accounts.set_memberships(self.engine, SYSTEM, rosa, SMALL.name, {"kunde": []})
        customer = Actor(rosa, "Rosa", "rosa@real.example", "customer", company, (Membership(SMALL.name, "kunde"),))
        tickets.open(self.engine, customer, SMALL.name, "Vera", "")

    def close(self) -> None:
        """Nobody is connected any more."""
        self.engine.sandbox.close()
        self.database.close()

    def count(self, kind: Any) -> int:
        """How many rows a table has."""
        with self.database.read() as tx:
            return int(tx.execute(select(func.count()).select_from(kind)).scalar_one())


@pytest.fixture
def installation(tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """A new one."""
    made = Installation(tmp_path, database_url)
    yield made
    made.close()


@pytest.fixture
def small(tmp_path: Path, sqlite_url: str) -> Iterator[Installation]:
    """One for what is the command's business and no database's: so it is tried on one kind."""
    made = Installation(tmp_path, sqlite_url)
    made.deploy()
    yield made
    made.close()


def sign_in(served: Served, password: str, **headers: str) -> int:
    """The status of the answer to somebody's password."""
    body = {"email": PM, "password": password}
    return served.request("POST", "/api/v1/tokens", body, headers=headers).status


def test_killed_in_the_middle_it_leaves_nothing_and_the_next_start_makes_all_of_it(installation: Installation) -> None:
    filling = installation.served("serve", "--demo", workflows=ROOT / "workflows")
    filling.start(wait=False)
    end = time.monotonic() + PATIENCE
    while "Making the demonstration" not in filling.output:
        assert time.monotonic() < end, filling.output
        time.sleep(0.05)
    time.sleep(0.5)  # tickets are being made: even a quick machine takes seconds for all of them
    filling.kill()
    assert (installation.count(Ticket), installation.count(Account)) == (0, 1), "the administrator alone was there"

    filling.start(seconds=PATIENCE)
    try:
        assert sign_in(filling, KNOWN_PASSWORD) == 201
        assert sign_in(filling, KNOWN_PASSWORD, Host="rebound.example") == 401
        assert sign_in(filling, KNOWN_PASSWORD, **{"X-Forwarded-For": "192.0.2.1"}) == 401
    finally:
        filling.interrupt()
    made = installation.count(Ticket)
    assert made >= 40
    assert f"{PM} " in filling.output
    assert "Traceback" not in filling.output

    told = len(filling.output)
    filling.start()
    filling.interrupt()
    assert installation.count(Ticket) == made
    assert "ticket" not in filling.output[told:]


def test_made_anew_by_reset_and_taken_away_by_remove(small: Installation) -> None:
    first = small.run("demo", host="0.0.0.0")
    assert first.returncode == 0, first.stderr
    assert KNOWN_PASSWORD not in [line.split()[-1] for line in first.stdout.splitlines()]
    made = small.count(Ticket)
    assert made == 3
    again = small.run("demo")
    assert "is there already" in again.stdout
    reset = small.run("demo", "--reset")
    assert f"Removed {made} tickets" in reset.stdout
    assert [line.split()[-1] for line in reset.stdout.splitlines() if BOSS in line] == [KNOWN_PASSWORD]
    assert small.count(Ticket) == made
    assert small.run("demo", "--remove").returncode == 0
    assert (small.count(Ticket), small.count(Account)) == (0, 0)


def test_beside_real_tickets_only_where_asked(small: Installation) -> None:
    small.real_ticket()
    refused = small.run("demo")
    assert refused.returncode == 1
    assert "real tickets" in refused.stderr
    assert small.count(Ticket) == 1

    unasked = small.served("serve", "--demo")
    unasked.start()
    unasked.interrupt()
    assert "There are real tickets here" in unasked.output
    assert small.count(Ticket) == 1
    assert small.run("demo", "--beside-real-tickets").returncode == 0
    assert small.count(Ticket) == 4
    assert small.run("demo", "--remove").returncode == 0
    assert small.count(Ticket) == 1
