"""Which row of the service levels applied to a ticket, and why."""

from __future__ import annotations

import pytest

from engine.domain.errors import NotFound
from engine.queries.tickets.promises import promises
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, STRANGER
from tests.support.statements import counting


def test_the_row_that_applied_is_told_with_its_conditions(desk: Desk) -> None:
    ticket = desk.open()
    found = promises(desk.engine, CLERK, ticket)
    assert found
    for promise in found:
        assert [tried.row.goal for tried in promise.rows] == [promise.goal] * len(promise.rows)
        (applied,) = [tried for tried in promise.rows if tried.applied]
        assert all(asked.passes for asked in applied.asked)


def test_it_takes_few_statements(desk: Desk) -> None:
    ticket = desk.open()
    promises(desk.engine, CLERK, ticket)
    with counting(desk.database) as counted:
        promises(desk.engine, CLERK, ticket)
    assert len(counted) <= 4


def test_a_foreign_ticket_is_no_ticket(desk: Desk) -> None:
    ticket = desk.open()
    with pytest.raises(NotFound):
        promises(desk.engine, STRANGER, ticket)
