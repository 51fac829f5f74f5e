"""PostgreSQL plans what commands ask once for all, and what lists ask for the values of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from engine.commands import timers
from engine.queries import tickets
from engine.storage.database import PREPARED_AFTER
from tests.integration.conftest import Desk
from tests.support.desk import CLERK

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
#: on the test's one connection
PREPARED = text("SELECT statement FROM pg_prepared_statements")
OFTEN = range(PREPARED_AFTER + 2)


def prepared(desk: Desk, words: str) -> list[str]:
    """The statements with these words that PostgreSQL keeps."""
    with desk.database.read(by_values=True) as tx:
        return [statement for (statement,) in tx.execute(PREPARED) if words in statement]


def see_the_list(desk: Desk) -> None:
    tickets.listed(desk.engine, CLERK, sort="number", status=("with_us",))


def test_a_list_is_planned_for_its_values(desk: Desk) -> None:
    desk.open()
    for _ in OFTEN:
        see_the_list(desk)
    assert not prepared(desk, "FROM tickets")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda desk: timers.due(desk.engine), "FROM timers"),
        (lambda desk: timers.fire(desk.engine, "none"), "FOR NO KEY UPDATE"),
    ],
    ids=["reading", "writing"],
)
def test_what_a_command_asks_is_planned_once_for_all(desk: Desk, ask: Callable[[Desk], object], words: str) -> None:
    for _ in OFTEN:
        see_the_list(desk)
        ask(desk)
    assert len(prepared(desk, words)) == 1
