"""Laws that hold for whatever values there are: three truths, exact numbers, dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.feel import parse_calculation
from engine.domain.feel.durations import Months, duration_text, months_later, parse_duration

TRUTHS = st.sampled_from([True, False, None])
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
DATES = st.dates(min_value=date(1000, 1, 1), max_value=date(9000, 12, 31))
ANYTHING = st.one_of(TRUTHS, NUMBERS, st.text(max_size=5), DATES, st.lists(NUMBERS, max_size=3))


def value(text: str, **names: Any) -> Any:
    return parse_calculation(text).evaluate(names)


@given(TRUTHS, TRUTHS, TRUTHS)
def test_three_truths_keep_de_morgans_laws_and_distribute(a: Any, b: Any, c: Any) -> None:
    assert value("not(a and b)", a=a, b=b) == value("not(a) or not(b)", a=a, b=b)
    assert value("not(a or b)", a=a, b=b) == value("not(a) and not(b)", a=a, b=b)
    assert value("a and b", a=a, b=b) == value("b and a", a=a, b=b)
    assert value("a and (b or c)", a=a, b=b, c=c) == value("a and b or a and c", a=a, b=b, c=c)
    assert value("not(not(a))", a=a) == a
    assert value("all([a, b, c])", a=a, b=b, c=c) == value("a and b and c", a=a, b=b, c=c)
    assert value("any([a, b, c])", a=a, b=b, c=c) == value("a or b or c", a=a, b=b, c=c)


@given(ANYTHING, ANYTHING)
def test_comparing_is_true_false_or_null_and_turned_round_the_same(a: Any, b: Any) -> None:
    for operator, turned in (("=", "="), ("!=", "!="), ("<", ">"), ("<=", ">=")):
        found = value(f"a {operator} b", a=a, b=b)
        assert found in (True, False, None)
        assert found == value(f"b {turned} a", a=a, b=b)
    less, same = value("a < b", a=a, b=b), value("a = b", a=a, b=b)
    assert value("a <= b", a=a, b=b) == (None if less is None else less or same)


@given(ANYTHING)
def test_null_goes_through_arithmetic(a: Any) -> None:
    for operator in ("+", "-", "*", "/", "**"):
        assert value(f"a {operator} null", a=a) is None
        assert value(f"null {operator} a", a=a) is None


@given(NUMBERS, NUMBERS, NUMBERS)
def test_numbers_are_exact(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert value("a + b - b", a=a, b=b) == a
    assert value("a * (b + c)", a=a, b=b, c=c) == value("a * b + a * c", a=a, b=b, c=c)
    assert value("-a", a=a) == -a
    assert value("floor(a) <= a and a <= ceiling(a)", a=a) is True
    if b:
        assert value("a - b * floor(a / b) = modulo(a, b)", a=a, b=b) in (True, False)
        assert 0 <= abs(value("modulo(a, b)", a=a, b=b)) < abs(b)


@given(DATES, DATES)
def test_from_one_date_to_another_leads_there(a: date, b: date) -> None:
    assert value("a + (b - a)", a=a, b=b) == b
    assert value("b - (b - a)", a=a.isoformat(), b=b) == a


@given(DATES, st.integers(-1200, 1200))
def test_months_end_where_the_month_ends(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(1)).day == 1


@given(st.timedeltas(min_value=timedelta(-900_000_000), max_value=timedelta(900_000_000)))
def test_durations_are_read_as_they_are_written(length: timedelta) -> None:
    assert parse_duration(duration_text(length)) == length


@given(st.integers(-(10**8), 10**8))
def test_months_are_read_as_they_are_written(count: int) -> None:
    assert parse_duration(duration_text(Months(count))) == Months(count)


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_lists_keep_their_items(items: list[Decimal]) -> None:
    assert value("reverse(reverse(l))", l=items) == items
    assert value("concatenate(sublist(l, 1, 1), remove(l, 1))", l=items) == items
    assert value("sum(l) / count(l) = mean(l)", l=items) is True
    assert value("min(l) <= median(l) and median(l) <= max(l)", l=items) is True
    assert value("count(l[item > l[1]]) + count(l[item <= l[1]]) = count(l)", l=items) in (True, False)
    assert value("l[-1]", l=items) == items[-1]
