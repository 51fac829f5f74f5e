"""Working time as people write it."""

from __future__ import annotations

import pytest

from engine.domain.errors import Invalid
from web.pages.service_levels.spans import read, written


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("5 working days", "en", "P5D"),
        ("1 day", "en", "P1D"),
        ("3 hours", "en", "PT3H"),
        ("1 day and 4 hours, 30 minutes", "en", "P1DT4H30M"),
        ("3 ore lavorative", "it", "PT3H"),
        ("5 giorni lavorativi", "it", "P5D"),
        ("2gg 4h", "it", "P2DT4H"),
        ("PT90M", "it", "PT90M"),
        ("p5d", "en", "P5D"),
    ],
)
def test_words_are_read_as_working_time(text: str, language: str, iso: str) -> None:
    assert read(text, language) == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "5",
        "5 moons",
        "-3 hours",
        "3,5 hours",
        "0 days",
        "3 hours later",
        "P1M",
        "1" * 4_400 + " d",
        "1" * 500_000,
    ],
)
def test_what_says_no_working_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read(text, "en")


@pytest.mark.parametrize("iso", ["P5D", "PT3H", "P1DT4H30M", "PT45M"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_what_is_written_is_read_as_the_same(iso: str, language: str) -> None:
    assert read(written(iso, language), language) == iso


def test_it_is_written_in_the_readers_words() -> None:
    assert written("P5D", "it") == "5 giorni lavorativi"
    assert written("PT3H", "en") == "3 working hours"
    assert written("nonsense", "en") == "nonsense"
