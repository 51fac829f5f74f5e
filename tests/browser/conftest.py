"""A company at work and its people at their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import Desk, chromium
from tests.support.databases import SqliteDatabases
from tests.support.journey_tickets import Ticket
from tests.support.journeys import Company, running
from tests.support.ports import free_port


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
