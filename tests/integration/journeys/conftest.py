"""The company at work, once on each kind of database; tickets that a test opens are gone at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.databases import Databases
from tests.support.journey_tickets import Ticket
from tests.support.journeys import Company, running


@pytest.fixture(scope="session")
def company(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Web and worker run, the package is deployed, everybody has a token."""
    folder = tmp_path_factory.mktemp("company")
    with databases.fresh(folder) as url, running(folder, url) as company:
        yield company
        for process in (company.served, company.worker):
            assert "Traceback" not in process.output, process.output


@pytest.fixture
def opened(company: Company) -> Iterator[Callable[..., Ticket]]:
    """Opens tickets: `opened("carla", "subject", "text")`; whatever is left of them is cancelled."""
    made: list[Ticket] = []

    def open_one(*arguments: str, **options: str) -> Ticket:
        made.append(Ticket(company, *arguments, **options))
        return made[-1]

    yield open_one
    for ticket in made:
        if "cancel" in ticket.actions("paola"):
            ticket.act("paola", "cancel", reason="The test is over")
    company.settle()
    assert company["admin"].asks("/incidents?state=open")["items"] == []
