"""Whatever a list is sorted and narrowed by: its pages, put together, are the whole list, once and in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.queries import tickets
from engine.queries.tickets import listing, sight
from engine.queries.tickets.orders import ORDERS
from engine.storage.tables import Ticket
from tests.integration.conftest import Desk
from tests.integration.lists.conftest import STATUSES, every
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER

#: order → the values that rows are sorted by, the first None where there is none
KEYS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "changed_at": lambda row: (row["changed_at"],),
    "opened_at": lambda row: (row["opened_at"],),
    "number": lambda row: (row["number"],),
    "subject": lambda row: (row["subject"].lower(),),
    "status": lambda row: (row["status"],),
    "request_type": lambda row: (row["request_type"], row["category"]),
    "deadline": lambda row: (row["deadline_at"],),
    "company": lambda row: (row["company"] and row["company"].lower(), row["company_id"]),
    "assignee": lambda row: (row["assignee"] and row["assignee"].lower(), row["assignee_id"]),
    "opened_by": lambda row: (row["opener"] and row["opener"].lower(), row["opened_by"]),
}


def whole(desk: Desk, actor: Actor, sort: str, limit: int, **filters: Any) -> list[int]:
    """The ids on all pages."""
    found: list[int] = []
    cursor = None
    while True:
        page = tickets.listed(desk.engine, actor, sort=sort, limit=limit, cursor=cursor, **filters)
        assert len(page.items) == limit or page.next is None
        found += [item.id for item in page.items]
        cursor = page.next
        if cursor is None:
            return found


def expected(rows: list[Any], sort: str) -> list[int]:
    """Sorted in Python; what has no value comes last in either direction."""
    key, down = KEYS[sort.removeprefix("-")], sort.startswith("-")
    present = sorted((row for row in rows if key(row)[0] is not None), key=lambda row: (*key(row), row["id"]))
    absent = sorted((row for row in rows if key(row)[0] is None), key=lambda row: row["id"])
    return [row["id"] for part in (present, absent) for row in (part[::-1] if down else part)]


def test_every_order_is_tried() -> None:
    assert KEYS.keys() == ORDERS.keys()


@pytest.fixture(params=["walked", "collected"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Long lists are walked along an index, short ones collected: both with a handful of tickets."""
    few = 3 if request.param == "walked" else 5_000
    monkeypatch.setattr(listing, "MOST_COUNTED", few)
    monkeypatch.setattr(sight, "FEW", few)
    return str(request.param)


def test_pages_put_together_are_the_list(filled: Desk, way: str) -> None:
    rows = list(every(filled))
    for sort in [*KEYS, *(f"-{name}" for name in KEYS)]:
        for limit in (1, 7, 200):
            assert whole(filled, CLERK, sort, limit) == expected(rows, sort), sort


def _of(row: Any, customer: Actor) -> bool:
    """Their company's, or their own where it is nobody's; what they asked for at another company stays there."""
    return bool(row["company_id"] == customer.company if row["company_id"] else row["requester_id"] == customer.id)


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (COBBLER, lambda row: row["department"] == "leather"),
        (OWNER, lambda row: _of(row, OWNER)),
        (STRANGER, lambda row: _of(row, STRANGER) or row["id"] % 7 == 0),
    ],
)
def test_everybody_pages_through_what_they_see(filled: Desk, way: str, actor: Actor, sees: Any) -> None:
    rows = [row for row in every(filled) if sees(row)]
    for sort in ("-changed_at", "deadline", "company"):
        assert whole(filled, actor, sort, 7) == expected(rows, sort), sort


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(STATUSES) | st.lists(st.sampled_from(STATUSES), min_size=1, max_size=3),
        "assignee": st.sampled_from([CLERK.id, COBBLER.id]),
        "company": st.integers(1, 3),
        "opened_by": st.sampled_from([0, CLERK.id]),
        "request_type": st.sampled_from(["", "repair"]),
        "department": st.just("leather"),
        "closed": st.booleans(),
    },
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sort=st.sampled_from(sorted([*KEYS, *(f"-{name}" for name in KEYS)])), limit=st.integers(1, 20), filters=FILTERS)
def test_filters_leave_out_and_nothing_more(
    filled: Desk, way: str, sort: str, limit: int, filters: dict[str, Any]
) -> None:
    rows = [row for row in every(filled) if all(_fits(row, name, value) for name, value in filters.items())]
    assert whole(filled, CLERK, sort, limit, **filters) == expected(rows, sort)
    count = tickets.counted(filled.engine, CLERK, **filters)
    assert (count.number, count.more) == (min(len(rows), listing.MOST_COUNTED), len(rows) > listing.MOST_COUNTED)


def _fits(row: Any, name: str, value: Any) -> bool:
    if name == "closed":
        return (row["closed_at"] is not None) is value
    column = {"assignee": "assignee_id", "company": "company_id"}.get(name, name)
    return row[column] in (value if isinstance(value, list) else [value])


def test_late_is_past_and_soon_is_within_a_day(filled: Desk) -> None:
    now, hours = filled.clock(), [row["deadline_at"] for row in every(filled) if row["deadline_at"]]
    late = [at for at in hours if at < now]
    soon = [at for at in hours if now <= at and (at - now).total_seconds() < 86_400]
    assert late and soon
    for word, wanted in (("late", late), ("soon", soon)):
        assert tickets.counted(filled.engine, CLERK, deadline=word).number == len(wanted)
    with pytest.raises(Invalid):
        tickets.counted(filled.engine, CLERK, deadline="tomorrow")


def test_a_cursor_of_another_order_is_refused(filled: Desk) -> None:
    page = tickets.listed(filled.engine, CLERK, sort="company", limit=2)
    for other in ("number", "changed_at", "request_type"):
        with pytest.raises(Invalid):
            tickets.listed(filled.engine, CLERK, sort=other, limit=2, cursor=page.next)


def test_a_page_begins_where_the_one_before_ended_whatever_happened_meanwhile(filled: Desk) -> None:
    first = tickets.listed(filled.engine, CLERK, sort="number", limit=5)
    with filled.database.begin() as tx:
        tx.execute(update(Ticket).where(Ticket.id == first.items[-1].id).values(status="closed"))
    second = tickets.listed(filled.engine, CLERK, sort="number", limit=5, cursor=first.next)
    assert second.items[0].id == first.items[-1].id + 1
