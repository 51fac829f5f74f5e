"""Decision files for tests, written as short as they can be said."""

from __future__ import annotations

from xml.sax.saxutils import escape

from engine.domain.errors import Problem
from engine.spiff.decisions import Decision, read_decisions

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
