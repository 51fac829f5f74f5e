"""Service level policies: a version for every change, checked, guarded, told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.packages import policies
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.queries.packages import policies as reads
from engine.storage.tables import JournalEntry
from tests.support.shop import Shop

ROW = {"goal": "answer", "target": "PT3H", "calendar": "office", "pauses": ["working"]}
OFFICE = {"time_zone": "Europe/Rome", "hours": {"mon": ["08:30-17:30"]}}


def change(shop: Shop, who: str = "boss", version: int = 1, row: Any = None, **more: Any) -> int:
    content = {"rows": [{**ROW, **(row or {})}], "calendars": {"office": OFFICE}, **more}
    return policies.change(shop.engine, shop[who], "shop", content, version, "faster")


def test_a_change_is_a_new_version_and_in_the_journal(shop: Shop) -> None:
    assert change(shop) == 2
    now = reads.current(shop.engine, shop["boss"], "shop")
    assert (now.version, now.source, now.reason, now.created_by) == (2, "iter", "faster", shop["boss"].id)
    assert now.policy["version"] == 2
    assert now.policy["rows"][0]["target"] == "PT3H"
    assert [version.version for version in reads.versions(shop.engine, shop["boss"], "shop")] == [2, 1]
    told = select(JournalEntry.actor_id).where(JournalEntry.command == "policies.change")
    assert [row.actor_id for row in shop.rows(told)] == [shop["boss"].id]


def test_what_is_read_can_be_written_back(shop: Shop) -> None:
    change(shop)
    now = reads.current(shop.engine, shop["boss"], "shop")
    assert policies.change(shop.engine, shop["boss"], "shop", now.policy, 2) == 3


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"target": "P1M"}, "row 1"),
        ({"target": ""}, "row 1"),
        ({"calendar": "moon"}, "row 1"),
        ({"pauses": ["asleep"]}, "row 1"),
        ({"when": {"colour": '"red"'}}, "row 1"),
        ({"when": {"category": "((("}}, "row 1"),
    ],
)
def test_problems_are_told_at_their_row(shop: Shop, row: Any, where: str) -> None:
    with pytest.raises(Invalid) as raised:
        change(shop, row=row)
    assert list(raised.value.fields) == [where]
    assert reads.current(shop.engine, shop["boss"], "shop").version == 1


@pytest.mark.parametrize(
    "more", [{"rows": "x"}, {"colour": 1}, {"calendars": {"a": {"hours": 3}}}, {"rows": [{"goal": "a\x00b"}]}]
)
def test_what_is_no_policy_is_refused(shop: Shop, more: Any) -> None:
    with pytest.raises(Invalid):
        change(shop, **more)


def test_nobody_overwrites_another_ones_change(shop: Shop) -> None:
    change(shop)
    with pytest.raises(Conflict):
        change(shop)


def test_only_who_may_edits_and_only_staff_reads(shop: Shop) -> None:
    for who, error in [("mechanic", Forbidden), ("anna", Forbidden), ("stranger", NotFound)]:
        with pytest.raises(error):
            change(shop, who)
    assert reads.current(shop.engine, shop["mechanic"], "shop").version == 1
    for who in ("anna", "stranger"):
        with pytest.raises(NotFound):
            reads.current(shop.engine, shop[who], "shop")
