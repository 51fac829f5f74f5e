"""The stored form of an instance: as large after many turns of a loop as after the first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.domain.errors import CorruptState, StepFailed
from engine.domain.events import UserTaskCompleted
from engine.spiff.advancing import advance
from tests.unit.spiff.drawing import MESSAGE, NOW, SANDBOX, Play, flow, node, path, process

LOOP = process(
    node("userTask", "a"),
    node("boundaryEvent", "m", MESSAGE.format("m"), attachedToRef="a", cancelActivity="false"),
    node("endEvent", "heard"),
    path("s", "a"),
    flow("a", "a"),
    flow("m", "heard"),
)


def test_a_state_has_the_same_size_after_many_turns() -> None:
    play = Play(LOOP)
    sizes = set()
    for _ in range(1200):
        play.send(UserTaskCompleted(play.token("user", "a")))
        sizes.add(len(play.state or b""))
    assert len(sizes) == 1
    assert play.token("user", "a") > 1000


@pytest.mark.parametrize("number", [2, "2", "0000000x", "-0000002", None, 2.5])
def test_a_number_that_we_did_not_write_is_refused(number: Any) -> None:
    play = Play(LOOP)
    state = json.loads(play.state or b"")
    state["scopes"][0]["tokens"][0][0] = number
    with pytest.raises(CorruptState):
        advance(play.definitions, json.dumps(state).encode(), UserTaskCompleted(2), {}, NOW, SANDBOX)


def test_a_state_that_could_not_be_read_again_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play(LOOP)
    before = play.state
    monkeypatch.setattr("engine.spiff.state.MAX_BYTES", 2_000)
    with pytest.raises(StepFailed, match="larger than"):
        play.send(UserTaskCompleted(play.token("user", "a"), {"text": "x" * 2_000}))
    assert play.state == before
    play.send(UserTaskCompleted(play.token("user", "a"), {"text": "x" * 100}))
