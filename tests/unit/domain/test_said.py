"""A text that keeps its key and values, so that it can be told in another language."""

from __future__ import annotations

import copy
import pickle
from datetime import date

from engine.domain.errors import Conflict
from engine.domain.said import Said, from_json, said, shortened, to_json

CLOSED = said("The ticket {number} is closed.", number="T-1")


def test_it_is_the_english_text() -> None:
    assert CLOSED == "The ticket T-1 is closed."
    assert said("Expected {names}, but got {day}.", names=["a", "b"], day=date(2026, 3, 27)) == (
        "Expected a, b, but got 2026-03-27."
    )


def test_a_text_without_values_may_hold_braces() -> None:
    assert said('Write {"hide": "=…"}.') == 'Write {"hide": "=…"}.'


def test_digits_are_grouped_where_the_key_says_so() -> None:
    assert said("{size:,} bytes", size=1200) == "1,200 bytes"


def test_an_error_and_str_keep_key_and_values() -> None:
    for kept in (str(Conflict(CLOSED)), str(CLOSED), copy.deepcopy(CLOSED), pickle.loads(pickle.dumps(CLOSED))):
        assert isinstance(kept, Said)
        assert (kept.key, kept.values) == ("The ticket {number} is closed.", {"number": "T-1"})


def test_it_comes_back_from_json_with_what_stands_inside_it() -> None:
    whole = said("{problem} See {places}.", problem=CLOSED, places=[said("the log"), "a.txt"])
    back = from_json(str.__str__(whole), to_json(whole))
    assert isinstance(back, Said) and back == whole
    assert isinstance(back.values["problem"], Said) and isinstance(back.values["places"][0], Said)


def test_a_plain_text_has_nothing_to_keep() -> None:
    assert to_json("plain") is None
    assert from_json("plain", None) == "plain"


def test_a_text_that_is_cut_loses_what_it_kept() -> None:
    assert isinstance(shortened(CLOSED, 100), Said)
    assert shortened(CLOSED, 10) == "The ticket" and not isinstance(shortened(CLOSED, 10), Said)
