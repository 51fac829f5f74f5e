"""Decision tables: read as modelers write them, refused by name where they can't be run."""

from __future__ import annotations

import pytest

from engine.spiff.decisions import DecisionFailed, read_decisions
from tests.unit.spiff.decisions.drawing import CRM, DMN_13, model, read, refused, table


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
