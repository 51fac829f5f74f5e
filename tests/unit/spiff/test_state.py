"""The stored form of an instance: as large after many turns of a loop as after the first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.domain.errors import CorruptState, StepFailed
from engine.domain.events import UserTaskCompleted
from engine.spiff.advancing import advance
from engine.spiff.definitions import Definitions
from engine.spiff.parsing.bpmn import read_diagram
from engine.spiff.state import FORMAT, places, variables
from tests.unit.spiff.drawing import MESSAGE, NOW, SANDBOX, Play, flow, node, path, process

STATES = Path(__file__).with_name("states")
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


@pytest.mark.parametrize("path", sorted(STATES.glob("format-*.json")), ids=lambda path: path.stem)
def test_states_of_every_format_are_read_and_go_on(path: Path) -> None:
    """Golden files: what the Iter of a time had stored. They are added to, and never written anew."""
    kept = json.loads(path.read_text())
    definitions = Definitions("h", read_diagram("p.bpmn", kept["diagram"].encode()).processes)
    state, ended = kept["state"].encode(), False
    while waiting := [place for place in places(state) if place.waits == "user_task"]:
        event = UserTaskCompleted(waiting[0].token, {})
        step = advance(definitions, state, event, {}, NOW, SANDBOX)
        state, ended = step.state, step.ended
    assert ended
    assert variables(state)[0] == {"n": 5, "text": "à", "done": True}


def test_there_is_a_golden_file_of_every_format() -> None:
    kept = [json.loads(path.read_text())["state"] for path in STATES.iterdir()]
    assert {json.loads(state)["format"] for state in kept} == set(range(1, FORMAT + 1))


@pytest.mark.parametrize("name", ["conversations", "rounds", "written"])
def test_a_golden_file_of_this_format_keeps_what_a_scope_may_have(name: str) -> None:
    states = [json.loads(json.loads(path.read_text())["state"]) for path in STATES.glob(f"format-{FORMAT}*.json")]
    assert any(scope.get(name) for state in states for scope in state["scopes"])
