"""FEEL: what cells and conditions mean, what is refused, and that no text can hurt."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import Invalid
from engine.domain.feel import FeelError, parse_expression, parse_unary_tests


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("-", ["a", None, 3, False, [1]], []),
        ("", ["a", None], []),
        ('"a"', ["a"], ["b", None, 1, True, "A"]),
        ('"a","b"', ["a", "b"], ["c", None, '"a","b"']),
        ("1,2,3", [1, 2.0, Decimal(3)], [4, "1", None, True]),
        ("[1,2,3]", [1, 3], [4, "1"]),
        ("[1..5]", [1, 3.5, 5], [0.999, 6, "3", None]),
        ("(1..5)", [1.5], [1, 5]),
        ("]1..5[", [1.5], [1, 5]),
        ("[1..5)", [1], [5]),
        ("[1..2],[4..5]", [1, 4.5], [3]),
        ('["a".."c"]', ["b"], ["d", 1]),
        ("< 5", [4, -1], [5, "4", None, True]),
        ("<= 5", [5], [6]),
        ("> 5,< 2", [6, 1], [3]),
        (">= 2.50", [2.5], [2.49]),
        ("-5", [-5], [5]),
        ("!= 5", [4], [5]),
        ("= 5", [5], [4]),
        ("0.1", [0.1, Decimal("0.10")], [0.1000001]),
        ('not("b")', ["a", ""], ["b", 5]),
        ('not("a","b")', ["c", None], ["a", "b"]),
        ("not(< 5)", [5, 6], [4, "x", None]),
        ("not([1..3])", [4], [2, None]),
        ("true", [True], [False, None, 1, "true"]),
        ("false", [False], [True, None, 0]),
        ("null", [None], ["", 0, False]),
        ("not(null)", ["a", 0, False], [None]),
        ("null,1", [None, 1], [2]),
        ("? > 2 and ? < 4", [3], [2, 4, "3", None]),
        ("not(? > 2) and ? != 0", [1], [0, 3]),
        ('? = "a" or ? = "b"', ["a", "b"], ["c"]),
        ("? between 1 and 3", [1, 3], [4]),
        ('? in ("a", "b")', ["a"], ["c"]),
        ("? in (1..3)", [2], [1, 3]),
        ("limit", [7], [8]),
        ("< limit", [6], [7]),
        ("ticket.limit", [9], [7]),
        ("ticket.missing", [None], [9]),
        ("allowed", ["x"], ["z"]),
        ('date("2026-03-27")', [date(2026, 3, 27), "2026-03-27"], ["2026-03-28", "2026", 5, None]),
        ('< date("2026-03-27")', [date(2026, 3, 26), "2026-03-26"], [date(2026, 3, 27), "x"]),
        ('[date("2026-01-01")..date("2026-12-31")]', ["2026-05-01"], ["2027-01-01"]),
        (
            '> date and time("2026-03-27T16:00:00Z")',
            [datetime(2026, 3, 27, 16, 1, tzinfo=UTC), "2026-03-27T18:00:00+01:00"],
            ["2026-03-27T16:01:00", "2026-03-27T16:00:00Z", "2026-03-28"],
        ),
        (r'"say \"no\" \u0041\n"', ['say "no" A\n'], ["x"]),
        ('  "a" ,\n "b" ', ["b"], ["c"]),
        ('"perché"', ["perché"], ["perche"]),
    ],
)
def test_unary_tests(cell: str, yes: list[object], no: list[object]) -> None:
    names = {"limit": 7, "ticket": {"limit": 9}, "allowed": ["x", "y"]}
    tests = parse_unary_tests(cell)
    assert [value for value in yes if not tests.matches(value, names)] == []
    assert [value for value in no if tests.matches(value, names)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('=type = "a" and x != null', True),
        ('=type = "b" or x = null', False),
        ("=not(ok)", False),
        ("ok", True),
        ("=ok = true", True),
        ("missing = null", True),
        ("missing.deeper = null", True),
        ("missing < 3", None),
        ("missing < 3 or ok", True),
        ("missing < 3 and not(ok)", False),
        ("missing < 3 and ok", None),
        ("x = 1.0", True),
        ("x > 0 and x <= 1", True),
        ("x = type", None),
        ('"a" = null', False),
        ("(x = 1 or x = 2) and ok", True),
        ("x in [1..5]", True),
        ("x in (2..5)", False),
        ("x in [2..5] or ok", True),
        ("x in (1, 2)", True),
        ("x in (> 0)", True),
        ("x in [3, 1]", True),
        ("x between 1 and 5 and ok", True),
        ("list = [1, 2]", True),
        ("list = [1, 3]", False),
        ("[]", []),
        ("ticket.category", "crm"),
        ("ticket.number", Decimal(3)),
        ("nan", None),
        ("date", "d"),
        ("-1", Decimal(-1)),
        ("123456789012345678901234567890123456789.5", Decimal("123456789012345678901234567890123456789.5")),
        ("-123456789012345678901234567890123456789.5", Decimal("-123456789012345678901234567890123456789.5")),
    ],
)
def test_expressions(text: str, value: object) -> None:
    names = {
        "type": "a",
        "x": 1,
        "ok": True,
        "list": (1, 2.0),
        "ticket": {"category": "crm", "number": 3},
        "nan": float("nan"),
        "date": "d",
    }
    assert parse_expression(text).evaluate(names) == value


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x == 1", "single '='"),
        ("x && y", "'and'"),
        ("x || y", "'or'"),
        ("!x", "not("),
        ("${x = 1}", "${"),
        ("x = 'a'", "double quotes"),
        ('x = "a', "double quote"),
        ("x + 1 = 2", "beforehand"),
        ("count(x) = 2", "'count' isn't known"),
        ("if x then y else z", "'if'"),
        ("x y", "'y' was not expected"),
        ("x =", "the end"),
        ("(x = 1", "Close"),
        ("[1..5", "isn't closed"),
        ("[1..5] = x", "x in [1..5]"),
        ("(1, 2)", "Close the bracket"),
        ('date("tomorrow")', "2026-03-27"),
        ('date("2026-02-30")', "isn't a date"),
        ("date(x)", "2026-03-27"),
        ("? > 3", "name of the variable"),
        ("x.1", ""),
        ("x.", "after the dot"),
        ("- x", "before numbers"),
        ("5x", ""),
        ("", "the end"),
        (r'"\q"', "escape"),
        ("()." + "__class__", "A value was expected"),
        ("__import__('os')", ""),
        ("x" * 5_000, "4,000"),
        ("(" * 33 + "x" + ")" * 33, "nested"),
        ("not(" * 700 + "x" + ")" * 700, "nested"),
    ],
)
def test_what_is_not_feel_is_refused_with_a_remedy(text: str, hint: str) -> None:
    with pytest.raises(FeelError) as refused:
        parse_expression(text)
    assert hint in str(refused.value)
    assert refused.value.problem.endswith(".")
    assert refused.value.remedy.endswith(".")
    assert isinstance(refused.value, Invalid)


@pytest.mark.parametrize("cell", ['"a" "b"', "a b", '"a",', ",", "not(", 'not("a"', "-,1", "< ", "1;2", "--", "not()"])
def test_cells_that_are_not_unary_tests_are_refused(cell: str) -> None:
    with pytest.raises(FeelError):
        parse_unary_tests(cell)


def test_the_names_that_are_read_are_told() -> None:
    assert parse_expression('a = 1 and ticket.x in [b..c] and not(d = "e")').names == {"a", "ticket", "b", "c", "d"}
    assert parse_unary_tests("? > limit").names == {"limit"}
    assert parse_unary_tests("-").accepts_all
    assert not parse_unary_tests("1").accepts_all


def test_long_lists_end_in_an_answer_and_not_in_a_wait() -> None:
    names = {"list": list(range(100_000)), "other": list(range(100_000))}
    started = time.process_time()
    for text in ("list = other", "-1 in list"):
        with pytest.raises(Invalid, match="steps"):
            parse_expression(text).evaluate(names)
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Invalid):
        parse_expression("a = b").evaluate({"a": deep, "b": deep})
    assert time.process_time() - started < 1


@given(st.text(alphabet='abxy.()[]"=<>!?-,0123456789 \n', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_unary_tests, parse_expression):
        try:
            found = read(text)
        except FeelError:
            continue
        if hasattr(found, "matches"):
            assert found.matches(1, {"a": 1}) in (True, False)
        else:
            found.evaluate({"a": 1})


#: what can be stored
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(TEXTS, TEXTS)
def test_a_quoted_text_matches_itself_only(text: str, other: str) -> None:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    tests = parse_unary_tests(quoted)
    assert tests.matches(text)
    assert tests.matches(other) == (text == other)
