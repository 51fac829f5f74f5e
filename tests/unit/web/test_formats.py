"""Dates, spans and numbers as a reader writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from web import formats

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "long_day", "instant", "number"),
    [
        ("en", "27 Mar 2026", "Friday 27 March 2026", "27 Mar 2026, 16:00", "1,234.5"),
        ("it", "27 mar 2026", "venerdì 27 marzo 2026", "27 mar 2026, 16:00", "1.234,5"),
    ],
)
def test_days_instants_and_numbers(language: str, day: str, long_day: str, instant: str, number: str) -> None:
    assert formats.day(NOW, language) == formats.day("2026-03-27", language) == day
    assert formats.long_day(NOW, language) == long_day
    assert formats.instant(NOW, language, ROME) == instant
    assert formats.number(1234.5, language) == number


@pytest.mark.parametrize(
    ("after", "english", "italian"),
    [
        (timedelta(days=-1), "yesterday at 16:00", "ieri alle ore 16:00"),
        (timedelta(hours=1), "today at 17:00", "oggi alle ore 17:00"),
        (timedelta(hours=9), "tomorrow at 01:00", "domani alle ore 01:00"),
        (timedelta(days=3), "Monday at 17:00", "lunedì alle ore 17:00"),
        (timedelta(days=8), "4 April at 17:00", "il 4 aprile alle ore 17:00"),
        (timedelta(days=400), "1 May 2027 at 17:00", "il 1 maggio 2027 alle ore 17:00"),
    ],
)
def test_an_instant_in_a_sentence(after: timedelta, english: str, italian: str) -> None:
    assert formats.when(NOW + after, NOW, "en", ROME) == english
    assert formats.when(NOW + after, NOW, "it", ROME) == italian


@pytest.mark.parametrize(
    ("after", "english", "italian"),
    [
        (timedelta(minutes=135), "2 h 15 m left", "mancano 2 h 15 min"),
        (timedelta(days=1, hours=2, minutes=5), "1 d 2 h left", "mancano 1 g 2 h"),
        (timedelta(seconds=20), "0 m left", "mancano 0 min"),
        (-timedelta(days=1), "late by 1 d", "in ritardo di 1 g"),
    ],
)
def test_time_left(after: timedelta, english: str, italian: str) -> None:
    assert formats.time_left(NOW + after, NOW, "en") == english
    assert formats.time_left(NOW + after, NOW, "it") == italian


def test_how_long_ago_it_was() -> None:
    assert formats.since(NOW - timedelta(hours=3), NOW, "en") == "3 hours ago"
    assert formats.since(NOW - timedelta(hours=3), NOW, "it") == "3 ore fa"
    assert formats.since(NOW - timedelta(seconds=3), NOW, "it") == "un momento fa"
