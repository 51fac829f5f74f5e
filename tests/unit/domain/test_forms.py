"""What forms accept, what they refuse, and what can't be deployed."""

from __future__ import annotations

import json
import time
from datetime import time as clock_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.forms import Form, read_form
from engine.domain.time.calendars import Calendar

HOURS = dict.fromkeys(range(5), ((clock_time(8, 30), clock_time(17, 30)),))
OFFICE = Calendar("office", "Europe/Rome", HOURS, country="IT")
COLOURS = [{"label": "Red", "value": "red"}, {"label": "Blue", "value": "blue"}]


def schema(*components: dict[str, Any]) -> bytes:
    return json.dumps({"type": "default", "schemaVersion": 16, "components": components}, indent=1).encode()


def form(*components: dict[str, Any]) -> Form:
    found, problems = read_form("forms/f.form", schema(*components))
    assert not problems
    assert found is not None
    return found


def field(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": "f", "label": "F", **more}


@pytest.mark.parametrize(
    ("component", "good", "bad"),
    [
        (field("textfield"), ["a", "", None, "  "], [1, True]),
        (field("textfield"), [], ["a\nb", "\0", "\ud800", "x" * 1_000_000, {"a": 1}, ["a"]]),
        (field("textfield", validate={"minLength": 2, "maxLength": 3}), ["ab", "abc"], ["a", "abcd"]),
        (field("textfield", validate={"pattern": "^[A-Z]+$"}), ["AB"], ["Ab", "A B"]),
        (field("textfield", validate={"validationType": "email"}), ["a@b.it"], ["a", "a@b", "a @b.it"]),
        (field("textfield", validate={"required": True}), ["a"], [None, "", " "]),
        (field("textarea"), ["a\nb", "a\r\nb"], ["\x0b", "x" * 60_000]),
        (field("number"), [1, 1.5, None], ["1", True, float("nan"), float("inf"), 2**54, [1]]),
        (field("number", validate={"min": 1, "max": "3"}), [1, 3], [0, 3.01]),
        (field("number", decimalDigits=2), [1.25, 3], [1.255]),
        (field("number", increment=0.25), [0.75], [0.8]),
        (field("checkbox"), [True, False, None], [1, 0, "true"]),
        (field("checkbox", validate={"required": True}), [True], [False, None]),
        (field("radio", values=COLOURS), ["red", None], ["green", ["red"], 1]),
        (field("radio", values=[{"label": "one", "value": 1}]), [1], [True, "1", 1.0]),
        (field("checklist", values=COLOURS), [["red"], []], ["red", ["red", "red"], ["green"], [["red"]]]),
        (field("taglist", values=COLOURS, validate={"required": True}), [["red"]], [[], None]),
        (field("datetime", subtype="date"), ["2026-03-27"], ["2026-02-30", "27.3.2026", "2026-03-27T10:00", 1]),
        (field("datetime", properties={"workingDay": "true"}), ["2026-03-27"], ["2026-03-28", "2026-04-06"]),
        (field("select", valuesKey="a", properties={"account": "agent@department"}), [7], ["7", True, 0, -1, 1.5]),
    ],
)
def test_types_are_exact(component: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    subject = form(component)
    for value in good:
        assert subject.check({"f": value}, calendar=OFFICE)[1] == {}, value
    for value in bad:
        assert list(subject.check({"f": value}, calendar=OFFICE)[1]) == ["f"], str(value)[:50]


def test_the_nearest_working_day_is_offered() -> None:
    subject = form(field("datetime", properties={"workingDay": "true"}))
    errors = subject.check({"f": "2026-03-28"}, calendar=OFFICE)[1]
    assert errors == {"f": ["This isn't a working day. The nearest is 2026-03-27."]}


def test_every_key_becomes_a_variable() -> None:
    subject = form(
        field("textfield"), field("checkbox") | {"key": "g"}, field("textfield", readonly=True) | {"key": "h"}
    )
    assert subject.check({"f": "  "}) == ({"f": None, "g": False}, {})
    assert subject.keys == {"f": "str", "g": "bool"}
    assert list(subject.check({"h": "x", "z": 1})[1]) == ["h", "z"]


def test_a_hidden_field_is_neither_required_nor_accepted() -> None:
    subject = form(
        field("radio", values=COLOURS),
        {**field("textfield"), "key": "why", "validate": {"required": True}, "conditional": {"hide": '=f != "red"'}},
    )
    assert subject.check({"f": "blue"})[1] == {}
    assert list(subject.check({"f": "red"})[1]) == ["why"]
    assert list(subject.check({"f": "blue", "why": "x"})[1]) == ["why"]
    assert subject.check({"f": "blue", "why": ""}) == ({"f": "blue", "why": None}, {})


def test_a_hidden_field_counts_as_null_for_others_and_a_group_hides_its_fields() -> None:
    subject = form(
        field("checkbox"),
        {"type": "group", "conditional": {"hide": "=f = true"}, "components": [{**field("textfield"), "key": "a"}]},
        {**field("textfield"), "key": "b", "validate": {"required": True}, "conditional": {"hide": "=a = null"}},
    )
    assert subject.check({"a": "x"})[1] == {"b": ["This field is needed."]}
    assert list(subject.check({"f": True, "a": "x", "b": "y"})[1]) == ["a", "b"]
    assert subject.check({"f": True})[1] == {}


@pytest.mark.parametrize(
    ("component", "told"),
    [
        ({"type": "filepicker", "key": "f"}, "filepicker"),
        ({"type": "html", "content": "<b>"}, "html"),
        (field("textfield", validate={"requird": True}), "Did you mean `required`"),
        (field("number", validate={"min": "=a"}), "min"),
        (field("number", validate={"min": 3, "max": 1}), "no number fits"),
        (field("textfield", conditional={"hide": "=foo(1)"}), "foo"),
        (field("textfield", conditional={"hide": "=other = 1"}), "`other`"),
        (field("textfield", validate={"pattern": "(a)\\1"}), "pattern"),
        (field("textfield", validate={"pattern": "(?=a)"}), "pattern"),
        (field("textfield", disabled="=a"), "disabled"),
        (field("radio"), "values"),
        (field("radio", values=[*COLOURS, *COLOURS]), "twice"),
        (field("datetime", subtype="time"), "times"),
        (field("textfield", defaultValue=1), "defaultValue"),
        (field("textfield") | {"key": "ticket"}, "variable's name"),
        (field("textfield") | {"key": "class"}, "variable's name"),
        (field("textfield") | {"key": "a.b"}, "identifier"),
        (field("select", valuesKey="x"), "valuesKey"),
        (field("select", valuesExpression="=x"), "valuesExpression"),
    ],
)
def test_what_the_server_does_not_check_cannot_be_deployed(component: dict[str, Any], told: str) -> None:
    found, problems = read_form("forms/f.form", schema(component))
    assert found is None
    assert any(told in problem.problem for problem in problems), problems


def test_all_problems_are_told_in_one_pass_with_their_lines() -> None:
    _, problems = read_form("forms/f.form", schema(field("radio"), field("foo") | {"key": "g"}, field("number", mn=1)))
    assert [problem.element for problem in problems] == ["f", "g", "f", "f"]
    assert all(problem.line for problem in problems)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"a":' * 90_000,
     b'{"type": "default", "components": [1]}', b'{"type": "default", "components": {}}', b" " * 600_000,
     b'{"type": "default", "components": [{"type": "text", "text": "\\u0000"}]}', b'{"a": 1e999}', b"9" * 400_000],
)  # fmt: skip
def test_hostile_files_are_refused_quickly(content: bytes) -> None:
    start = time.process_time()
    found, problems = read_form("forms/f.form", content)
    assert found is None
    assert problems
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "components",
    [
        [field("textfield") | {"key": f"k{n}", "labell": "x", "foo": 1} for n in range(7_000)],
        [field("textfield", readonly=True) | {"key": f"k{n}"} for n in range(9_000)],
        [field("foo") | {"key": f"k{n}"} for n in range(9_000)],
    ],
)
def test_a_form_with_thousands_of_mistakes_is_refused_quickly(components: list[dict[str, Any]]) -> None:
    content = schema(*components)
    start = time.process_time()
    found, problems = read_form("forms/f.form", content)
    assert found is None
    assert 0 < len(problems) <= 200
    assert time.process_time() - start < 1


def test_no_keyword_of_a_number_makes_the_check_fail() -> None:
    subject = form(field("number", decimalDigits=10**9, increment=1e-300, defaultValue=5))
    for value in (0, 2**53, -(2**53), 0.1, 1e-7, 5e-324):
        assert subject.check({"f": value})[0]["f"] == value
    assert form(field("number", decimalDigits=30)).check({"f": 2**53})[1] == {}
    assert read_form("forms/f.form", schema(field("number", defaultValue=10**400)))[1]


def test_no_pattern_can_stop_the_server() -> None:
    subject = form(field("textfield", validate={"pattern": "^(a+)+$"}))
    start = time.process_time()
    assert subject.check({"f": "a" * 3_900 + "!"})[1]
    assert time.process_time() - start < 0.5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EVERYTHING = form(
    *(field(kind) | {"key": kind} for kind in ("textfield", "textarea", "number", "checkbox", "datetime")),
    *(field(kind, values=COLOURS) | {"key": kind} for kind in ("radio", "select", "checklist", "taglist")),
    {**field("number", decimalDigits=2, increment=0.01), "key": "n", "conditional": {"hide": "=number > 3"}},
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([*EVERYTHING.keys, "unknown"]), JSON))
def test_whatever_comes_it_is_accepted_or_refused(data: dict[str, Any]) -> None:
    clean, errors = EVERYTHING.check(data, calendar=OFFICE)
    assert set(clean) == set(EVERYTHING.keys)
    if not errors:
        json.dumps(clean, allow_nan=False).encode()
