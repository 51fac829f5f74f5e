"""Crossing into the sandbox costs more than what is evaluated there: what is asked together crosses together."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import UserTaskCompleted
from engine.spiff.expressions.workers import Workers
from tests.unit.spiff.drawing import Play, flow, node, path, process


def crossings(play: Play, **data: object) -> int:
    """How often completing the user task `a` goes into the sandbox."""
    with patch.object(Workers, "run", autospec=True, side_effect=Workers.run) as run:
        play.send(UserTaskCompleted(play.token("user", "a"), data))
    return run.call_count


def gateway(kind: str, *conditions: str) -> Play:
    """A user task, then a gateway with a flow for each condition, each to a user task, and a default."""
    flows = [flow("g", f"u{number}", condition) for number, condition in enumerate(conditions)]
    drawn = [
        node("userTask", "a"), node(kind, "g", default="g->e"), path("s", "a", "g", "e"), *flows,
        *(node("userTask", f"u{number}") + path(f"u{number}", "e") for number in range(len(conditions))),
    ]  # fmt: skip
    return Play(process(*drawn))


@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
def test_all_conditions_of_a_gateway_take_one_crossing(kind: str) -> None:
    play = gateway(kind, *(f"x == {number}" for number in range(6)))
    assert crossings(play, x=4) == 1
    assert play.token("user", "u4")


def test_a_condition_behind_the_one_that_holds_may_fail() -> None:
    play = gateway("exclusiveGateway", "x == 1", "1 / 0 == x")
    assert crossings(play, x=1) == 2
    assert play.token("user", "u0")


def test_a_condition_before_the_one_that_holds_may_not() -> None:
    play = gateway("exclusiveGateway", "1 / 0 == x", "x == 1")
    with pytest.raises(StepFailed, match="divides by zero"):
        crossings(play, x=1)


def test_fields_and_parameters_take_one_crossing_an_element() -> None:
    fields = {f"set.field{number}": f"=x + {number}" for number in range(4)}
    play = Play(process(node("userTask", "a", "", fields), path("s", "a", "e")))
    assert crossings(play, x=1) == 1
    (changed,) = play.of("ticket_changed")
    assert list(changed.fields.values()) == [1, 2, 3, 4]


def test_an_expression_that_changes_a_value_changes_its_own_copy() -> None:
    play = gateway("exclusiveGateway", "items.pop() == 1", "items.pop() == 2")
    play.send(UserTaskCompleted(play.token("user", "a"), {"items": [1, 2]}))
    assert play.token("user", "u1")
    sets = {"set.first": "=items.pop(0)", "set.count": "=len(items)"}
    drawn = process(node("task", "a", "", sets), path("s", "a", "e"))
    (changed,) = Play(drawn, variables={"items": ["x", "y"]}).of("ticket_changed")
    assert changed.fields == {"first": "x", "count": 2}
