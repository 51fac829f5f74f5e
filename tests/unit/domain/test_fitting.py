"""Whether a ticket fits another version of its package: what it has, and what its clocks count by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.casework import settle
from engine.domain.fitting import misfits, unpromised
from engine.domain.policies import Policy
from tests.unit.domain.test_casework import STARTED, at, case

OWN = ("agreed", "size")


def test_a_ticket_fits_whose_keys_and_fields_the_version_knows() -> None:
    assert list(misfits(case(agreed="2026-04-01", size=None), OWN)) == []
    assert list(misfits(case(category="", status=""), OWN)) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": "lost"}, "The ticket has 'lost' as 'status', which the new version lacks."),
        ({"department": "crm"}, "The ticket has 'crm' as 'department', which the new version lacks."),
        ({"agreed": "soon"}, "The ticket has 'soon' as 'agreed', which the new version lacks."),
        ({"size": 44}, "The ticket has a value in 'size', a field that the new version lacks."),
    ],
)
def test_what_the_version_lacks_is_told(fields: dict[str, Any], told: str) -> None:
    assert list(misfits(case(**fields), OWN)) == [told]


def test_a_clock_that_runs_needs_its_calendar_and_one_that_was_stopped_does_not() -> None:
    it = case()
    settle(it, [STARTED], at("2026-03-27T16:00"))
    clock = it.clocks["repair"]
    for lacking, told in ((clock, 1), (clock.stop(it.calendars, it.ticket, at("2026-03-27T17:00"), met=True), 0)):
        it.clocks["repair"] = replace(lacking, row=replace(lacking.row, calendar="shift"))
        assert len(list(misfits(it, OWN))) == told


def test_goals_are_known_to_the_policy_or_to_a_clock_of_the_ticket() -> None:
    it = case()
    assert list(unpromised(it, {"repair", "done"})) == []
    assert list(unpromised(it, {"reply"})) == ["The service levels in force don't know the goal 'reply'."]
    settle(it, [STARTED], at("2026-03-27T16:00"))
    it.policy = Policy(version=3, hit_policy="F", rows=(), calendars={})
    assert len(list(unpromised(it, {"repair", "done"}))) == 1
