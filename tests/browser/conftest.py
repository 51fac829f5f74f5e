"""A company at work and its people at their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import Desk, chromium
from tests.support.databases import SqliteDatabases
from tests.support.journey_tickets import Ticket
from tests.support.journeys import PACKAGE, PASSWORD, Company, running
from tests.support.newcomers import Newcomer
from tests.support.ports import free_port

_numbers = count(1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests of the process."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def company(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Web and worker run, the package is deployed, everybody has an account; mails lead to this server."""
    folder, port = tmp_path_factory.mktemp("browser"), free_port()
    here = f"http://127.0.0.1:{port}"
    with sqlite_databases.fresh(folder) as url, running(folder, url, port=port, base_url=here) as company:
        yield company
        for process in (company.served, company.worker):
            assert "Traceback" not in process.output, process.output


@pytest.fixture(scope="session")
def _desk(company: Company, browser: Browser) -> Desk:
    return Desk(company, browser)


@pytest.fixture
def desk(_desk: Desk) -> Iterator[Desk]:
    """Windows for people: `desk.visit("paola", "/inbox")`. Closed at the end; no page may have reported an error."""
    _desk.faults.clear()
    yield _desk
    _desk.leave()
    assert _desk.faults == []


@pytest.fixture
def visit(desk: Desk) -> Callable[..., Page]:
    """`visit("paola", "/inbox", width=390)`."""
    return desk.visit


@pytest.fixture
def opened(company: Company) -> Callable[..., Ticket]:
    """Opens tickets by API: `opened("carla", "subject", "text")`."""
    return lambda *arguments, **options: Ticket(company, *arguments, **options)


@pytest.fixture
def newcomer(company: Company) -> Callable[..., Newcomer]:
    """Makes people of one test alone: `newcomer("Nora", role="agent", departments=["crm"])`; their password is ours."""

    def make(
        name: str = "Nora", *, kind: str = "staff", role: str = "", departments: Sequence[str] = (), **more: Any
    ) -> Newcomer:
        email = f"{name.lower()}{next(_numbers)}@new.example"
        admin = company["admin"]
        values = {"email": email, "name": name, "kind": kind, "password": PASSWORD, "language": "it", **more}
        made = admin.sends("/accounts", values, 201)
        if role:
            roles = {"roles": {role: list(departments)}}
            admin.sends(f"/accounts/{made['id']}/memberships/{PACKAGE}", roles, 200, method="PUT")
        return Newcomer(company, made["id"], email)

    return make
