"""What can't be stored alike everywhere is refused at the edge, with the field's name."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import Invalid
from engine.domain.storable import can_be_id, can_be_key, check_texts, check_values, read_id, value_problem


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    ["a\0b", "\ud800", float("nan"), float("-inf"), 2**63, deep(50), "x" * 600_000, {1, 2}, object(), {"\0": 1}, b"x"],
)
def test_what_cannot_be_stored(value: Any) -> None:
    assert value_problem(value)
    with pytest.raises(Invalid) as caught:
        check_values({"field": value, "good": 1})
    assert caught.value.fields.keys() == {"field"}


@pytest.mark.parametrize("value", [None, True, 0, -1.5, "", "è 😀", [1, {"a": None}], deep(30), 2**63 - 1])
def test_what_can_be_stored(value: Any) -> None:
    assert value_problem(value) is None
    assert check_values({"field": value}) == {"field": value}


@pytest.mark.parametrize("values", [None, [], "x", {1: 2}])
def test_what_is_no_record(values: Any) -> None:
    with pytest.raises(Invalid):
        check_values(values)


def test_all_texts_are_checked_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        check_texts({"a": ("", 5, True), "b": ("x" * 6, 5, True), "c": ("", 5, False), "d": (1, 5, False)})
    assert caught.value.fields.keys() == {"a", "b", "d"}


def test_ids() -> None:
    assert all(map(can_be_id, [1, 2**31 - 1]))
    assert not any(map(can_be_id, [0, -1, 2**31, True, None, "1", 1.0]))
    assert can_be_key("mrdoc")
    assert not any(map(can_be_key, ["", "a\0", "\ud800", None, 1]))


@pytest.mark.parametrize("text", ["", "0", "-1", "²", "1.0", " 1", "2147483648", "9" * 5_000, "٣"])
def test_what_is_no_rows_number(text: str) -> None:
    assert read_id(text) is None


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), ("2147483647", 2**31 - 1)])
def test_a_rows_number_is_read(text: str, number: int) -> None:
    assert read_id(text) == number
