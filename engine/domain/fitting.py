"""Whether a ticket fits another version of its package: what it has, that version must know. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.domain.casework import Case
from engine.domain.errors import Invalid
from engine.domain.packages import BUILT_IN_FIELDS
from engine.domain.said import said
from engine.domain.ticket_fields import FIXED, accept

#: of the built-in fields, those whose values are keys of the package
_KEYS = ("status", "request_type", "category", "department")


def misfits(case: Case, own: Collection[str]) -> Iterator[str]:
    """What a ticket has that the version of `case` doesn't know, each in a sentence; nothing where it fits.

    `own`: names of the fields that its package declared. What a ticket leaves empty needs no field.
    """
    for name in (*_KEYS, *sorted(set(own) - {*BUILT_IN_FIELDS, *FIXED})):
        value = case.ticket.get(name)
        if value in (None, ""):
            continue
        try:
            accept(case.package, name, value)
        except Invalid:
            yield _unknown(case, name, value)
    for goal, clock in case.clocks.items():
        if clock.running and clock.row.calendar not in case.calendars_of(clock):
            yield said(
                "The clock of '{goal}' counts by the calendar '{calendar}', which the new version lacks.",
                goal=goal, calendar=clock.row.calendar,
            )  # fmt: skip


def unpromised(case: Case, goals: Collection[str]) -> Iterator[str]:
    """Goals that neither the service levels in force know nor a clock of the ticket."""
    known = {row.goal for row in case.policy.rows} | case.clocks.keys()
    for goal in sorted(set(goals) - known):
        yield said("The service levels in force don't know the goal '{goal}'.", goal=goal)


def _unknown(case: Case, name: str, value: object) -> str:
    if name not in BUILT_IN_FIELDS and name not in case.package.fields:
        return said("The ticket has a value in '{field}', a field that the new version lacks.", field=name)
    return said("The ticket has '{value}' as '{field}', which the new version lacks.", value=str(value), field=name)
