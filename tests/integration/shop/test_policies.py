"""Service level policies: a version for every change, checked, guarded, told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.packages import deployments, policies
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.queries.packages import policies as reads
from engine.storage.tables import JournalEntry
from tests.support.shop import TOML, Shop, diagram
from tests.support.shop import shop as package

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
        ({"target": "P1M"}, "row 1.target"),
        ({"target": ""}, "row 1.target"),
        ({"warning": "PT4H"}, "row 1.warning"),
        ({"calendar": "moon"}, "row 1.calendar"),
        ({"pauses": ["asleep"]}, "row 1.pauses"),
        ({"not_before": "price"}, "row 1.not_before"),
        ({"when": {"colour": '"red"'}}, "row 1.when.colour"),
        ({"when": {"category": "((("}}, "row 1.when.category"),
    ],
)
def test_problems_are_told_at_their_cell(shop: Shop, row: Any, where: str) -> None:
    with pytest.raises(Invalid) as raised:
        change(shop, row=row)
    assert list(raised.value.fields) == [where]
    assert reads.current(shop.engine, shop["boss"], "shop").version == 1


def test_a_calendar_that_none_can_be_called_is_refused_at_it(shop: Shop) -> None:
    for key in ("24x7", "Night shift", "row.1", ""):
        with pytest.raises(Invalid) as raised:
            change(shop, calendars={"office": OFFICE, key: OFFICE})
        assert list(raised.value.fields) == [f"calendars.{key}"]


def test_a_calendar_that_the_package_counts_in_cannot_be_left_out(shop: Shop) -> None:
    toml = TOML.replace(b'calendar = "24x7"', b'calendar = "office"').decode()
    office = '[calendars.office]\nhours = { mon = ["08:30-17:30"] }\n'
    night = '[calendars.night]\nhours = { sun = ["20:00-24:00"] }\n'
    timer = (
        '<intermediateCatchEvent id="wait" name="A night"><timerEventDefinition id="t">'
        "<timeDuration>working(&quot;PT1H&quot;, &quot;night&quot;)</timeDuration></timerEventDefinition>"
        "<incoming>f1</incoming><outgoing>f0</outgoing></intermediateCatchEvent>"
        '<sequenceFlow id="f0" sourceRef="wait" targetRef="ask" />'
    )
    drawn = (
        diagram("http://127.0.0.1:9/")
        .decode()
        .replace('sourceRef="begin" targetRef="ask" />', f'sourceRef="begin" targetRef="wait" />{timer}')
    )
    drawn = drawn.replace(
        "<incoming>f1</incoming><outgoing>f2</outgoing>", "<incoming>f0</incoming><outgoing>f2</outgoing>"
    )
    files = {**package(), "package.toml": f"{toml}\n{office}{night}".encode(), "order.bpmn": drawn.encode()}
    deployments.deploy(shop.engine, files, SYSTEM, "folder")
    with pytest.raises(Invalid) as raised:
        change(shop, version=2, row={"calendar": "24x7"}, calendars={})
    told = raised.value.fields
    assert list(told) == ["calendars.office", "calendars.night"]
    assert "where no calendar is named" in " ".join(told["calendars.office"])
    assert "“A night” in order.bpmn" in " ".join(told["calendars.night"])


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
