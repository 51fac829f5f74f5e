"""Decisions that need others, and those that are a formula."""

from __future__ import annotations

import pytest

from engine.spiff.decisions import DecisionFailed, read_decisions
from tests.unit.spiff.decisions.drawing import CRM, literal, model, needs, read, table


def test_a_literal_expression_answers_under_its_variable() -> None:
    variable = '<variable id="v" name="total" typeRef="number"/>'
    decision = read(literal("net * 1.22", variable=variable))["vat"]
    assert decision.decide({"net": 50}) == 61
    assert [output.name for output in decision.outputs] == ["total"]
    assert decision.names == {"net"}
    assert [output.name for output in read(literal("1"))["vat"].outputs] == ["vat"]
    with pytest.raises(DecisionFailed, match="type"):
        read(literal("net", variable=variable))["vat"].decide({"net": "a"})


def test_required_decisions_are_made_first_and_seen_by_id_name_and_variable() -> None:
    decisions = read(
        table(CRM, ("category",), (("department", "string"),), key="route"),
        literal("amount * 2", "double", '<variable name="twice"/>', name="Doubled"),
        literal("double + twice + Doubled", "six", inside=needs("double")),
        literal('if route = "crm" then six else 0', "price", inside=needs("six", "route")),
        table(
            [(["> 5", '"crm"'], ["price"]), (["-", "-"], ["0"])],
            ("price", "route"),
            (("x", "number"),),
            key="last",
            inside=needs("price", "route"),
        ),
    )
    assert decisions["last"].decide({"amount": 2, "category": "quote"}) == 12
    assert decisions["last"].decide({"amount": 2, "category": "bug_site"}) == 0
    assert [one.id for one in decisions["last"].required] == ["double", "six", "route", "price"]
    with pytest.raises(DecisionFailed, match="'Doubled' asks for 'amount'"):
        decisions["last"].decide({"category": "quote"})


def test_outputs_of_a_required_decision_stand_behind_a_dot() -> None:
    both_outputs = table([(["-"], ['"crm"', "5"])], outputs=(("department", ""), ("days", "")), key="route")
    decisions = read(both_outputs, literal("route.department + string(route.days)", "text", inside=needs("route")))
    assert decisions["text"].decide({"category": "a"}) == "crm5"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((literal("a", "a", inside=needs("a")),), "needs its own answer: a, a."),
        (
            (literal("b", "a", inside=needs("b")), literal("a", "b", inside=needs("a"))),
            "needs its own answer: a, b, a.",
        ),
        ((literal("b", "a", inside=needs("b")),), "'#b', which isn't in this file"),
        ((literal("1", "a", inside=needs("x").replace("#x", "other.dmn#x")),), "'other.dmn#x', which isn't"),
        (tuple(literal("1", f"d{n}", inside=needs(f"d{n + 1}")) for n in range(150)), "more than 100 others"),
    ],
)
def test_decisions_that_cannot_be_ordered_are_refused(parts: tuple[str, ...], words: str) -> None:
    decisions, problems = read_decisions("x.dmn", model(*parts))
    assert words in problems[0].problem or any(words in problem.problem for problem in problems)
    assert "a" not in decisions and "d0" not in decisions


def test_a_decision_that_needs_one_that_is_not_sound_is_not_there() -> None:
    decisions, problems = read_decisions(
        "x.dmn", model(literal("1 +", "bad"), literal("bad", "a", inside=needs("bad")))
    )
    assert decisions == {}
    assert len(problems) == 1
