"""Drafts: kept, overwritten, dropped, each account's own; bounded in number and time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import housekeeping
from engine.commands.people import drafts
from engine.domain.errors import Invalid
from engine.queries.people import drafts as reads
from engine.storage.tables import Draft, JournalEntry
from tests.support.desk import CLERK, OWNER


def test_the_latest_state_is_kept_and_comes_back(desk):
    kept_at = drafts.keep(desk.engine, CLERK, "note:5", {"text": "Dear Ol", "expects": "customer"})
    desk.clock.advance(minutes=1)
    later = drafts.keep(desk.engine, CLERK, "note:5", {"text": "Dear Olga", "expects": "customer"})
    assert later - kept_at == timedelta(minutes=1)
    assert reads.of(desk.engine, CLERK, "note:5") == reads.Draft({"text": "Dear Olga", "expects": "customer"}, later)
    assert desk.rows(JournalEntry, JournalEntry.command.like("drafts%")) == []


def test_nobody_sees_anothers_draft(desk):
    drafts.keep(desk.engine, CLERK, "note:5", {"text": "mine"})
    assert reads.of(desk.engine, OWNER, "note:5") is None
    drafts.drop(desk.engine, OWNER, "note:5")
    assert reads.of(desk.engine, CLERK, "note:5") is not None


def test_a_dropped_draft_is_gone(desk):
    drafts.keep(desk.engine, CLERK, "action:5:withdraw", {"reason": "sold"})
    drafts.drop(desk.engine, CLERK, "action:5:withdraw")
    drafts.drop(desk.engine, CLERK, "action:5:withdraw")
    assert reads.of(desk.engine, CLERK, "action:5:withdraw") is None


def test_the_oldest_make_room(desk, monkeypatch):
    monkeypatch.setattr(drafts, "MOST", 3)
    for number in range(5):
        desk.clock.advance(seconds=1)
        drafts.keep(desk.engine, CLERK, f"note:{number}", {"text": "x"})
    drafts.keep(desk.engine, OWNER, "note:1", {"text": "another's"})
    places = [(row.account_id, row.place) for row in desk.rows(Draft)]
    assert places == [(1, "note:2"), (1, "note:3"), (1, "note:4"), (3, "note:1")]


def test_what_nobody_touched_for_long_is_forgotten(desk):
    drafts.keep(desk.engine, CLERK, "note:1", {"text": "old"})
    desk.clock.advance(days=89)
    drafts.keep(desk.engine, CLERK, "note:2", {"text": "young"})
    housekeeping.tidy(desk.engine)
    assert len(desk.rows(Draft)) == 2
    desk.clock.advance(days=2)
    housekeeping.tidy(desk.engine)
    assert [row.place for row in desk.rows(Draft)] == ["note:2"]


@pytest.mark.parametrize(
    "place", ["", "note", "note:", "Note:5", "note:5:x:y", "note:5\n", "no te:5", f"note:{'5' * 99}", "note:é"]
)
def test_a_place_is_written_like_one(desk, place):
    with pytest.raises(Invalid):
        drafts.keep(desk.engine, CLERK, place, {})


@pytest.mark.parametrize("content", [{"text": "a\0b"}, {"text": "x" * 600_000}, {"text": float("nan")}, ["text"]])
def test_what_no_database_holds_is_refused(desk, content):
    with pytest.raises(Invalid):
        drafts.keep(desk.engine, CLERK, "note:5", content)
    assert desk.rows(Draft) == []
