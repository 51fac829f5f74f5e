"""Makes a service level policy of the decision table `sla`. What its rows must say is `Policy.check`'s business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from engine.domain.errors import Problem, Refused
from engine.domain.feel import Tests
from engine.domain.feel.syntax import Among, Constant, Name
from engine.domain.policies import Policy, PolicyRow
from engine.domain.said import said
from engine.domain.time.calendars import Calendar
from engine.spiff.decisions.model import Decision, Input, Rule

_GOAL = "goal"
_REQUIRED = ("target", "calendar")
_OUTPUTS = (*_REQUIRED, "from", "pauses", "warning", "not_before")


def policy_from_decision(decision: Decision, calendars: Mapping[str, Calendar] | None = None) -> Policy:
    """The policy that the table states (`docs/reference/package.md`, sla.dmn); raises Refused with all problems.

    A goal cell that names several goals makes a row for each of them.
    """
    problems = [*_columns(decision)]
    if problems:
        raise Refused(problems)
    problems = [problem for rule in decision.rules for problem in _cells(decision, rule)]
    if problems:
        raise Refused(problems)
    rows = tuple(row for rule in decision.rules for row in _rows(decision, rule))
    hit_policy = cast(Literal["F", "U"], decision.hit_policy)
    return Policy(version=1, hit_policy=hit_policy, rows=rows, calendars=dict(calendars or {}))


def _columns(decision: Decision) -> Iterator[Problem]:
    if decision.hit_policy == "C":
        yield _problem(decision, said("A policy can't COLLECT: one row counts."), said("Choose FIRST or UNIQUE."))
    fields = [_field(item) for item in decision.inputs]
    for item, name in zip(decision.inputs, fields, strict=True):
        if not name:
            problem = said("'{text}' isn't a field of the ticket.", text=item.expression.text.strip()[:60])
            yield _problem(decision, problem, said("Name a ticket field, such as category."), item.id, item.label)
        elif fields.count(name) > 1:
            yield _problem(
                decision, said("Two inputs ask for '{name}'.", name=name), said("Remove one."), item.id, item.label
            )
    if _GOAL not in fields:
        yield _problem(decision, said("No input asks for the goal."), said("Add an input with the expression: goal"))
    names = [output.name for output in decision.outputs]
    for output in decision.outputs:
        if output.name not in _OUTPUTS:
            problem = said("'{name}' isn't an output of a policy.", name=output.name[:60])
            yield _problem(decision, problem, said("Use {names}.", names=list(_OUTPUTS)), output.id, output.label)
    for name in _REQUIRED:
        if name not in names:
            yield _problem(decision, said("The output '{name}' is missing.", name=name), said("Add it as a column."))


def _cells(decision: Decision, rule: Rule) -> Iterator[Problem]:
    label = said("rule {number}", number=rule.number)
    if not _goals(_tests_of_goal(decision, rule)):
        remedy = said('Write the goals between double quotes: "quote".')
        yield _problem(decision, said("The goal of the rule isn't written out."), remedy, rule.id, label, rule.line)
    for name, value in _given(decision, rule).items():
        if not isinstance(value, str | None):
            remedy = said("Write a text between double quotes.")
            yield _problem(
                decision, said("The output '{name}' isn't a text.", name=name), remedy, rule.id, label, rule.line
            )
        elif name == "from" and value not in (None, "", "start", "opening"):
            remedy = said('Write "start" or "opening".')
            yield _problem(
                decision,
                said("A clock can't count from '{value}'.", value=value[:60]),
                remedy,
                rule.id,
                label,
                rule.line,
            )


def _rows(decision: Decision, rule: Rule) -> Iterator[PolicyRow]:
    given = {name: value or "" for name, value in _given(decision, rule).items()}
    when = {
        _field(item): test.text.strip()
        for item, test in zip(decision.inputs, rule.tests, strict=True)
        if _field(item) != _GOAL and not test.accepts_all
    }
    for goal in _goals(_tests_of_goal(decision, rule)):
        yield PolicyRow(
            goal=goal,
            when=when,
            target=given["target"],
            calendar=given["calendar"],
            start="opening" if given.get("from") == "opening" else "start",
            pauses=tuple(given.get("pauses", "").split()),
            warning=given.get("warning", ""),
            not_before=given.get("not_before", ""),
            id=rule.id,
        )


def _given(decision: Decision, rule: Rule) -> dict[str, Any]:
    return dict(zip((output.name for output in decision.outputs), rule.values, strict=True))


def _field(item: Input) -> str:
    """The ticket field that an input asks for: `category` or `ticket.category`; empty for anything else."""
    match item.expression.root:
        case Name((name,)) | Name(("ticket", name)):
            return name
        case _:
            return ""


def _tests_of_goal(decision: Decision, rule: Rule) -> Tests:
    columns = zip(decision.inputs, rule.tests, strict=True)
    return next(test for item, test in columns if _field(item) == _GOAL)


def _goals(tests: Tests) -> tuple[str, ...]:
    """The goals that a cell names; empty where it says anything else."""
    if not isinstance(tests.root, Among):
        return ()
    named = tuple(node.value for node in tests.root.tests if isinstance(node, Constant) and isinstance(node.value, str))
    return named if len(named) == len(tests.root.tests) else ()


def _problem(
    decision: Decision, problem: str, remedy: str, element: str = "", label: str = "", line: int = 0
) -> Problem:
    return Problem(
        decision.file, problem, remedy, element or decision.id, label or decision.title, line or decision.line
    )
