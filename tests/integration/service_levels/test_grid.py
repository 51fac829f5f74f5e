"""The grid of service levels as its form sends it: what is wrong stands at its field, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from sqlalchemy import update
from werkzeug.test import TestResponse

from engine.queries.packages import policies as reads
from engine.storage.tables import Account
from tests.integration.conftest import Desk
from tests.support.desk import CLERK
from tests.support.visitors import Visitor, visitor

GRID = "/service-levels/desk"


@pytest.fixture
def manager(desk: Desk) -> Visitor:
    """Who may change the desk's service levels."""
    with desk.database.begin() as tx:
        tx.execute(update(Account).where(Account.id == CLERK.id).values(administrator=True))
    return visitor(desk.engine, CLERK)


def typed(page: TestResponse, **changes: str) -> dict[str, Any]:
    """What the page's form would send, with some fields typed anew."""
    (form,) = [one for one in html.fromstring(page.text).forms if one.get("action") == GRID]
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return {**sent, **{name.replace("__", "-"): value for name, value in changes.items()}}


def wrong(page: TestResponse) -> dict[str, str]:
    """What the page says at which field: by the text that describes the field."""
    tree = html.fromstring(page.text)
    return {
        field.get("id").removeprefix("field-"): " ".join(about.text_content().split())
        for field in tree.xpath("//*[@aria-describedby]")
        for name in field.get("aria-describedby").split()
        for about in tree.xpath("//*[@id=$name and contains(@class, 'cell-wrong')]", name=name)
    }


def focused(page: TestResponse) -> str:
    """The field at which one goes on."""
    return str(html.fromstring(page.text).xpath("//*[@data-autofocus]")[0].get("id")).removeprefix("field-")


def stored(desk: Desk) -> Any:
    return reads.current(desk.engine, CLERK, "desk").policy


def test_what_is_wrong_in_a_calendar_stands_at_its_field_with_what_is_wrong_in_rows(
    desk: Desk, manager: Visitor
) -> None:
    changes = {
        "r__0__target": "soon", "c__0__mon": "8:30-25:00", "c__0__tue": "08:30-12:30, 12:00-17:00",
        "c__0__time_zone": "Europe/Atlantis", "c__0__country": "QQ", "c__0__closures": "2026-08-14\n2026-13-01",
    }  # fmt: skip
    page = manager.post(GRID, **typed(manager.get(GRID), **changes))
    assert page.status_code == 422
    told = wrong(page)
    assert set(told) == {name.replace("__", "-") for name in changes}
    assert "08:30-25:00" in told["c-0-mon"]
    assert "overlap" in told["c-0-tue"]
    assert "Europe/Atlantis" in told["c-0-time_zone"]
    assert "2026-13-01" in told["c-0-closures"]
    assert focused(page) == "r-0-target"
    again = typed(page)
    assert [again[name.replace("__", "-")][0].strip() for name in changes] == list(changes.values())
    assert stored(desk)["version"] == 1


def test_a_calendar_that_never_opens_is_told_at_its_first_day(manager: Visitor) -> None:
    closed = {f"c__0__{day}": "" for day in ("mon", "tue", "wed", "thu", "fri")}
    page = manager.post(GRID, **typed(manager.get(GRID), **closed))
    assert "never open" in wrong(page)["c-0-mon"]
    assert focused(page) == "c-0-mon"


def test_an_unknown_region_is_told_at_the_region(manager: Visitor) -> None:
    page = manager.post(GRID, **typed(manager.get(GRID), c__0__subdivision="Mars"))
    assert set(wrong(page)) == {"c-0-subdivision"}
    assert "IT-Mars" in wrong(page)["c-0-subdivision"]


def test_a_condition_that_cannot_be_read_is_told_at_its_cell(manager: Visitor) -> None:
    page = manager.post(GRID, **typed(manager.get(GRID), do="column", field="subject"))
    assert focused(page) == "r-0-when-subject"
    page = manager.post(GRID, **typed(page, r__0__when__subject__test="((("))
    assert set(wrong(page)) == {"r-0-when-subject"}
    assert typed(page)["r-0-when-subject-test"] == ["((("]


def test_a_calendar_is_added_used_and_saved(desk: Desk, manager: Visitor) -> None:
    page = manager.post(GRID, **typed(manager.get(GRID), do="calendar", new_calendar="row_3"))
    assert focused(page) == "c-1-mon"
    assert stored(desk)["version"] == 1
    page = manager.post(GRID, **typed(page, c__1__mon="22-6", r__0__calendar="row_3"))
    assert set(wrong(page)) == {"c-1-mon"}, "a digit in a calendar's name makes no row of it"
    assert "row_3, Monday:" in " ".join(html.fromstring(page.text).text_content().split())
    more = {"c__1__mon": "9:00-13:00, 14:00-24:00", "c__1__country": "it", "c__1__closures": "2026-08-14"}
    assert manager.post(GRID, **typed(page, **more)).status_code == 303
    policy = stored(desk)
    assert policy["rows"][0]["calendar"] == "row_3"
    assert policy["calendars"]["row_3"] == {
        "time_zone": "Europe/Rome", "hours": {"mon": ["09:00-13:00", "14:00-24:00"]},
        "holidays": {"country": "IT", "subdivision": ""}, "closures": ["2026-08-14"],
    }  # fmt: skip


@pytest.mark.parametrize(("key", "said"), [("Night shift", "beginning with a letter"), ("office", "already")])
def test_a_name_that_no_calendar_can_have_is_refused_at_its_field(manager: Visitor, key: str, said: str) -> None:
    # pressing Save or Enter there means the same as the button beside it
    page = manager.post(GRID, **typed(manager.get(GRID), new_calendar=key))
    assert page.status_code == 422
    assert said in wrong(page)["calendar"]
    assert typed(page)["new_calendar"] == [key]


def test_a_calendar_in_use_stays_and_one_that_nothing_uses_goes(desk: Desk, manager: Visitor) -> None:
    page = manager.post(GRID, **typed(manager.get(GRID), do="drop-0"))
    assert page.status_code == 422
    assert "Rows that count in it: 1." in wrong(page)["c-0-key"]
    assert "where no calendar is named" in wrong(page)["c-0-key"]
    assert focused(page) == "c-0-key"
    page = manager.post(GRID, **typed(page, do="calendar", new_calendar="night"))
    page = manager.post(GRID, **typed(page, do="drop-1"))
    assert page.status_code == 200
    assert manager.post(GRID, **typed(page)).status_code == 303
    assert list(stored(desk)["calendars"]) == ["office"]


def test_one_goes_on_at_the_row_that_has_come_or_moved(manager: Visitor) -> None:
    page = manager.post(GRID, **typed(manager.get(GRID), do="add"))
    assert focused(page) == "r-1-goal"
    page = manager.post(GRID, **typed(page, r__1__target="2 days", do="up-1"))
    assert typed(page)["r-0-target"] == ["2 days"]
    assert focused(page) == "r-0-down"
    page = manager.post(GRID, **typed(page, do="remove-1"))
    assert typed(page)["rows"] == ["1"]
    assert focused(page) == "r-0-remove"


def test_errors_are_in_the_readers_language(manager: Visitor) -> None:
    manager.client.set_cookie("iter_language", "it")
    page = manager.post(GRID, **typed(manager.get(GRID), c__0__mon="22-6", c__0__time_zone="Roma"))
    assert "orari" in wrong(page)["c-0-mon"]
    assert "fuso orario" in wrong(page)["c-0-time_zone"]


def test_hand_made_requests_are_answered_as_well(manager: Visitor) -> None:
    for deed in ("drop-7", "up-7", "remove-", "drop-²", "fly-1", "calendar"):
        assert manager.post(GRID, do=deed, rows="1", calendars="1").status_code in (200, 422), deed
    assert manager.post(GRID, rows="9" * 30, calendars="x").status_code == 422
