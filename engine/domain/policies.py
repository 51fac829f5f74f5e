"""Service level policies: which target a goal has on a ticket, in which calendar. Clocks don't belong here.

A policy is the rows of `sla.dmn` with the calendars that they name: `docs/reference/package.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, cast

from engine.domain.errors import Invalid, Problem
from engine.domain.feel import FeelError, Tests, parse_unary_tests
from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.domain.said import said
from engine.domain.time import calendar_json
from engine.domain.time.calendar_json import record, text, texts
from engine.domain.time.calendars import Calendar
from engine.domain.time.durations import WorkingDuration

HitPolicy = Literal["F", "U"]
From = Literal["start", "opening"]
_ROW = ("goal", "when", "target", "calendar", "from", "pauses", "warning", "not_before", "id")


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """What is promised under a goal, for the tickets whose fields pass `when`."""

    goal: str
    #: ticket field → FEEL unary tests
    when: Mapping[str, str]
    #: working duration
    target: str
    #: key of a calendar; `24x7`
    calendar: str
    #: whether the clock counts from its start, or from the ticket's opening
    start: From = "start"
    #: keys of the statuses that pause the clock
    pauses: tuple[str, ...] = ()
    #: working duration before the deadline at which to warn; empty: never
    warning: str = ""
    #: key of a date field: the deadline is never earlier than that day's closing; empty: none
    not_before: str = ""
    #: id of the rule in its decision table, for problems; empty where it has none
    id: str = ""

    def matches(self, ticket: Mapping[str, Any]) -> bool:
        """Whether the row counts for the ticket. Raises `Invalid` where a test can't be evaluated."""
        return all(_tests(test).matches(ticket.get(name), ticket) for name, test in self.when.items())

    def to_json(self) -> dict[str, Any]:
        """The row by the names of `sla.dmn`'s columns."""
        return {
            "goal": self.goal, "when": dict(self.when), "target": self.target, "calendar": self.calendar,
            "from": self.start, "pauses": list(self.pauses), "warning": self.warning,
            "not_before": self.not_before, "id": self.id,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Any, where: str = "row") -> PolicyRow:
        """The row that `to_json` wrote, or somebody else. Raises `Invalid` where its shape is wrong."""
        table = record(stored, where, _ROW)
        when = record(table.get("when", {}), f"{where}.when")
        start = text(table, "from", where, "start")
        if start not in ("start", "opening"):
            raise Invalid(
                said("Expected start or opening as {where}.from, but got {start}.", where=where, start=f"{start!r:.80}")
            )
        return cls(
            goal=text(table, "goal", where),
            when={name: text(when, name, f"{where}.when") for name in when},
            target=text(table, "target", where),
            calendar=text(table, "calendar", where),
            start=cast(From, start),
            pauses=texts(table, "pauses", where),
            warning=text(table, "warning", where),
            not_before=text(table, "not_before", where),
            id=text(table, "id", where),
        )

    def covers(self, other: PolicyRow) -> bool:
        """Whether the row plainly counts wherever the other does (conditions are compared as written)."""
        tests = {name: test.strip() for name, test in self.when.items() if not _tests(test).accepts_all}
        return self.goal == other.goal and all(other.when.get(name, "").strip() == test for name, test in tests.items())


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a package's service levels; rows in their order, calendars by key (`24x7` needn't be there)."""

    version: int = 1
    #: F: the first row that matches counts; U: at most one may match
    hit_policy: HitPolicy = "F"
    rows: tuple[PolicyRow, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def row_for(self, goal: str, ticket: Mapping[str, Any]) -> PolicyRow | None:
        """The row of a goal on a ticket; None where nothing is promised. Raises `Invalid` where U finds several."""
        matching = (row for row in self.rows if row.goal == goal and row.matches(ticket))
        found = next(matching, None)
        if self.hit_policy == "U" and next(matching, None) is not None:
            raise Invalid(
                said("Expected one row of the policy for the goal {goal}, but several match the ticket.", goal=goal)
            )
        return found

    def to_json(self) -> dict[str, Any]:
        """The policy as JSON values."""
        return {
            "version": self.version,
            "hit_policy": self.hit_policy,
            "rows": [row.to_json() for row in self.rows],
            "calendars": {key: calendar_json.to_json(calendar) for key, calendar in self.calendars.items()},
        }

    @classmethod
    def from_json(cls, stored: Any) -> Policy:
        """The policy that `to_json` wrote, or somebody else.

        Raises `Invalid` where its shape is wrong, or a calendar: with all that is wrong in calendars by field, such as
        `calendars.office.hours.mon`.
        """
        table = record(stored, "policy", ("version", "hit_policy", "rows", "calendars"))
        version, hit_policy = table.get("version", 1), text(table, "hit_policy", "policy", "F")
        if type(version) is not int or hit_policy not in ("F", "U"):
            raise Invalid(said("Expected a policy with a whole number as version, and F or U as hit_policy."))
        rows, calendars = table.get("rows", []), record(table.get("calendars", {}), "calendars")
        if not isinstance(rows, list | tuple):
            raise Invalid(said("Expected a list as rows, but got {rows}.", rows=f"{rows!r:.80}"))
        return cls(
            version,
            cast(HitPolicy, hit_policy),
            tuple(PolicyRow.from_json(row, said("row {number}", number=number)) for number, row in enumerate(rows, 1)),
            _read_calendars(calendars),
        )

    def check(self, package: Package, file: str = "sla.dmn") -> list[Problem]:
        """All that is wrong with the policy in its package, found in one pass."""
        return [problem for _, problem in self.problems(package, file)]

    def problems(self, package: Package, file: str = "sla.dmn") -> Iterator[tuple[str, Problem]]:
        """The same, each with the cell that it is about: `row 3.target`, `row 3.when.category`."""
        for number, row in enumerate(self.rows, 1):
            label = said("row {number}", number=number)
            found = list(_row_problems(row, self, package)) or list(_hidden(row, self.rows[: number - 1], self))
            for cell, problem, remedy, severity in found:
                yield (
                    f"row {number}.{cell}",
                    Problem(file, problem, remedy, element=row.id, label=label, severity=severity),
                )


Severity = Literal["error", "warning"]
#: the cell, what is wrong, what to do
Found = tuple[str, str, str, Severity]


def _read_calendars(stored: Mapping[str, Any]) -> dict[str, Calendar]:
    found: dict[str, Calendar] = {}
    wrong: dict[str, list[str]] = {}
    for key in stored:
        where = f"calendars.{key}"
        try:
            found[key] = calendar_json.from_json(key, stored[key], where)
        except Invalid as error:
            wrong |= error.fields or {where: [str(error)]}
    if wrong:
        raise Invalid(said("The calendars can't be used like this."), wrong)
    return found


@lru_cache(maxsize=4096)
def _tests(written: str) -> Tests:
    return parse_unary_tests(written)


def _row_problems(row: PolicyRow, policy: Policy, package: Package) -> Iterator[Found]:
    if not row.goal:
        yield "goal", said("The row has no goal."), said("Give it the goal that the diagrams name."), "error"
    if row.calendar != "24x7" and row.calendar not in policy.calendars:
        known = ", ".join(["24x7", *policy.calendars])
        yield (
            "calendar",
            said("There is no calendar `{calendar}`.", calendar=row.calendar),
            said("Use one of: {known}.", known=known),
            "error",
        )
    yield from _duration_problems(row)
    for status in row.pauses:
        if status not in package.statuses:
            known = ", ".join(package.statuses)
            yield (
                "pauses",
                said("There is no status `{status}` that could pause the clock.", status=status),
                said("Use some of: {known}.", known=known),
                "error",
            )
    if row.not_before and getattr(package.fields.get(row.not_before), "type", "") != "date":
        problem = said("`{not_before}` isn't a date field of the ticket.", not_before=row.not_before)
        yield "not_before", problem, said('Declare it under [[fields]] with type = "date".'), "error"
    yield from _test_problems(row.when, package)


def _duration_problems(row: PolicyRow) -> Iterator[Found]:
    durations = []
    for name, written in (("target", row.target), ("warning", row.warning)):
        try:
            if written or name == "target":
                durations.append(WorkingDuration.parse(written))
        except Invalid as error:
            yield (
                name,
                said("The {name} isn't working time: {error}", name=name, error=str(error)),
                said("Write days, hours and minutes: P5D, PT3H."),
                "error",
            )
    if len(durations) == 2 and durations[1].days >= durations[0].days and durations[1].time >= durations[0].time:
        problem = said("The warning comes no later than the clock's start, because it is as long as the target.")
        yield "warning", problem, said("Make the warning shorter than the target."), "error"


def _test_problems(when: Mapping[str, str], package: Package) -> Iterator[Found]:
    for name, written in when.items():
        if name not in BUILT_IN_FIELDS and name not in package.fields:
            yield (
                f"when.{name}",
                said("`{name}` isn't a field of the ticket.", name=name),
                said("Name a built-in field, or declare it."),
                "error",
            )
        try:
            _tests(written)
        except FeelError as error:
            yield (
                f"when.{name}",
                said("The condition of `{name}` can't be read: {problem}", name=name, problem=error.problem),
                error.remedy,
                "error",
            )


def _hidden(row: PolicyRow, earlier: Sequence[PolicyRow], policy: Policy) -> Iterator[Found]:
    """Where an earlier row of the goal leaves nothing to this one; under U also where this one covers an earlier."""
    for number, other in enumerate(earlier, 1):
        try:
            hidden, doubled = other.covers(row), policy.hit_policy == "U" and row.covers(other)
        except Invalid:  # the other row's conditions can't be read: told there
            continue
        if policy.hit_policy == "U" and (hidden or doubled):
            problem = said(
                "The goal `{goal}` has this row and row {number} for the same tickets; UNIQUE allows one.",
                goal=row.goal,
                number=number,
            )
            yield "goal", problem, said("Tell the rows apart by their conditions, or make the table FIRST."), "error"
        elif hidden:
            yield (
                "goal",
                said("The row is never reached: row {number} comes first.", number=number),
                said("Put it above that row."),
                "warning",
            )
