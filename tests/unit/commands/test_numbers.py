"""Ticket numbers are filled into the package's format, and into nothing else of it."""

from __future__ import annotations

import pytest

from engine.domain.packages import format_number


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("MR-{year}-{sequence:05}", "MR-2026-00042"),
        ("{sequence}", "42"),
        ("{sequence:1}/{year}", "42/2026"),
        ("{sequence.__class__}-{sequence}", "{sequence.__class__}-42"),
        ("{}{0}", "{}{0}"),
    ],
)
def test_format(pattern: str, number: str) -> None:
    assert format_number(pattern, 2026, 42) == number
