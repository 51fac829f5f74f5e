"""Service level policies are decision tables of a kind: what else a table may say is refused there."""

from __future__ import annotations

import pytest

from engine.domain.errors import Refused
from engine.spiff.decisions import Decision, policy_from_decision
from tests.unit.spiff.decisions.drawing import literal, needs, read, table

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
