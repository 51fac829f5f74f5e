"""A mill that runs into trouble, and its people at their browsers: a company apart from the one of the other pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Desk
from tests.support.databases import SqliteDatabases
from tests.support.journeys import Company, running
from tests.support.mill import Mill, mill_files
from tests.support.partner import Partner
from tests.support.ports import free_port


@pytest.fixture(scope="session")
def partner() -> Iterator[Partner]:
    """The mill's scales."""
    made = Partner()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def company(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory, partner: Partner
) -> Iterator[Company]:
    """Web and worker run, with the mill's package."""
    folder, port = tmp_path_factory.mktemp("mill"), free_port()
    package = folder / "mill"
    for name, content in mill_files(partner.url).items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(content)
    settings = {"port": port, "base_url": f"http://127.0.0.1:{port}", "webhook_private_hosts": "127.0.0.1"}
    with sqlite_databases.fresh(folder) as url, running(folder, url, package=package, **settings) as company:
        yield company
        for process in (company.served, company.worker):
            assert "Traceback" not in process.output, process.output


@pytest.fixture(scope="session")
def _desk(company: Company, browser: Browser) -> Desk:
    return Desk(company, browser)


@pytest.fixture
def mill(company: Company, partner: Partner) -> Mill:
    """What bakers order, and the miller says."""
    return Mill(company, partner)
