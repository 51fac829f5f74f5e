"""FEEL's functions, one by one: what they give, and null for what they don't take."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.domain.errors import Invalid
from engine.domain.feel import Run, parse_calculation
from engine.domain.feel.durations import Months
from engine.domain.feel.functions import FUNCTIONS

NOW = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("string(1.50)", "1.5"),
        ("string(100)", "100"),
        ("string(10 ** 20)", "100000000000000000000"),
        ("string(0 - 0.0)", "0"),
        ("string(true)", "true"),
        ('string("a")', "a"),
        ("string(null)", None),
        ("string([1])", None),
        ('string(date("2026-03-27"))', "2026-03-27"),
        ('string(duration("PT36H"))', "P1DT12H"),
        ('string(duration("P14M"))', "P1Y2M"),
        ('string(duration("-PT1.5S"))', "-PT1.5S"),
        ('string(duration("P0D")) + string(duration("P0M"))', "PT0SP0M"),
        ('number("1.5")', Decimal("1.5")),
        ('number("-3")', -3),
        ('number("1,000.5", ",", ".")', Decimal("1000.5")),
        ('number("1.000,5", ".", ",")', Decimal("1000.5")),
        ('number("1 000", " ", ".")', 1000),
        ('number("a")', None),
        ('number("1e9")', None),
        ('number("")', None),
        ('number("1", ",", ",")', None),
        ('number("1", "x", ".")', None),
        ("number(1)", None),
        ('string length("tes😀")', 4),
        ("string length(null)", None),
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", 3, 3)', "oba"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("foobar", -9)', "foobar"),
        ('substring("foobar", 99)', ""),
        ('substring("foobar", 0)', None),
        ('substring("foobar", 1, 0)', None),
        ('substring("foobar", 1, 10 ** 100)', "foobar"),
        ('substring("foobar", 10 ** 100)', ""),
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "xyz")', ""),
        ('substring before("foobar", "")', ""),
        ('substring after("foobar", "ob")', "ar"),
        ('substring after("foobar", "xyz")', ""),
        ('substring after("foobar", "")', "foobar"),
        ('upper case("perché")', "PERCHÉ"),
        ('lower case("ABC")', "abc"),
        ('contains("foobar", "of")', False),
        ('contains("foobar", "ob")', True),
        ('contains(null, "ob")', None),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('ends with("foobar", 1)', None),
        ('matches("foobar", "^fo*b")', True),
        ('matches("foobar", "^o")', False),
        ('replace("abcd", "(ab)|(a)", "[1=$1]")', "[1=ab]cd"),
        (r'replace("abc", "[a-b]", "$9\\$")', "$$c"),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('split("abc", "x*")', ["abc"]),
        ("abs(-1.5)", Decimal("1.5")),
        ("abs(-123456789012345678901234567890.5)", Decimal("123456789012345678901234567890.5")),
        ("floor(10 ** 40)", 10**40),
        ("floor(1, 10 ** 40)", None),
        ("sublist([1], 10 ** 40)", None),
        ("[1][10 ** 40]", None),
        ("date(10 ** 40, 1, 1)", None),
        ("modulo(10 ** 40, 3)", None),
        ("even(10 ** 6000)", None),
        ('duration("P1D") / 10 ** 40', timedelta()),
        ('abs(duration("-P1D"))', timedelta(1)),
        ('abs(duration("-P1M"))', Months(1)),
        ('abs("a")', None),
        ("decimal(1/3, 2)", Decimal("0.33")),
        ("decimal(2.5, 0)", 2),
        ("decimal(1234, -2)", 1200),
        ("decimal(1, 99)", None),
        ("decimal(1, 0.5)", None),
        ("floor(-1.5)", -2),
        ("floor(1.56, 1)", Decimal("1.5")),
        ("ceiling(-1.5)", -1),
        ("round up(5.11, 1)", Decimal("5.2")),
        ("round down(-5.5, 0)", -5),
        ("round half up(5.5, 0)", 6),
        ("round half up(-5.5, 0)", -6),
        ("round half down(5.5, 0)", 5),
        ("modulo(12, 5)", 2),
        ("modulo(-12, 5)", 3),
        ("modulo(12, -5)", -3),
        ("modulo(10.1, 4.5)", Decimal("1.1")),
        ("modulo(1, 0)", None),
        ("sqrt(16)", 4),
        ("sqrt(-1)", None),
        ("even(0)", True),
        ("odd(-3)", True),
        ("even(1.5)", None),
        ("count([1, null])", 2),
        ("count(null)", None),
        ("min(3, 1, 2)", 1),
        ('max(["a", "c", "b"])', "c"),
        ('max(date("2026-01-01"), date("2026-02-01"))', date(2026, 2, 1)),
        ('min(1, "a")', None),
        ("min([])", None),
        ("max(1, null)", None),
        ("sum([1, 2, 3.5])", Decimal("6.5")),
        ("sum(1, 2)", 3),
        ("sum([])", None),
        ("sum([1, null])", None),
        ('sum(["a", "b"])', None),
        ('sum(duration("P1D"), duration("PT12H"))', timedelta(1.5)),
        ("product(2, 3, 4)", 24),
        ("product([])", None),
        ("mean(1, 2, 6)", 3),
        ("mean([])", None),
        ("median(8, 2, 5, 3, 4)", 4),
        ("median([6, 1, 2, 3])", Decimal("2.5")),
        ("median([])", None),
        ('median(["a"])', None),
        ("all([])", True),
        ("all([true, null])", None),
        ("all([false, null, true])", False),
        ("all(true, true)", True),
        ("any([])", False),
        ("any([false, null])", None),
        ("any([null, true])", True),
        ("list contains([1, null], null)", True),
        ("list contains([1, 2], 3)", False),
        ("list contains(null, 3)", None),
        ("append([1], 2, 3)", [1, 2, 3]),
        ("concatenate([1], [2, 3], 4)", [1, 2, 3, 4]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ("distinct values([1, 2, 1.0, null, null])", [1, 2, None]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ("flatten([1, [2, [3, []]]])", [1, 2, 3]),
        ("reverse([1, 2, 3])", [3, 2, 1]),
        ("sublist([1, 2, 3], 2)", [2, 3]),
        ("sublist([1, 2, 3], 1, 2)", [1, 2]),
        ("sublist([1, 2, 3], -2, 1)", [2]),
        ("sublist([1, 2, 3], 4)", None),
        ("sublist([1, 2, 3], 2, 5)", None),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("insert before([1, 3], 0, 2)", None),
        ("remove([1, 2, 3], 2)", [1, 3]),
        ("remove([1], 2)", None),
        ("date(2026, 3, 27)", date(2026, 3, 27)),
        ("date(2026, 2, 30)", None),
        ("date(2026.5, 2, 3)", None),
        ('date("2026-03-" + "27")', date(2026, 3, 27)),
        ('date("tomor" + "row")', None),
        ('date(date and time("2026-03-27T10:00:00"))', date(2026, 3, 27)),
        ("date(1)", None),
        ("time(10, 20, 30)", time(10, 20, 30)),
        ('time(10, 20, 30, duration("PT1H")).time offset', timedelta(hours=1)),
        ("time(25, 0, 0)", None),
        ('time(date and time("2026-03-27T10:00:00"))', time(10)),
        ('date and time(date("2026-03-27"), time("10:00:00"))', datetime(2026, 3, 27, 10)),  # noqa: DTZ001
        ('date and time("2026-03-27" + "T10:00:00").hour', 10),
        ("date and time(1)", None),
        ('duration("P1" + "D")', timedelta(1)),
        ('duration("x" + "y")', None),
        ('duration("P9999999999" + "D")', None),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', Months(20)),
        ('years and months duration(date("2013-08-24"), date("2011-12-22"))', Months(-20)),
        ('years and months duration("2026-01-31", "2026-02-28")', Months(0)),
        ("years and months duration(1, 2)", None),
        ('day of week(date("2026-03-27"))', "Friday"),
        ('day of week("2026-03-27T10:00:00Z")', "Friday"),
        ("day of week(1)", None),
        ('day of year(date("2026-02-01"))', 32),
        ('week of year(date("2026-01-01"))', 1),
        ('month of year(date("2026-03-27"))', "March"),
        ("not(null)", None),
        ("not(1 = 2)", True),
    ],
)
def test_functions(text: str, result: object) -> None:
    assert parse_calculation(text).evaluate() == result


def test_a_pattern_that_is_put_together_wrongly_is_told() -> None:
    with pytest.raises(Invalid, match="can't be read"):
        parse_calculation('matches("a", "(" + "a")').evaluate()


def test_every_function_is_documented_and_nothing_else_is() -> None:
    text = (Path(__file__).parents[4] / "docs" / "reference" / "decisions.md").read_text()
    listed = text.split("## Functions")[1].split("\n## ")[0]
    shown = set(re.findall(r"^\| `([a-z ]+)\(", listed, re.MULTILINE))
    assert shown == {*FUNCTIONS, "not", "is defined"}


def test_every_example_of_the_documentation_is_true() -> None:
    text = (Path(__file__).parents[4] / "docs" / "reference" / "decisions.md").read_text()
    text = text.split("\n## FEEL")[1].split("\n## What is refused")[0]
    names = {"amount": 120, "lines": [{"price": 5}, {"price": 8}], "due": "2026-03-31", "ticket": {"category": "crm"}}
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", text, re.MULTILINE)
    wrong = [(left, right) for left, right in rows if not _same(left, right, names)]
    assert len(rows) > 60
    assert wrong == []


def _same(left: str, right: str, names: dict[str, object]) -> bool:
    read = [parse_calculation(side.replace("\\|", "|")).evaluate(names, Run(NOW)) for side in (left, right)]
    return bool(read[0] == read[1]) and type(read[0]) is type(read[1])
