"""Instants as scenarios write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from engine.domain.time.durations import parse_instant
from engine.spiff.retelling.standing import told_at

ROME = ZoneInfo("Europe/Rome")


BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.timedeltas(timedelta(), timedelta(days=400)).map(BEGUN.__add__))
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example(datetime(2026, 10, 25, 1, 30, 20, 7, tzinfo=UTC))
@example(datetime(2026, 3, 29, 1, 0, tzinfo=UTC))
def test_an_instant_is_read_as_it_was_to_the_second(instant: datetime) -> None:
    assert parse_instant(told_at(instant, ROME), ROME) == instant.replace(microsecond=0)
