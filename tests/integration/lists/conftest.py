"""A desk with tickets that differ in all that lists are narrowed and sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from engine.storage.tables import Account, Company, Involvement, Ticket
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, NOW, OWNER, STRANGER

STATUSES = ("with_us", "with_customer", "closed")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Sixty tickets, with many equal values and many missing ones."""
    desk.open()
    fill(desk, 60)
    return desk


def fill(desk: Desk, count: int, seed: int = 1) -> None:
    """Copies of the first ticket, in other hands, at other times."""
    made = Random(seed)
    (pattern,) = desk.rows(Ticket, Ticket.id == 1)
    with desk.database.begin() as tx:
        if not tx.execute(select(Account.id).where(Account.id == 5)).first():
            tx.execute(insert(Company), [{"id": 3, "name": "company 2b", "created_at": NOW}])
            twin = {"id": 5, "email": "clara2@desk.example", "name": "clara", "kind": "staff", "created_at": NOW}
            tx.execute(insert(Account), [twin])
        rows = [_row(dict(pattern._mapping), number, made) for number in range(2, count + 1)]
        tx.execute(insert(Ticket), rows)
        seen = [row["id"] for row in rows if row["id"] % 7 == 0]
        involved = {"account_id": STRANGER.id, "reason": "watcher", "since": NOW}
        tx.execute(insert(Involvement), [{"ticket_id": ticket, **involved} for ticket in seen])
        tx.execute(update(Ticket).where(Ticket.id == 1).values(deadline_at=None, deadline_goal=""))


def _row(pattern: dict[str, Any], number: int, made: Random) -> dict[str, Any]:
    at = NOW + timedelta(hours=made.randint(0, 20))
    deadline = at + timedelta(hours=made.randint(-40, 40)) if made.random() < 0.5 else None
    status = made.choice(STATUSES)
    return {
        **pattern, "id": number, "number": f"D-2026-{number:04}", "opened_at": at, "changed_at": at,
        "subject": made.choice(["heel", "Heel", "sole", "Lace", "tongue"]), "status": status,
        "closed_at": at if status == "closed" else None,
        "request_type": made.choice(["", "repair"]), "category": made.choice(["", "shoes"]),
        "department": made.choice(["", "leather"]), "assignee_id": made.choice([None, CLERK.id, COBBLER.id, 5]),
        "company_id": made.choice([None, 1, 2, 3]), "requester_id": made.choice([None, OWNER.id, STRANGER.id]),
        "opened_by": made.choice([0, CLERK.id, OWNER.id]), "deadline_at": deadline,
        "deadline_goal": "reply" if deadline else "",
    }  # fmt: skip


def every(desk: Desk) -> Sequence[Any]:
    """All tickets, with the names that lists are sorted by."""
    names = {row.id: row.name for row in desk.rows(Account)}
    companies = {row.id: row.name for row in desk.rows(Company)}
    return [
        {
            **row._mapping, "assignee": names.get(row.assignee_id), "opener": names.get(row.opened_by),
            "company": companies.get(row.company_id),
        }
        for row in desk.rows(Ticket)
    ]  # fmt: skip
