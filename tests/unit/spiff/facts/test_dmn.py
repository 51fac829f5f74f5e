"""Decision tables: cells are FEEL, hit policies mean what DMN says."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import StepFailed
from engine.spiff.decisions import read_decisions
from tests.unit.spiff.drawing import (
    Play,
    node,
    path,
    process,
)

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(cell: str, policy: str = 'hitPolicy="FIRST"', more: str = "", inside: str = "", out: str = "") -> bytes:
    """A table with one input `x`, and an output `hit` that is true where the cell matches."""
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="n"><decision id="t" name="t">'
        f'<decisionTable id="tt" {policy}><input id="i"><inputExpression id="ie"><text>x</text></inputExpression>'
        f'{inside}</input><output id="o" name="hit">{out}</output>'
        f'<rule id="r1"><inputEntry id="c"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="oe"><text>true</text></outputEntry></rule>{more}</decisionTable></decision></definitions>'
    ).encode()


@pytest.mark.parametrize("attributes", ['hitPolicy="FRIST"', 'hitPolicy="COLLECT" aggregation="MEDIAN"'])
def test_hit_policies_and_aggregations_that_are_misspelt_are_refused(attributes: str) -> None:
    problems = read_decisions("t.dmn", table("-", attributes))[1]
    assert [p.element for p in problems] == ["tt"]


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        ('hitPolicy="ANY"', 3),
        ('hitPolicy="PRIORITY"', 3),
        ('hitPolicy="RULE ORDER"', [3, 3]),
        ('hitPolicy="OUTPUT ORDER"', [3, 3]),
        ('hitPolicy="COLLECT"', [3, 3]),
        ('hitPolicy="COLLECT" aggregation="SUM"', 6),
        ('hitPolicy="COLLECT" aggregation="MIN"', 3),
        ('hitPolicy="COLLECT" aggregation="MAX"', 3),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 2),
    ],
)
def test_hit_policies_and_aggregations_mean_what_dmn_says(policy: str, answer: object) -> None:
    twice = '<rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>3</text></outputEntry></rule>'
    values = "<outputValues><text>3, 4</text></outputValues>"
    content = table("-", policy, twice, out=values).replace(b"<text>true</text>", b"<text>3</text>")
    decisions, problems = read_decisions("t.dmn", content)
    assert problems == []
    assert decisions["t"].decide({"x": 1}) == answer


def test_unique_is_checked() -> None:
    twice = '<rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>false</text></outputEntry></rule>'
    decisions, problems = read_decisions("t.dmn", table("-", "", twice))
    assert problems == []
    with pytest.raises(Exception, match=r"r1.*r2"):
        decisions["t"].decide({"x": 1})


def test_allowed_values_are_checked() -> None:
    decisions, problems = read_decisions("t.dmn", table("-", inside="<inputValues><text>1,2</text></inputValues>"))
    assert problems == []
    assert decisions["t"].decide({"x": 2}) is True
    with pytest.raises(Exception, match="3 isn't one of the values"):
        decisions["t"].decide({"x": 3})


def test_defaults_are_answered_where_no_rule_matches() -> None:
    default = "<defaultOutputEntry><text>false</text></defaultOutputEntry>"
    decisions, problems = read_decisions("t.dmn", table("1", out=default))
    assert problems == []
    assert [decisions["t"].decide({"x": x}) for x in (1, 2)] == [True, False]


@pytest.mark.parametrize(
    ("cell", "hits", "misses"),
    [
        ("1,2,3", [1, 3], [4, None]),
        ('"a","b"', ["a", "b"], ["c", None]),
        ('not("b")', ["a"], ["b"]),
        ("[1..5]", [1, 5], [0, 6]),
        ("]1..5[", [2], [1, 5]),
        ("&lt; 5", [4], [5, None]),
        ("true", [True], [False, None]),
        ("null", [None], [1]),
        ('date("2026-03-27")', ["2026-03-27"], ["2026-03-28"]),
        ("-", [1, "a", None], []),
    ],
)
def test_feel_unary_tests_mean_what_dmn_says(cell: str, hits: list[Any], misses: list[Any]) -> None:
    decisions, problems = read_decisions("t.dmn", table(cell))
    assert problems == []
    assert [decisions["t"].decide({"x": x}) for x in hits] == [True] * len(hits)
    assert [decisions["t"].decide({"x": x}) for x in misses] == [None] * len(misses)


@pytest.mark.parametrize("cell", ["? > 2 and ? &lt;", "x +", "[1,2,3", "__import__('os')"])
def test_cells_that_are_not_run_are_refused(cell: str) -> None:
    assert read_decisions("t.dmn", table(cell))[1]


@pytest.mark.parametrize("code", ["().__class__", "__import__('os')", "eval('1')", "x if y", "lambda: 1"])
def test_inputs_and_formulas_that_are_no_feel_are_refused(code: str) -> None:
    literal = f'<decision id="l"><literalExpression><text>{code}</text></literalExpression></decision>'
    for content in (
        table("-").replace(b"<text>x</text>", f"<text>{code}</text>".encode()),
        f'<definitions xmlns="{DMN}">{literal}</definitions>'.encode(),
    ):
        assert read_decisions("t.dmn", content)[1]


def test_literal_expressions_are_evaluated() -> None:
    literal = '<decision id="l"><literalExpression><text>x + 1</text></literalExpression></decision>'
    decisions, problems = read_decisions("t.dmn", f'<definitions xmlns="{DMN}">{literal}</definitions>'.encode())
    assert problems == []
    assert decisions["l"].decide({"x": 1}) == 2


def test_missing_ids_are_refused_by_name() -> None:
    anonymous = f'<definitions xmlns="{DMN}"><decision><decisionTable/></decision></definitions>'
    assert "id" in read_decisions("t.dmn", anonymous.encode())[1][0].problem


def test_another_prefix_and_several_decisions_in_a_file_are_read() -> None:
    text = table("-").decode().replace("<", "<q:").replace("<q:/", "</q:").replace("xmlns=", "xmlns:q=")
    second = text[text.index("<q:decision ") : text.index("</q:definitions>")]
    for name in ("tt", "i", "ie", "o", "r1", "c", "oe", "t"):
        second = second.replace(f'id="{name}"', f'id="{name}2"')
    decisions, problems = read_decisions(
        "t.dmn", text.replace("</q:definitions>", second + "</q:definitions>").encode()
    )
    assert problems == []
    assert set(decisions) == {"t", "t2"}


def test_a_business_rule_task_reads_the_instant_of_the_step_in_the_zone_of_the_package() -> None:
    play = deciding("<literalExpression><text>now()</text></literalExpression>")
    assert play.of("variables_changed")[-1].variables == {"t": "2026-03-27T16:00:00+01:00"}


def test_a_record_that_a_single_output_answers_stays_one_value() -> None:
    play = deciding("<literalExpression><text>order</text></literalExpression>", order={"t": 1, "other": 2})
    assert play.of("variables_changed")[-1].variables == {"t": {"t": 1, "other": 2}}


def test_rules_that_contradict_one_another_stop_the_step_and_are_named() -> None:
    twice = '<rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>'
    decisions, _ = read_decisions("t.dmn", table("-", "", twice))
    with pytest.raises(StepFailed, match=r"1 \(r1\), 2 \(r2\)") as failed:
        Play(process(RULE, path("s", "a", "e")), variables={"x": 1}, decisions=decisions)
    assert failed.value.element == "a"


RULE = node("businessRuleTask", "a", camunda__decisionRef="t")


def deciding(logic: str, **variables: Any) -> Play:
    """An instance whose only task asks a decision `t`."""
    content = f'<definitions xmlns="{DMN}"><decision id="t">{logic}</decision></definitions>'
    decisions, problems = read_decisions("t.dmn", content.encode())
    assert problems == []
    return Play(process(RULE, path("s", "a", "e")), variables=variables, decisions=decisions)
