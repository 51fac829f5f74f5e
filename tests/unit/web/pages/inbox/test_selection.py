"""An inbox's address says what it is narrowed down to, and nothing that isn't needed."""

from __future__ import annotations

from engine.queries.user_tasks import Filters
from web.pages.inbox.selection import Selection


def test_the_plain_inbox_has_the_plain_address() -> None:
    plain = Selection("todo", Filters())
    assert (plain.address(), plain.address(7), plain.query, plain.narrowed) == ("/inbox", "/inbox/7", "", False)


def test_what_is_chosen_stands_in_the_address_and_is_changed_in_part() -> None:
    selected = Selection("mine", Filters(text="heel & sole", due="late"), "abc")
    assert selected.address(7) == "/inbox/7?box=mine&due=late&text=heel+%26+sole&cursor=abc"
    assert selected.query == "?box=mine&due=late&text=heel+%26+sole&cursor=abc"
    assert selected.narrowed
    assert selected.address(box="todo", text=None, cursor=None) == "/inbox?due=late"


def test_a_box_alone_hides_nothing() -> None:
    assert not Selection("all", Filters()).narrowed
