"""Saved views: one's own lists under names."""

from __future__ import annotations

import pytest

from engine.commands.people import views
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.queries.people import views as reads
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER


def test_a_view_is_kept_under_its_name_and_saving_anew_takes_its_place(desk: Desk) -> None:
    first = views.save(desk.engine, CLERK, " Late ", "deadline=late")
    again = views.save(desk.engine, CLERK, "Late", "deadline=late&sort=deadline")
    views.save(desk.engine, CLERK, "Mine", "box=mine")
    assert first == again
    assert [(view.name, view.query) for view in reads.of(desk.engine, CLERK)] == [
        ("Late", "deadline=late&sort=deadline"),
        ("Mine", "box=mine"),
    ]


def test_one_begins_with_one_view_at_most(desk: Desk) -> None:
    late = views.save(desk.engine, CLERK, "Late", "deadline=late", standard=True)
    mine = views.save(desk.engine, CLERK, "Mine", "box=mine", standard=True)
    assert [view.standard for view in reads.of(desk.engine, CLERK)] == [False, True]
    views.begin_with(desk.engine, CLERK, late)
    assert [view.standard for view in reads.of(desk.engine, CLERK)] == [True, False]
    views.begin_with(desk.engine, CLERK, None)
    assert not any(view.standard for view in reads.of(desk.engine, CLERK))
    views.remove(desk.engine, CLERK, mine)
    assert [view.id for view in reads.of(desk.engine, CLERK)] == [late]


def test_views_are_nobody_else_s(desk: Desk) -> None:
    view = views.save(desk.engine, CLERK, "Late", "deadline=late")
    assert reads.of(desk.engine, COBBLER) == []
    for attempt in (views.remove, views.begin_with):
        for number in (view, 999, -1, 2**70):
            with pytest.raises(NotFound):
                attempt(desk.engine, COBBLER, number)
    assert len(reads.of(desk.engine, CLERK)) == 1


def test_names_and_numbers_have_limits(desk: Desk) -> None:
    for name in ("", "   ", "x" * 61, "a\0b"):
        with pytest.raises(Invalid):
            views.save(desk.engine, CLERK, name, "box=mine")
    for number in range(views.MOST):
        views.save(desk.engine, CLERK, f"View {number}", "box=mine")
    with pytest.raises(Conflict):
        views.save(desk.engine, CLERK, "One more", "box=mine")
    views.save(desk.engine, CLERK, "View 1", "box=all")
