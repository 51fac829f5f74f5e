"""Makes a service level policy of the decision table `sla`. What its rows must say is `Policy.check`'s business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from engine.domain.errors import Problem, Refused
from engine.domain.feel import FeelError, Tests, parse_unary_tests
from engine.domain.feel.syntax import Among, Constant, Name
from engine.domain.policies import Policy, PolicyRow
from engine.domain.said import said
from engine.domain.time.calendars import Calendar
from engine.spiff.decisions.cells import json_value
from engine.spiff.decisions.model import HIT_POLICIES, Decision, Input, Output, Rule, Table

_GOAL = "goal"
_REQUIRED = ("target", "calendar")
_OUTPUTS = (*_REQUIRED, "from", "pauses", "warning", "not_before")


def policy_from_decision(decision: Decision, calendars: Mapping[str, Calendar] | None = None) -> Policy:
    """The policy that the table states (`docs/reference/package.md`, sla.dmn); raises Refused with all problems.

    A goal cell that names several goals makes a row for each of them.
    """
    table = decision.logic
    if not isinstance(table, Table):
        problem = said("A policy is a table, and this is an expression.")
        raise Refused([_problem(decision, problem, said("Make it a decision table."))])
    problems = [*_beyond(decision, table), *_columns(decision, table)]
    if problems:
        raise Refused(problems)
    problems = [problem for rule in table.rules for problem in _cells(decision, table, rule)]
    if problems:
        raise Refused(problems)
    rows = tuple(row for rule in table.rules for row in _rows(table, rule))
    hit_policy = cast(Literal["F", "U"], table.hit_policy)
    return Policy(version=1, hit_policy=hit_policy, rows=rows, calendars=dict(calendars or {}))


def _beyond(decision: Decision, table: Table) -> Iterator[Problem]:
    """What a decision may say and a policy can't: its rows are kept and edited as plain rows."""
    if table.hit_policy not in ("F", "U"):
        name = next(name for name, letter in HIT_POLICIES.items() if letter == table.hit_policy)
        problem = said("A policy can't be {name}: one row counts.", name=name)
        yield _problem(decision, problem, said("Choose FIRST or UNIQUE."))
    if decision.required:
        problem = said("A policy can't need another decision.")
        yield _problem(decision, problem, said("Name ticket fields in its inputs."))
    columns: list[Input | Output] = [*table.inputs, *table.outputs]
    for column in columns:
        if column.allowed:
            problem = said("The columns of a policy can't list their values.")
            yield _problem(decision, problem, said("Remove the predefined values."), column.id, column.label)
    for output in table.outputs:
        if output.default:
            problem = said("A policy has no default outputs.")
            yield _problem(
                decision, problem, said("Add a last rule with '-' in the other inputs."), output.id, output.label
            )


def _columns(decision: Decision, table: Table) -> Iterator[Problem]:
    fields = [_field(item) for item in table.inputs]
    for item, name in zip(table.inputs, fields, strict=True):
        if not name:
            problem = said("'{text}' isn't a field of the ticket.", text=item.expression.text.strip()[:60])
            yield _problem(decision, problem, said("Name a ticket field, such as category."), item.id, item.label)
        elif fields.count(name) > 1:
            yield _problem(
                decision, said("Two inputs ask for '{name}'.", name=name), said("Remove one."), item.id, item.label
            )
    if _GOAL not in fields:
        yield _problem(decision, said("No input asks for the goal."), said("Add an input with the expression: goal"))
    names = [output.name for output in table.outputs]
    for output in table.outputs:
        if output.name not in _OUTPUTS:
            problem = said("'{name}' isn't an output of a policy.", name=output.name[:60])
            yield _problem(decision, problem, said("Use {names}.", names=list(_OUTPUTS)), output.id, output.label)
    for name in _REQUIRED:
        if name not in names:
            yield _problem(decision, said("The output '{name}' is missing.", name=name), said("Add it as a column."))


def _cells(decision: Decision, table: Table, rule: Rule) -> Iterator[Problem]:
    label = said("rule {number}", number=rule.number)
    for test in rule.tests:
        yield from _calculated(decision, rule, test, label)
    if not all(cell.written_out for cell in rule.cells):
        problem, remedy = said("A policy can't calculate its outputs."), said("Write texts between double quotes.")
        yield _problem(decision, problem, remedy, rule.id, label, rule.line)
        return
    if not _goals(_tests_of_goal(table, rule)):
        remedy = said('Write the goals between double quotes: "quote".')
        yield _problem(decision, said("The goal of the rule isn't written out."), remedy, rule.id, label, rule.line)
    for name, value in _given(table, rule).items():
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


def _calculated(decision: Decision, rule: Rule, test: Tests, label: str) -> Iterator[Problem]:
    """Conditions of policies are those that forms may have: no arithmetic, no functions."""
    try:
        parse_unary_tests(test.text)
    except FeelError as error:
        problem = said("The cell {text} isn't one for a policy: {problem}", text=test.text[:60], problem=error.problem)
        yield _problem(decision, problem, error.remedy, rule.id, label, rule.line)


def _rows(table: Table, rule: Rule) -> Iterator[PolicyRow]:
    given = {name: value or "" for name, value in _given(table, rule).items()}
    when = {
        _field(item): test.text.strip()
        for item, test in zip(table.inputs, rule.tests, strict=True)
        if _field(item) != _GOAL and not test.accepts_all
    }
    for goal in _goals(_tests_of_goal(table, rule)):
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


def _given(table: Table, rule: Rule) -> dict[str, Any]:
    values = (json_value(cell.expression.evaluate()) for cell in rule.cells)
    return dict(zip((output.name for output in table.outputs), values, strict=True))


def _field(item: Input) -> str:
    """The ticket field that an input asks for: `category` or `ticket.category`; empty for anything else."""
    match item.expression.root:
        case Name((name,)) | Name(("ticket", name)):
            return name
        case _:
            return ""


def _tests_of_goal(table: Table, rule: Rule) -> Tests:
    columns = zip(table.inputs, rule.tests, strict=True)
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
