"""What rules that match come to, and what columns allow and answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.spiff.decisions import DecisionFailed
from tests.unit.spiff.decisions.drawing import read, refused, table


def both(hit_policy: str, outputs: list[str], column: str = "", names: dict[str, object] | None = None) -> object:
    """What a table of rules that all match answers, whose output column has `column` inside."""
    text = table([(["-"], [cell]) for cell in outputs], outputs=(("x", ""),), hit_policy=hit_policy)
    text = text.replace('typeRef=""/>', f'typeRef="">{column}</output>')
    return read(text)["routing"].decide({"category": "a", **(names or {})})


VALUES = '<outputValues id="v"><text>"high", "middle", "low"</text></outputValues>'


@pytest.mark.parametrize(
    ("hit_policy", "outputs", "answer"),
    [
        ('hitPolicy="ANY"', ["1", "1.0", "2 - 1"], 1),
        ('hitPolicy="FIRST"', ["1", "2"], 1),
        ('hitPolicy="RULE ORDER"', ["2", "1", "2"], [2, 1, 2]),
        ('hitPolicy="COLLECT"', ["2", "1", "2"], [2, 1, 2]),
        ('hitPolicy="COLLECT" aggregation="SUM"', ["2", "1.5"], 3.5),
        ('hitPolicy="COLLECT" aggregation="MIN"', ["2", "1.5"], 1.5),
        ('hitPolicy="COLLECT" aggregation="MAX"', ['"a"', '"b"'], "b"),
        ('hitPolicy="COLLECT" aggregation="COUNT"', ["null", "1", "1"], 3),
        (
            'hitPolicy="COLLECT" aggregation="SUM"',
            ['duration("P1D")', 'duration("PT12H")'],
            "P1DT12H",
        ),
    ],
)
def test_rules_that_match_come_to_what_the_hit_policy_says(hit_policy: str, outputs: list[str], answer: object) -> None:
    assert both(hit_policy, outputs) == answer


def test_priority_and_output_order_follow_the_values_of_the_column() -> None:
    cells = ['"low"', '"high"', '"middle"', "null"]
    assert both('hitPolicy="PRIORITY"', cells, VALUES) == "high"
    assert both('hitPolicy="OUTPUT ORDER"', cells, VALUES) == ["high", "middle", "low", None]
    rules = [(["-"], ['"low"', "1"]), (["-"], ['"low"', "2"]), (["-"], ['"middle"', "1"])]
    text = table(rules, outputs=(("a", ""), ("b", "")), hit_policy='hitPolicy="OUTPUT ORDER"')
    text = text.replace('name="a" typeRef=""/>', f'name="a">{VALUES}</output>')
    text = text.replace('name="b" typeRef=""/>', 'name="b"><outputValues><text>2,1</text></outputValues></output>')
    rows = read(text)["routing"].decide({"category": "x"})
    assert rows == [{"a": "middle", "b": 1}, {"a": "low", "b": 2}, {"a": "low", "b": 1}]


@pytest.mark.parametrize(
    ("hit_policy", "outputs", "words"),
    [
        ('hitPolicy="UNIQUE"', ["1", "1"], r"One rule may match, but these do: 1 \(routing_r1\), 2 \(routing_r2\)"),
        ('hitPolicy="ANY"', ["1", "2"], r"must agree, but these differ: 1 \(routing_r1\), 2 \(routing_r2\)"),
        ('hitPolicy="COLLECT" aggregation="SUM"', ["1", '"a"'], "can't be added or compared"),
        ('hitPolicy="COLLECT" aggregation="MAX"', ["1", "null"], "can't be added or compared"),
        ('hitPolicy="FIRST"', ["10 ** 19"], "more than 18 digits"),
        ('hitPolicy="FIRST"', ["10 ** 7000"], r"rule 1 \(routing_r1\): The result of '\*\*' is too large"),
    ],
)
def test_answers_that_cannot_be_had_are_told_with_their_rules(hit_policy: str, outputs: list[str], words: str) -> None:
    with pytest.raises(DecisionFailed, match=words):
        both(hit_policy, outputs)


@pytest.mark.parametrize(
    ("hit_policy", "nothing", "default"),
    [
        ("", None, 7),
        ('hitPolicy="ANY"', None, 7),
        ('hitPolicy="FIRST"', None, 7),
        ('hitPolicy="RULE ORDER"', [], [7]),
        ('hitPolicy="COLLECT"', [], [7]),
        ('hitPolicy="COLLECT" aggregation="SUM"', None, 7),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 0, 7),
    ],
)
def test_where_no_rule_matches_there_is_nothing_or_the_default(
    hit_policy: str, nothing: object, default: object
) -> None:
    text = table([(['"a"'], ["1"])], outputs=(("x", "number"),), hit_policy=hit_policy)
    assert read(text)["routing"].decide({"category": "b"}) == nothing
    text = text.replace(
        'typeRef="number"/>', 'typeRef="number"><defaultOutputEntry><text>3 + 4</text></defaultOutputEntry></output>'
    )
    assert read(text)["routing"].decide({"category": "b"}) == default
    assert read(text)["routing"].decide({"category": "a"}) in (1, [1])


def test_a_default_of_some_outputs_leaves_the_others_empty() -> None:
    text = table([(['"a"'], ["1", "2"])], outputs=(("x", "number"), ("y", "")))
    text = text.replace(
        'typeRef="number"/>', 'typeRef="number"><defaultOutputEntry><text>9</text></defaultOutputEntry></output>'
    )
    assert read(text)["routing"].decide({"category": "b"}) == {"x": 9, "y": None}


def test_values_that_a_column_does_not_list_are_told() -> None:
    allowed = '<inputValues><text>"a", "b"</text></inputValues></input>'
    decision = read(table([(["-"], ["1"])], outputs=(("x", ""),)).replace("</input>", allowed))["routing"]
    assert decision.decide({"category": "b"}) == 1
    assert decision.decide({"category": None}) == 1
    with pytest.raises(DecisionFailed, match="'c' isn't one of the values of 'In 1'"):
        decision.decide({"category": "c"})
    with pytest.raises(DecisionFailed, match=r"rule 1 \(routing_r1\): 'top' isn't one of the values of 'x'"):
        both('hitPolicy="FIRST"', ['"t" + "op"'], VALUES)
    assert both('hitPolicy="FIRST"', ['"hi" + "gh"'], VALUES) == "high"


def test_of_a_list_every_item_must_be_one_of_the_values() -> None:
    assert both('hitPolicy="FIRST"', ['["high", "low"]'], VALUES) == ["high", "low"]
    assert both('hitPolicy="FIRST"', ["[]"], VALUES) == []
    with pytest.raises(DecisionFailed, match="isn't one of the values"):
        both('hitPolicy="FIRST"', ['["high", "t" + "op"]'], VALUES)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (VALUES, "'top' isn't one of the values"),
        ("<outputValues><text>high, low</text></outputValues>", "holds the name 'high'"),
        ("<outputValues><text>for</text></outputValues>", "'for'"),
        ("<defaultOutputEntry><text>1 +</text></defaultOutputEntry>", "the end"),
        ('<outputValues expressionLanguage="juel"><text>"top"</text></outputValues>', "'juel'"),
    ],
)
def test_columns_are_checked_when_deploying(column: str, words: str) -> None:
    text = table([(["-"], ['"top"'])], outputs=(("x", ""),)).replace('typeRef=""/>', f'typeRef="">{column}</output>')
    problems = refused(text)
    assert words in f"{problems[0].problem} {problems[0].remedy}"
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("cell", "kind", "answer"),
    [
        ("amount * 1.22", "number", 122),
        ("round half up(amount / 3, 2)", "double", 33.33),
        ("amount", "integer", 100),
        ('if amount > 50 then "big" else "small"', "string", "big"),
        ("due", "date", "2026-03-31"),
        ('due + duration("P1D")', "date", "2026-04-01"),
        ("today()", "date", "2026-03-27"),
        ("now()", "dateTime", "2026-03-27T16:00:00+00:00"),
        ("due - today()", "dayTimeDuration", "P4D"),
        ('time("10:00:00")', "time", "10:00:00"),
        ('duration("P14M")', "yearMonthDuration", "P1Y2M"),
        ("amount > 3", "boolean", True),
        ("[amount, today()]", "", [100, "2026-03-27"]),
        ("ticket.company", "Any", {"name": "Rossi", "size": 2.5}),
        ("missing.deeper", "string", None),
        ("amount / 0", "number", None),
    ],
)
def test_output_cells_calculate_and_answer_in_json(cell: str, kind: str, answer: object) -> None:
    decision = read(
        table([(["-"], [cell])], ("amount", "due"), (("x", kind),)).replace(
            "<inputEntry>", "<inputEntry><text>-</text></inputEntry><inputEntry>", 1
        )
    )["routing"]
    names = {"amount": 100, "due": "2026-03-31", "ticket": {"company": {"name": "Rossi", "size": 2.5}}, "missing": None}
    assert decision.decide(names, datetime(2026, 3, 27, 16, 0, tzinfo=UTC)) == answer


def test_an_answer_of_another_type_than_its_column_is_told() -> None:
    decision = read(table([(["-"], ["category + 1"])], outputs=(("x", "integer"),)))["routing"]
    assert decision.decide({"category": 1}) == 2
    with pytest.raises(DecisionFailed, match=r"rule 1 \(routing_r1\): 1.5 isn't of the column's type, integer"):
        decision.decide({"category": 0.5})


def test_now_is_handed_in() -> None:
    decision = read(table([(["< today()"], ["now()"])], ("category",), (("x", ""),)))["routing"]
    now = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
    assert decision.decide({"category": "2026-03-26"}, now) == now.isoformat()
    with pytest.raises(DecisionFailed, match="no instant here"):
        decision.decide({"category": "2026-03-26"})
