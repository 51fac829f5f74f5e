"""Decision tables: read as modelers write them, decided as DMN says, refused by name where they can't be run."""

from __future__ import annotations

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
    assert decision.hit_policy == "U"
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
        (table(CRM, hit_policy='hitPolicy="PRIORITY"'), "'PRIORITY'"),
        (table(CRM, hit_policy='hitPolicy="ANY"'), "'ANY'"),
        (table(CRM, hit_policy='hitPolicy="RULE ORDER"'), "'RULE ORDER'"),
        (table(CRM, hit_policy='hitPolicy="first"'), "'first'"),
        (table(CRM, hit_policy='hitPolicy="COLLECT" aggregation="SUM"'), "'SUM'"),
        ('<decision id="a"><literalExpression><text>1</text></literalExpression></decision>', "Literal expressions"),
        ('<decision id="a"/>', "no decision table"),
        (
            table(CRM, inside='<informationRequirement><requiredDecision href="#b"/></informationRequirement>'),
            "depends on another",
        ),
        (
            table(CRM, inside='<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'),
            "Business knowledge",
        ),
        (table(CRM) + '<businessKnowledgeModel id="b"/>', "Business knowledge"),
        (table(CRM) + '<decisionService id="b"/>', "Decision services"),
        (table(CRM) + '<import namespace="x"/>', "can't be imported"),
        (table(CRM) + '<itemDefinition name="x"/>', "Type definitions"),
        (table(CRM).replace("</input>", "<inputValues><text>1</text></inputValues></input>"), "allowed input values"),
        (table(CRM).replace('"string"/>', '"string"><outputValues/></output>'), "allowed output values"),
        (table(CRM).replace('"string"/>', '"string"><defaultOutputEntry/></output>'), "Default outputs"),
        (table(CRM).replace("<inputEntry>", '<inputEntry expressionLanguage="juel">', 1), "'juel'"),
        (table(CRM).replace("<inputExpression ", '<inputExpression expressionLanguage="javascript" '), "'javascript'"),
        (table(CRM).replace('label="In 1"', 'label="In 1" camunda:inputVariable="c"'), "input variable"),
        (table(CRM).replace('<rule id="routing_r1">', '<rule id="routing_r2">'), "stands twice"),
        (table(CRM).replace('id="routing" ', ""), "has no id"),
        (table(CRM).replace("</rule>", "<outputEntry/></rule>", 1), "cell for each column"),
        (table(CRM, ("",)), "asks for nothing"),
        (table(CRM, ("a + b",)), "can't be read"),
        (table([(["-"], [])], outputs=()), "no output"),
        (table(CRM, outputs=(("", "string"),)), "name of a variable"),
        (table([(["-"], ["1", "2"])], outputs=(("a", ""), ("a", ""))), "Two outputs"),
        (table([(["<"], ['"a"'])]), "rule 1, In 1"),
        (table([(["-"], ["crm"])]), "double quotes"),
        (table([(["-"], ["1"])]), "column's type"),
        (table([(["-"], ["a = 1"])]), "written out"),
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
    options = {"inputs": ("goal", "ticket.category"), "outputs": SLA_OUTPUTS, "key": "sla", **kwargs}
    return read(table(rules, **options))["sla"]  # type: ignore[arg-type]


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
