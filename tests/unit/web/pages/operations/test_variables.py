"""Variables that came in a form: which were changed, and to what."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from engine.domain.errors import Invalid
from web.pages.operations.variables import changed, mark
from web.pages.visiting import Form

SAME = object()


def read(*rows: tuple[str, str, str, Any]) -> dict[str, Any]:
    """The changed variables of a form with rows of name, kind, text and what it was (`SAME`: just that)."""
    data: dict[str, list[str]] = {"given.name": [], "given.kind": [], "given.text": [], "given.mark": []}
    for name, kind, text, was in rows:
        for part, value in zip(("name", "kind", "text"), (name, kind, text), strict=True):
            data[f"given.{part}"].append(value)
        data["given.mark"].append(mark(kind, text) if was is SAME else mark(*was) if was else "")
    with Flask("forms").test_request_context(method="POST", data=data):
        return changed(Form(), "given")


def test_what_was_left_alone_is_not_changed() -> None:
    assert read(("a", "number", "1", SAME), ("b", "text", "x\r\ny", ("text", "x\ny"))) == {}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " as it is ", " as it is "),
        ("number", "12", 12),
        ("number", " -3 ", -3),
        ("number", "1.5", 1.5),
        ("boolean", "True", True),
        ("boolean", "false", False),
        ("nothing", "whatever", None),
        ("list", '[1, "two"]', [1, "two"]),
        ("record", '{"a": {"b": null}}', {"a": {"b": None}}),
    ],
)
def test_a_value_is_read_as_its_kind(kind: str, text: str, value: Any) -> None:
    assert read(("a", kind, text, None)) == {"a": value}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "many"),
        ("number", ""),
        ("number", "nan"),
        ("number", "1e999"),
        ("boolean", "yes"),
        ("list", "{}"),
        ("record", "[1]"),
        ("record", '{"a": NaN}'),
        ("list", "[1,"),
    ],
)
def test_what_is_no_such_value_is_told_at_its_name(kind: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(("fine", "number", "1", None), ("a", kind, text, None))
    assert list(refused.value.fields) == ["given.a"]


def test_a_kind_alone_is_a_change() -> None:
    assert read(("a", "text", "1", ("number", "1"))) == {"a": "1"}


def test_a_row_without_a_name_is_nothing() -> None:
    assert read(("  ", "text", "lost", None)) == {}
