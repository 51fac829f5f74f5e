"""What decisions may say beyond conditions: arithmetic, dates, functions, paths, filters, `if`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.domain.errors import Invalid
from engine.domain.feel import FeelError, Run, parse_calculation, parse_cell, parse_expression, parse_unary_tests
from engine.domain.feel.durations import Months

NOW = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
NAMES: dict[str, Any] = {
    "x": 5,
    "half": 0.5,
    "ok": True,
    "nothing": None,
    "name": "Anna",
    "due": "2026-03-31",
    "opened": "2026-03-27T10:00:00+00:00",
    "numbers": [3, 1, 2],
    "orders": [{"amount": 10, "kind": "a"}, {"amount": 25, "kind": "b"}, {"kind": "c"}],
    "ticket": {"category": "crm", "company": {"name": "Rossi"}, "tags": ["new", "paid"]},
}


def value(text: str) -> Any:
    return parse_calculation(text).evaluate(NAMES, Run(NOW))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("2 * 3 / 4", 1.5),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("0 - 2 ** 2", -4),
        ("--x", 5),
        ("x-1", 4),
        ("x -1", 4),
        ("-x", -5),
        ("0.1 + 0.2 = 0.3", True),
        ("half * 3", 1.5),
        ("1 / 3 * 3 = 1", False),
        ("1 / 0", None),
        ("0 ** -1", None),
        ("0 ** 0", None),
        ("(-8) ** 0.5", None),
        ("2 ** 0.5 > 1.414", True),
        ("2 ** 1000000000", None),
        ("x + nothing", None),
        ("x + missing", None),
        ("x + name", None),
        ("x + ok", None),
        ("-name", None),
        ("[1] + 1", None),
        ('"a" + "b" + name', "abAnna"),
        ('"a" - "b"', None),
        ("x + 1 > 5 and x * 2 <= 10", True),
        ("x between 2 + 2 and 2 * 3", True),
        ("x in [x - 1..x + 1]", True),
        ("x in (1, 2 + 3)", True),
        ("x // five\n + 1", 6),
        ("/* five */ x /* and one */ + 1 // six", 6),
        ('"a//b" + "/*c*/"', "a//b/*c*/"),
    ],
)
def test_arithmetic(text: str, result: object) -> None:
    assert value(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('date("2026-03-31") - date("2026-03-01")', timedelta(30)),
        ('date("2026-03-01") - date("2026-03-31")', timedelta(-30)),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('date("2024-02-29") + duration("P1Y")', date(2025, 2, 28)),
        ('date("2026-03-31") - duration("P1M")', date(2026, 2, 28)),
        ('duration("P1Y2M") + date("2026-11-30")', date(2028, 1, 30)),
        ('date("2026-03-27") + duration("P1DT23H")', date(2026, 3, 28)),
        ('date("2026-03-27") - duration("PT1H")', date(2026, 3, 26)),
        ('date and time("2026-01-31T10:00:00Z") + duration("P1M")', datetime(2026, 2, 28, 10, tzinfo=UTC)),
        ('date and time("2026-03-27T10:00:00") + duration("PT36H")', datetime(2026, 3, 28, 22)),  # noqa: DTZ001
        ('date and time("2026-03-27T10:00:00Z") - date and time("2026-03-27T10:00:00+02:00")', timedelta(hours=2)),
        ('date and time("2026-03-27T10:00:00Z") - date and time("2026-03-27T10:00:00")', None),
        ('date and time("2026-03-27T10:00:00Z") - date("2026-03-27")', timedelta(hours=10)),
        ('date("2026-03-27") + date("2026-03-27")', None),
        ('date("2026-03-27") + 1', None),
        ('time("23:00:00") + duration("PT2H")', time(1)),
        ('time("01:00:00") - duration("PT2H")', time(23)),
        ('time("10:00:00") - time("08:30:00")', timedelta(hours=1.5)),
        ('time("10:00:00Z") - time("08:30:00")', None),
        ('duration("P1D") + duration("PT12H")', timedelta(1.5)),
        ('duration("P1Y") - duration("P1M")', Months(11)),
        ('duration("P1Y") + duration("P1D")', None),
        ('duration("P1D") * 2', timedelta(2)),
        ('2 * duration("P1Y")', Months(24)),
        ('duration("P1D") / 2', timedelta(0.5)),
        ('duration("P1Y") / 0', None),
        ('duration("P1D") / duration("PT6H")', 4),
        ('duration("P1Y") / duration("P6M")', 2),
        ('-duration("P1D")', timedelta(-1)),
        ('-duration("P1M")', Months(-1)),
        ('duration("P1Y") = duration("P12M")', True),
        ('duration("P1D") = duration("PT24H")', True),
        ('duration("P1M") > duration("P1D")', None),
        ('duration("P13M") > duration("P1Y")', True),
        ('time("10:00:00") < time("10:00:01")', True),
        ("due - today()", timedelta(4)),
        ('due + duration("P1D")', date(2026, 4, 1)),
        ("now() - opened", timedelta(hours=6)),
        ('opened > now() - duration("PT7H")', True),
        ("due > today()", True),
        ('date("2026-03-27").year', 2026),
        ('date("2026-03-27").weekday', 5),
        ('date and time("2026-03-27T10:20:30.5+01:00").second', Decimal("30.5")),
        ('date and time("2026-03-27T10:20:30+01:00").time offset', timedelta(hours=1)),
        ('time("10:20:30").minute', 20),
        ('date("2026-03-27").hour', None),
        ('duration("P1DT2H").hours', 2),
        ('duration("-P1DT2H").days', -1),
        ('duration("P1Y6M").months', 6),
        ('duration("P1Y6M").days', None),
        ('@"2026-03-27"', date(2026, 3, 27)),
        ('@"2026-03-27T10:00:00Z".hour', 10),
        ('@"10:00:00"', time(10)),
        ('@"-P1D"', timedelta(-1)),
        ('@"P2M"', Months(2)),
    ],
)
def test_dates_times_and_durations(text: str, result: object) -> None:
    assert value(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('if x > 3 then "big" else "small"', "big"),
        ('if x > 9 then "big" else if x > 4 then "middle" else "small"', "middle"),
        ("if nothing then 1 else 2", 2),
        ('if "true" then 1 else 2', 2),
        ("1 + (if ok then 1 else 2)", 2),
        ("ticket.company.name", "Rossi"),
        ("ticket.company.missing", None),
        ("name.length", None),
        ("nothing.deeper", None),
        ("orders.kind", ["a", "b", "c"]),
        ("orders.amount", [10, 25, None]),
        ("sum(orders[amount > 0].amount)", 35),
        ("orders[1].kind", "a"),
        ("orders[-1].kind", "c"),
        ("orders[4]", None),
        ("orders[0]", None),
        ("orders[1.5]", None),
        ('orders[kind = "b"].amount', [25]),
        ('orders[kind = "b" and amount > x][1].amount', 25),
        ("orders[item.amount = null].kind", ["c"]),
        ("numbers[item >= 2]", [3, 2]),
        ("numbers[x > 4]", [3, 1, 2]),
        ("numbers[nothing]", []),
        ("numbers[2]", 1),
        ("numbers[x - 4]", 3),
        ("[1, 2, 3][item > 1][2]", 3),
        ("name[1]", "Anna"),
        ("name[2]", None),
        ('name[item = "Anna"]', ["Anna"]),
        ("nothing[1]", None),
        ("ticket.tags[1]", "new"),
        ("(ticket.company).name", "Rossi"),
        ("[numbers, 1] = [[3, 1, 2], 1]", True),
        ("numbers = [1, 2]", False),
        ("ticket.company = ticket.company", True),
        ("ticket = ticket.company", False),
        ("[1, nothing] = [1, null]", True),
    ],
)
def test_choices_paths_and_filters(text: str, result: object) -> None:
    assert value(text) == result


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("> limit * 2", [15], [14, None]),
        ("[limit - 1..limit + 1]", [6, 8], [5, 9]),
        ("limit + 1, limit + 2", [8, 9], [7]),
        ("]limit - 1..limit + 1[", [7], [6, 8]),
        ("-limit", [-7], [7]),
        ("not(limit, limit + 1)", [9], [7, 8]),
        ('contains(?, "a")', ["cat"], ["dog", None]),
        ('starts with(?, "c") and string length(?) > 2', ["cat"], ["co", "dog"]),
        ("? * 2 > limit", [4], [3]),
        ("modulo(?, 2) = 0", [4], [3]),
        ("count(?) > 1", [[1, 2]], [[1], None]),
        ('list contains(?, "a")', [["a", "b"]], [["b"]]),
        ("even(?)", [2], [3, "a"]),
        ("if ? > 5 then true else false", [6], [5]),
        ('if limit > 5 then "big" else "small"', ["big"], ["small"]),
        ("max(limit, 9)", [9], [7]),
        ("all([true, false])", [False], [True]),
        ('< today() + duration("P1D")', ["2026-03-27", date(2026, 3, 27)], ["2026-03-28", "x"]),
        ('date("2026-03-27") + duration("P1D")', ["2026-03-28"], ["2026-03-27"]),
        ("limit between 5 and ?", [8], [6]),
        ('> duration("P1D")', ["P2D", timedelta(2)], ["PT2H", "x", 5]),
        ('[time("08:00:00")..time("12:00:00")]', [time(9), "11:00:00"], ["13:00:00"]),
        ("allowed[item > 1]", [2, 3], [1]),
        ("allowed[item >= ?]", [1, 2, 3], [4, 0]),
        ("list contains(allowed, 3)", ["a", 5, None, True], [False]),
        ("list contains(allowed, 4)", [False], ["a", 5, None, True]),
        ("all([?, true])", [True], [False]),
        ("123456789012345678901234567890123456789 + 0", [Decimal("1234567890123456789012345678901235E+5")], [1]),
        ("-123456789012345678901234567890123456789", [Decimal("-123456789012345678901234567890123456789")], [1]),
    ],
)
def test_cells_calculate(cell: str, yes: list[object], no: list[object]) -> None:
    names, tests = {"limit": 7, "allowed": [1, 2, 3]}, parse_cell(cell)
    assert [one for one in yes if not tests.matches(one, names, Run(NOW))] == []
    assert [one for one in no if tests.matches(one, names, Run(NOW))] == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("for i in numbers return i", "'for' isn't supported here. Use the path or the filter"),
        ("some i in numbers satisfies i > 1", "'some' isn't supported here. Write count(list[condition]) > 0."),
        ("every i in numbers satisfies i > 1", "'every' isn't supported here. Write count(list[not(condition)]) = 0."),
        ("function(a) a + 1", "'function' isn't supported"),
        ("x instance of number", "'instance of' isn't supported here. Compare with a value, or with null."),
        ("{a: 1}", "records can't be written here"),
        ('substring(string: "a", start position: 1)', "in their order, without names"),
        ("get entries(ticket)", "The function 'get entries' isn't known"),
        ("sort(numbers)", "The function 'sort' isn't known"),
        ("__import__(1)", "The function '__import__' isn't known"),
        ("substring()", "'substring' can't be asked with 0 values"),
        ("now(1)", "'now' can't be asked with 1 values"),
        ("abs(1, 2)", "'abs' can't be asked with 2 values"),
        ("x % 2", "modulo(a, b)"),
        ("x ^ 2", "Write **"),
        ("x ** ", "the end"),
        ("x +", "the end"),
        ("* x", "A value was expected"),
        ("x /* y", "A value was expected"),
        ("if x then y", "if x > 1 then"),
        ("if x else y", "if x > 1 then"),
        ("numbers[", "'[' was not expected"),
        ("numbers[1", "Close the bracket"),
        ("orders.", "after the dot"),
        ("@5", 'Write @"2026-03-27".'),
        ('@"tomorrow"', "isn't a date"),
        ('date("2026-02-30")', "isn't a date"),
        ('time("25:00:00")', "16:00:00"),
        ('duration("1 day")', "isn't a duration"),
        ('duration("P1Y1D")', "isn't a duration"),
        ('matches(name, "(")', "isn't a pattern"),
        ('matches(name, "(?=a)")', "without looking ahead"),
        ("[1..5] + 1", "An interval can't stand here"),
        ("? + 1", "name of the variable"),
        ("x = = 1", "'=='"),
        ("(" * 33 + "x" + ")" * 33, "nested"),
        ("numbers" + "[1]" * 40, "nested"),
        ("abs(" * 40 + "1" + ")" * 40, "nested"),
        ("if x then " * 40 + "1", "nested"),
    ],
)
def test_what_is_not_run_is_refused_by_name(text: str, hint: str) -> None:
    with pytest.raises(FeelError) as refused:
        parse_calculation(text)
    assert hint in str(refused.value)
    assert refused.value.problem.endswith(".") and refused.value.remedy.endswith(".")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x + 1 = 2", "no arithmetic is done here"),
        ("x * 2 > 1", "no arithmetic is done here"),
        ("x - 1 = 2", "was not expected here"),
        ("-x = 2", "a minus stands before numbers only"),
        ("count(x) = 2", "The function 'count' isn't known here"),
        ("string length(x) = 2", "'length' was not expected"),
        ("now() > x", "The function 'now' isn't known here"),
        ("if x then y else z", "'if' was not expected here"),
        ("orders[1] = 2", "was not expected here"),
        ('@"2026-01-01" = x', "can't be read"),
        ("x = 1 // one", "no arithmetic is done here"),
        ("x % 2 = 1", "Write texts as"),
        ("{a: 1} = x", "Write texts as"),
        ('duration("P1D") = x', "The function 'duration' isn't known here"),
    ],
)
def test_conditions_of_forms_and_policies_say_none_of_it(text: str, hint: str) -> None:
    for read in (parse_expression, parse_unary_tests):
        with pytest.raises(FeelError) as refused:
            read(text)
        assert hint in str(refused.value)


def test_names_that_items_have_or_that_are_asked_for_need_no_value() -> None:
    read = parse_calculation("if is defined(extra) then extra else sum(orders[amount > 3 and kind = own].amount)")
    assert read.names == {"orders"}
    assert value("is defined(x)") is True
    assert value("is defined(nothing)") is True
    assert value("is defined(ticket.company.name)") is True
    assert value("is defined(ticket.other.name)") is False


def test_without_an_instant_there_is_no_today() -> None:
    for text in ("now()", "today()"):
        with pytest.raises(Invalid, match="no instant here"):
            parse_calculation(text).evaluate()


def test_an_hour_is_an_hour_when_the_clocks_change() -> None:
    before = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Rome"))
    run = Run(before)
    later = parse_calculation('now() + duration("PT1H")').evaluate({}, run)
    assert later.astimezone(UTC) == before.astimezone(UTC) + timedelta(hours=1)
    names = {"a": before, "b": datetime(2026, 3, 29, 3, 30, tzinfo=ZoneInfo("Europe/Rome"))}
    assert parse_calculation("b - a").evaluate(names) == timedelta(hours=1)


def test_the_instant_is_the_one_that_is_handed_in() -> None:
    assert value("now()") == NOW
    assert value("today()") == date(2026, 3, 27)
