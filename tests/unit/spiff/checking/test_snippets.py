"""What the check of a package tells of expressions and scripts: names that nothing sets, functions, parts, types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.spiff.expressions import Sandbox, Snippet, typing
from engine.spiff.expressions.workers import Workers


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One pool of workers for all."""
    pool = Sandbox()
    yield pool
    pool.close()


def seen(text: str, kind: Any = "expression", **names: str) -> Snippet:
    """A text that sees these names and no others, and a ticket with a text and a number."""
    return Snippet(text, kind, names, others=False, fields={"category": "str", "amount": "int"})


SOUND = [
    Snippet("whatever + 1 == len(ticket.x)"),
    Snippet("whatever = whatever + 1", "script"),
    Snippet("sum > 3 and list(map(str, x))"),
    seen("x == 1 and ticket.category == 'crm'", x="Any"),
    seen("[len(i) for i in x]", x="Any"),
    seen("type == 'a' and sum > 3", type="str", sum="int"),
    seen("y = 1\nfor i in x:\n    y = y + i\nif y:\n    z = y", "script", x="Any"),
    seen("import math\nx = math.floor(x)", "script", x="Any"),
    seen("amount > 3 and amount is not None and amount != ''", amount="int"),
    seen("(amount or 0) + 1", amount="int"),
    seen("(name or 0) + 1", name="str"),
    seen("x['y']['z'] + 1", x="Any"),
    seen("now.hour > 3 and now.date().isoformat() > '2026'"),
    seen("try:\n    y = int(x)\nexcept (ValueError, TypeError):\n    y = 0", "script", x="Any"),
    seen("s = '''a\nb'''", "script"),
    seen("(lambda f: f(3))(str)"),
    seen("[f(3) for f in [str]]"),
    # what a value is may change on the way
    seen("name = int(name)\nname = name + 1", "script", name="str"),
    seen("best = None\nfor i in x:\n    best = i if best is None else best + i\nbest = best + 1", "script", x="Any"),
    seen("if x:\n    y = 1\nelse:\n    y = 'a'\nz = y + 1", "script", x="Any"),
    seen("r = {'a': {'b': 1}}\nr['a']['c'] = 'x'\ns = r['a']['c'] + 'y'", "script"),
    seen("r = [0] * 3\nr[0] = 'x'\ns = r[0] + 'y'", "script"),
    seen("r = {k: 0 for k in x}\nr['a'] = 'x'\nfor v in r.values():\n    v + 'y'", "script", x="Any"),
    seen("import re\nm = re.match('a', name)\nt = m.group(0)", "script", name="str"),
    seen("def f(a: int, b: list[int] = None) -> str:\n    return a\nt = f('x', 'y')", "script"),
    seen("try:\n    n = n + 1\nexcept NameError:\n    n = 0", "script"),
    seen("for i in x:\n    n = i if n is None else n", "script", x="Any", n="Any"),
]
WRONG = [
    (seen("x ==", x="Any"), "valid expression"),
    (seen("x == yes", x="Any"), "Nothing sets 'yes'."),
    (seen("x == true", x="Any"), "Write True"),
    (Snippet("x == true"), "Write True"),
    (seen("amuont > 3", amount="int"), "Did you mean 'amount'?"),
    (seen("tikcet.category == 'a'"), "Did you mean 'ticket'?"),
    (Snippet("amuont > 3", names={"amount": "int"}), "Nothing in the package sets 'amuont'. Did you mean 'amount'?"),
    (seen("lenght(x)", x="Any"), "There is no function 'lenght'."),
    (Snippet("sums(x)"), "There is no function 'sums'. Did you mean 'sum'?"),
    (Snippet("callable(x)"), "no function 'callable'"),
    (Snippet("deadline('check')"), "stands by itself in a timer"),
    (Snippet("completed_by"), "in set.<field> alone"),
    (seen("ticket.colour == 1"), "no field 'colour'"),
    (seen("ticket['colour'] == 1"), "no field 'colour'"),
    (seen("ticket.categroy"), "Did you mean 'category'?"),
    (Snippet("answer.amount > 3"), 'written ["amount"]'),
    (seen("x = y", "script", x="Any"), "Nothing sets 'y'."),
    (seen("count = count + 1", "script"), "It reads 'count' before anything sets it."),
    (seen("name + 1", name="str"), "'+' doesn't go between a text and a number."),
    (seen("ticket.amount + 'a'"), "'+' doesn't go between a number and a text."),
    (seen("ticket.category < 3"), "'<' doesn't go between a text and a number."),
    (seen("'a' in amount", amount="int"), "'in' doesn't go between a text and a number."),
    (seen("now > ticket.category"), "'>' doesn't go between an instant and a text."),
    (seen("-name", name="str"), "'-' doesn't go before a text."),
    (seen("amount(3)", amount="int"), "It calls a number as if it were a function."),
    (seen("amount[0]", amount="int"), "out of a number"),
    (seen("items['a']", items="list[Any]"), "out of a list with a text"),
    (seen("[i for i in amount]", amount="int"), "It goes through a number"),
    (seen("name.append(1)", name="str"), "no '.append' on a text"),
    (Snippet("len(3)"), "'len' doesn't take a number."),
    (Snippet("len([], [])"), "'len' is given too many values."),
    (Snippet("len()"), "'len' is given too few values."),
    (Snippet("now.colour"), "'.colour'"),
    (Snippet("now.append(3)"), "no '.append' on an instant"),
    (Snippet("import math\nx = math.findall('a')", "script"), "The module 'math' has no 'findall'."),
    (Snippet("from math import findall", "script"), "The module 'math' has no 'findall'."),
    (seen("name = name + 1", "script", name="str"), "between a text and a number"),
    (Snippet("import os", "script"), "'os'"),
    (Snippet("try:\n    y = 1\nexcept* ValueError:\n    y = 2", "script"), "can't be used here"),
]


def test_checks_tell_everything_in_one_batch(sandbox: Sandbox) -> None:
    found = sandbox.check([*SOUND, *(snippet for snippet, _ in WRONG)])
    assert found[: len(SOUND)] == [[]] * len(SOUND)
    for (snippet, words), wrong in zip(WRONG, found[len(SOUND) :], strict=True):
        assert any(words in f"{one.problem} {one.remedy}" for one in wrong), snippet


def test_all_that_is_wrong_with_a_text_is_told_at_once(sandbox: Sandbox) -> None:
    (found,) = sandbox.check([seen("piars > 1 and colour == 2 and ticket.colour and name < 3 and -name", name="str")])
    assert [wrong.problem for wrong in found] == [
        "Nothing sets 'colour'.",
        "Nothing sets 'piars'.",
        "A ticket has no field 'colour'.",
        "'<' doesn't go between a text and a number.",
        "'-' doesn't go before a text.",
    ]


@pytest.mark.parametrize(
    ("snippet", "problem"),
    [
        (seen("x.a", x="dict[str, Any]"), "No value has a '.a' here. What a record holds is written [\"a\"]."),
        (
            Snippet("import math\nx = math.flor(2)", "script"),
            "No value has a '.flor' here. What a record holds is written [\"flor\"].",
        ),
        (seen("name.append(1)", name="str"), "There is no '.append' on a text."),
    ],
)
def test_what_is_missing_behind_a_dot_is_told_once(sandbox: Sandbox, snippet: Snippet, problem: str) -> None:
    (found,) = sandbox.check([snippet])
    assert [wrong.problem for wrong in found] == [problem]


def test_a_name_that_something_unknown_may_bring_is_only_doubted(sandbox: Sandbox) -> None:
    found = sandbox.check(
        [
            Snippet("amuont > 3", names={"amount": "int"}),
            Snippet("other > 3", names={"amount": "int"}),
            seen("amuont > 3", amount="int"),
        ]
    )
    assert [[wrong.verdict for wrong in one] for one in found] == [["doubtful"], [], ["impossible"]]


def test_many_checks_take_one_crossing(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    crossings = []
    check = Workers.check

    def counted(self: Workers, code: str, *, types: bool) -> None:
        crossings.append(types)
        check(self, code, types=types)

    monkeypatch.setattr(Workers, "check", counted)
    assert sandbox.check([seen(f"x > {i} and ticket.category == '{i}'", x="Any") for i in range(300)]) == [[]] * 300
    assert crossings.count(True) == 1
    assert len(crossings) <= 2


def test_what_is_wrong_is_found_where_there_is_too_much_for_one_batch(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing, "MAX_BATCH", 5_000)
    many = [seen(f"x > {i} and ticket.category == '{i}'", x="Any") for i in range(300)]
    unreadable = Snippet("try:\n    y = 1\nexcept* ValueError:\n    y = 2", "script")
    found = sandbox.check([*many, seen("ticket.amount + 'a'"), unreadable])
    assert found[:-2] == [[]] * len(many)
    assert [one.verdict for wrong in found[-2:] for one in wrong] == ["impossible", "unreadable"]


@pytest.mark.parametrize("text", ["sorted(names, key=str.lower)", "list(map(str.upper, names))", "int.bit_length(5)"])
def test_what_only_values_have_is_not_asked_of_their_types(sandbox: Sandbox, text: str) -> None:
    (wrong,) = sandbox.check([Snippet(text, names={"names": "list[str]"}, others=False)])
    assert any("lambda value: value." in one.remedy for one in wrong)


def test_a_variable_may_be_called_as_a_type_is(sandbox: Sandbox) -> None:
    assert sandbox.check([Snippet("list.count", names={"list": "Any"}, others=False)]) == [[]]
