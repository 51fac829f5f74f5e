"""Decision tables: read as modelers write them, decided as DMN says, refused by name where they can't be run."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest

from engine.domain.errors import Problem, Refused
from engine.spiff.decisions import Decision, DecisionFailed, policy_from_decision, read_decisions

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(
    rules: list[tuple[list[str], list[str]]],
    inputs: tuple[str, ...] = ("category",),
    outputs: tuple[tuple[str, str], ...] = (("department", "string"),),
    hit_policy: str = 'hitPolicy="FIRST"',
    key: str = "routing",
    inside: str = "",
) -> str:
    columns = "".join(
        f'<input id="{key}_in{n}" label="In {n}"><inputExpression id="{key}_ie{n}" typeRef="string">'
        f"<text>{escape(text)}</text></inputExpression></input>"
        for n, text in enumerate(inputs, 1)
    ) + "".join(
        f'<output id="{key}_out{n}" name="{name}" typeRef="{kind}"/>' for n, (name, kind) in enumerate(outputs, 1)
    )
    rows = "".join(
        f'\n<rule id="{key}_r{n}"><description>why</description>'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in asked)
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in given)
        + "</rule>"
        for n, (asked, given) in enumerate(rules, 1)
    )
    return (
        f'<decision id="{key}" name="Routing"><decisionTable id="{key}_t" {hit_policy}>{columns}{rows}'
        f"</decisionTable>{inside}</decision>"
    )


def model(*parts: str, namespace: str = DMN_13) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{namespace}" '
        'xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:camunda="http://camunda.org/schema/1.0/dmn" '
        'xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" id="d" name="DRD" namespace="http://camunda.org/schema/1.0/dmn">'
        f"{''.join(parts)}<dmndi:DMNDI/></definitions>"
    ).encode()


def read(*parts: str) -> dict[str, Decision]:
    decisions, problems = read_decisions("routing.dmn", model(*parts))
    assert problems == []
    return decisions


def refused(*parts: str) -> list[Problem]:
    return read_decisions("routing.dmn", model(*parts))[1]


CRM = [(['"bug_crm","quote"'], ['"crm"']), (['"bug_site"'], ['"site"']), (["-"], ['"pm"'])]


@pytest.mark.parametrize(
    ("category", "department"), [("quote", "crm"), ("bug_site", "site"), ("x", "pm"), (None, "pm")]
)
def test_the_first_rule_that_matches_counts(category: str | None, department: str) -> None:
    decision = read(table(CRM))["routing"]
    assert decision.decide({"category": category}) == department
    assert decision.names == {"category"}


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        DMN_13,
    ],
)
def test_all_versions_that_modelers_write_are_read(namespace: str) -> None:
    decisions, problems = read_decisions("x.dmn", model(table(CRM), namespace=namespace))
    assert problems == []
    assert decisions["routing"].decide({"category": "quote"}) == "crm"


def test_a_prefix_changes_nothing() -> None:
    content = model(table(CRM)).decode().replace("xmlns=", "xmlns:dmn=")
    content = content.replace("<", "<dmn:").replace("<dmn:/", "</dmn:").replace("<dmn:?", "<?")
    decisions, problems = read_decisions("x.dmn", content.replace("<dmn:dmndi:", "<dmndi:").encode())
    assert problems == []
    assert set(decisions) == {"routing"}


def test_a_unique_table_says_which_rules_contradict_one_another() -> None:
    rules = [(["< 5"], ["1"]), (["[4..9]"], ["2"])]
    decision = read(table(rules, ("ticket.amount",), (("days", "number"),), ""))["routing"]
    assert decision.decide({"ticket": {"amount": 3}}) == 1
    assert decision.decide({"ticket": {"amount": 9.5}}) is None
    with pytest.raises(DecisionFailed, match=r"1 \(routing_r1\), 2 \(routing_r2\)"):
        decision.decide({"ticket": {"amount": 4.5}})


def test_collect_gives_a_list_and_several_outputs_a_record() -> None:
    rules = [(["true", "-"], ['"a"', "1.50"]), (["-", "not(null)"], ["", 'date("2026-01-31")'])]
    outputs = (("name", "string"), ("value", ""))
    decision = read(table(rules, ("ok", "other"), outputs, 'hitPolicy="COLLECT"'))["routing"]
    both = [{"name": "a", "value": 1.5}, {"name": None, "value": "2026-01-31"}]
    assert decision.decide({"ok": True, "other": "x"}) == both
    assert decision.decide({"ok": False, "other": None}) == []


def test_inputs_may_be_conditions_and_outputs_lists() -> None:
    rules = [(["true"], ['["a", "b"]']), (["false"], ["[1, 2.5, null]"]), (["null"], ["-3"])]
    decision = read(table(rules, ('kind = "x" and amount > 3',), (("people", "Any"),)))["routing"]
    assert decision.decide({"kind": "x", "amount": 4}) == ["a", "b"]
    assert decision.decide({"kind": "y", "amount": 4}) == [1, 2.5, None]
    assert decision.decide({"kind": "x", "amount": None}) == -3


def test_a_name_without_a_value_is_told() -> None:
    decision = read(table(CRM))["routing"]
    with pytest.raises(DecisionFailed, match="'Routing' asks for 'category', which has no value"):
        decision.decide({"kategory": "quote"})
    decision = read(table([(["< limit"], ['"x"'])], ("ticket.amount",)))["routing"]
    with pytest.raises(DecisionFailed, match="'limit'"):
        decision.decide({"ticket": {"amount": 1}})
    with pytest.raises(DecisionFailed, match="'ticket.amount'"):
        decision.decide({"ticket": {}, "limit": 2})


def test_many_independent_decisions_stand_in_one_file() -> None:
    assert set(read(table(CRM, key="a"), table(CRM, key="b"), '<inputData id="i" name="category"/>')) == {"a", "b"}


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (table(CRM, hit_policy='hitPolicy="PRIORITY"'), "counts most"),
        (table(CRM, hit_policy='hitPolicy="OUTPUT ORDER"'), "counts most"),
        (table(CRM, hit_policy='hitPolicy="first"'), "'first'"),
        (table(CRM, hit_policy='hitPolicy="COLLECT" aggregation="AVG"'), "'AVG'"),
        (table(CRM, hit_policy='hitPolicy="FIRST" aggregation="SUM"'), "'SUM'"),
        (
            table(
                [(["-"], ["1", "2"])],
                outputs=(("a", ""), ("b", "")),
                hit_policy='hitPolicy="COLLECT" aggregation="MAX"',
            ),
            "single output",
        ),
        ('<decision id="a"><literalExpression/></decision>', "literal expression is empty"),
        ('<decision id="a"><literalExpression><text>1 +</text></literalExpression></decision>', "the end"),
        ('<decision id="a-b"><literalExpression><text>1</text></literalExpression></decision>', "name of a variable"),
        (
            '<decision id="a"><variable name="a" typeRef="number"/><literalExpression><text>"1"</text>'
            "</literalExpression></decision>",
            "column's type",
        ),
        (
            '<decision id="a"><literalExpression expressionLanguage="groovy"><text>1</text></literalExpression>'
            "</decision>",
            "'groovy'",
        ),
        ('<decision id="a"/>', "no decision table"),
        (
            table(CRM, inside='<informationRequirement><requiredDecision href="#b"/></informationRequirement>'),
            "'#b', which isn't in this file",
        ),
        (
            table(CRM, inside='<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'),
            "Business knowledge",
        ),
        (table(CRM) + '<businessKnowledgeModel id="b"/>', "Business knowledge"),
        (table(CRM) + '<decisionService id="b"/>', "Decision services"),
        (table(CRM) + '<import namespace="x"/>', "can't be imported"),
        (table(CRM) + '<itemDefinition name="x"/>', "Type definitions"),
        (table(CRM).replace("</input>", "<inputValues><text>1 2</text></inputValues></input>"), "'2' was not expected"),
        (table(CRM, inside="<context/>"), "context"),
        (table(CRM, inside="<invocation/>"), "Invocations"),
        (table(CRM, inside="<relation/>"), "Relations"),
        (table(CRM, inside="<list/>"), "list of expressions"),
        (table(CRM, inside="<functionDefinition/>"), "Functions"),
        (table(CRM).replace("<inputEntry>", '<inputEntry expressionLanguage="juel">', 1), "'juel'"),
        (table(CRM).replace("<inputExpression ", '<inputExpression expressionLanguage="javascript" '), "'javascript'"),
        (table(CRM).replace('label="In 1"', 'label="In 1" camunda:inputVariable="c"'), "input variable"),
        (table(CRM).replace('<rule id="routing_r1">', '<rule id="routing_r2">'), "stands twice"),
        (table(CRM).replace('id="routing" ', ""), "has no id"),
        (table(CRM).replace("</rule>", "<outputEntry/></rule>", 1), "cell for each column"),
        (table(CRM, ("",)), "asks for nothing"),
        (table(CRM, ("a +",)), "can't be read"),
        (table([(["-"], [])], outputs=()), "no output"),
        (table(CRM, outputs=(("", "string"),)), "name of a variable"),
        (table([(["-"], ["1", "2"])], outputs=(("a", ""), ("a", ""))), "Two outputs"),
        (table([(["<"], ['"a"'])]), "rule 1, In 1"),
        (table([(["-"], ["crm"])]), "double quotes"),
        (table([(["-"], ["1"])]), "column's type"),
        (table([(["-"], ["for i in x return i"])]), "'for' isn't supported"),
        (table([(["-"], ["1.5"])], outputs=(("a", "integer"),)), "column's type"),
        (table([(["-"], ['"1"'])], outputs=(("a", "number"),)), "column's type"),
        (table([(["-"], ["9" * 25])], outputs=(("a", "number"),)), "18 digits"),
        ("", "no decision"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(part: str, words: str) -> None:
    problems = refused(part)
    assert len(problems) == 1, problems
    told = problems[0]
    assert words in f"{told.problem} {told.remedy} {told.label}"
    assert told.file == "routing.dmn"
    assert told.remedy
    assert told.line
    assert told.element or "no id" in told.problem


def test_all_problems_are_found_in_one_pass() -> None:
    rules = [(["=="], ["a b"]), (['not("a"'], ['"b"'])]
    problems = refused(table(rules, hit_policy='hitPolicy="OUTPUT ORDER"'), table(CRM, ("x y",), key="other"))
    assert [problem.element for problem in problems] == [
        "routing_r1",
        "routing_r1",
        "routing_r2",
        "routing_t",
        "other_ie1",
    ]
    assert problems[2].label == "rule 2, In 1"
    assert problems[2].line == problems[0].line + 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<a/>",
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        b'<!DOCTYPE d [<!ENTITY a "b">]><definitions/>',
        model("<decision/>").replace(b"decision/", b"decision"),
        b"\xff\xfe\x00",
    ],
)
def test_files_that_are_no_decision_tables_are_refused(content: bytes) -> None:
    decisions, problems = read_decisions("x.dmn", content)
    assert decisions == {}
    assert problems


SLA = [
    (['"quote","estimate"', '"quote"'], ['"P5D"', '"office"', '"opening"', '"waiting a"', '"P1D"', '"agreed_date"']),
    (['"take"', "-"], ['"PT3H"', '"24x7"', "", "", '""', ""]),
]
SLA_OUTPUTS = tuple((name, "string") for name in ("target", "calendar", "from", "pauses", "warning", "not_before"))


def sla(rules: list[tuple[list[str], list[str]]], **kwargs: object) -> Decision:
    column, more = str(kwargs.pop("column", "")), str(kwargs.pop("more", ""))
    options = {"inputs": ("goal", "ticket.category"), "outputs": SLA_OUTPUTS, "key": "sla", **kwargs}
    text = table(rules, **options)  # type: ignore[arg-type]
    return read(text.replace('typeRef="string"/>', f'typeRef="string">{column}</output>', 1), more)["sla"]


def test_a_policy_is_made_of_the_table() -> None:
    policy = policy_from_decision(sla(SLA))
    assert (policy.version, policy.hit_policy, len(policy.rows)) == (1, "F", 3)
    first = policy.row_for("estimate", {"category": "quote"})
    assert first is not None
    assert (first.target, first.calendar, first.start, first.warning) == ("P5D", "office", "opening", "P1D")
    assert (first.pauses, first.not_before, first.id) == (("waiting", "a"), "agreed_date", "sla_r1")
    assert policy.row_for("estimate", {"category": "bug"}) is None
    second = policy.row_for("take", {"category": None})
    assert second is not None
    assert (second.start, second.pauses, second.warning, dict(second.when)) == ("start", (), "", {})


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (lambda: sla(SLA, hit_policy='hitPolicy="COLLECT"'), ["COLLECT"]),
        (lambda: sla(SLA, inputs=("category", "a = 1")), ["'a = 1' isn't a field", "No input asks for the goal"]),
        (lambda: sla(SLA, inputs=("goal", "ticket.goal")), ["Two inputs", "Two inputs"]),
        (lambda: sla([(["-", "-"], SLA[0][1])]), ["isn't written out"]),
        (lambda: sla([(['"a",1', "-"], SLA[0][1])]), ["isn't written out"]),
        (lambda: sla([(['"a"', "-"], ['"P1D"', '"24x7"', '"end"', "", "", ""])]), ["count from 'end'"]),
        (
            lambda: sla([(['"a"', "-"], ['"P1D"', '"x"'])], outputs=(("target", "string"), ("colour", ""))),
            ["'colour' isn't an output", "'calendar' is missing"],
        ),
        (
            lambda: sla([(['"a"', "-"], ["5", '"x"'])], outputs=(("target", ""), ("calendar", ""))),
            ["'target' isn't a text"],
        ),
    ],
)
def test_tables_that_are_no_policy_are_refused(decision: object, words: list[str]) -> None:
    with pytest.raises(Refused) as error:
        policy_from_decision(decision())  # type: ignore[operator]
    assert all(word in problem.problem for word, problem in zip(words, error.value.problems, strict=True))
    assert all(problem.element and problem.remedy and problem.line for problem in error.value.problems)


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


def literal(text: str, key: str = "vat", variable: str = "", inside: str = "", name: str = "") -> str:
    return (
        f'<decision id="{key}" name="{name}">{variable}{inside}<literalExpression id="{key}_le">'
        f"<text>{escape(text)}</text></literalExpression></decision>"
    )


def needs(*keys: str) -> str:
    return "".join(
        f'<informationRequirement id="r_{key}"><requiredDecision href="#{key}"/></informationRequirement>'
        for key in keys
    )


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


def test_bombs_in_a_file_end_in_a_message_at_once() -> None:
    started = time.process_time()
    chain = [literal("s + s", "d0"), *(literal(f"d{n} + d{n}", f"d{n + 1}", inside=needs(f"d{n}")) for n in range(60))]
    with pytest.raises(DecisionFailed, match="would be made"):
        read(*chain)["d60"].decide({"s": "xxxx"})
    lists = [literal("[1, 2]", "d0")]
    lists += [literal(f"concatenate(d{n}, d{n})", f"d{n + 1}", inside=needs(f"d{n}")) for n in range(60)]
    with pytest.raises(DecisionFailed, match="steps"):
        read(*lists)["d60"].decide({})
    nested = [literal("[1]", "d0"), *(literal(f"[d{n}, d{n}]", f"d{n + 1}", inside=needs(f"d{n}")) for n in range(60))]
    with pytest.raises(DecisionFailed):
        read(*nested)["d60"].decide({})
    rules = table([(["count(l[item > 3]) > 0"], ["1"])] * 300, outputs=(("x", ""),), hit_policy='hitPolicy="COLLECT"')
    for n in range(300, 1, -1):
        rules = rules.replace('id="routing_r1"', f'id="routing_q{n}"', 1) if n > 1 else rules
    with pytest.raises(DecisionFailed, match="steps"):
        read(rules)["routing"].decide({"category": 1, "l": list(range(5_000))})
    assert time.process_time() - started < 3


def test_large_tables_have_steps_enough() -> None:
    rules = [([f'"a{n}"', f"[{n}..{n + 1})"] * 5, [f'"r{n}"']) for n in range(1_000)]
    decision = read(table(rules, ("a", "b") * 5))["routing"]
    started = time.process_time()
    assert decision.decide({"a": "a999", "b": 999}) == "r999"
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (lambda: sla(SLA, hit_policy='hitPolicy="RULE ORDER"'), "can't be RULE ORDER"),
        (lambda: sla(SLA, hit_policy='hitPolicy="ANY"'), "can't be ANY"),
        (lambda: read(literal('"P1D"', "sla"))["sla"], "this is an expression"),
        (lambda: sla([(['"a"', "string length(?) > 1"], SLA[1][1])]), "isn't one for a policy"),
        (lambda: sla([(['"a"', "-"], ['"P" + "1D"', *SLA[1][1][1:]])]), "can't calculate its outputs"),
        (lambda: sla([(['"a"', "-"], ["goal", *SLA[1][1][1:]])]), "can't calculate its outputs"),
        (lambda: sla(SLA, inside=needs("other"), more=literal("1", "other")), "can't need another decision"),
        (
            lambda: sla(SLA, column='<outputValues><text>"P5D", "PT3H"</text></outputValues>'),
            "can't list their values",
        ),
        (lambda: sla(SLA, column="<defaultOutputEntry><text>null</text></defaultOutputEntry>"), "no default outputs"),
    ],
)
def test_what_a_decision_may_say_and_a_policy_cannot_is_refused(decision: object, words: str) -> None:
    with pytest.raises(Refused) as error:
        policy_from_decision(decision())  # type: ignore[operator]
    assert words in error.value.problems[0].problem
    assert all(problem.element and problem.remedy and problem.line for problem in error.value.problems)
