"""What a step writes it can read again, whatever a diagram makes of its variables; else the old state stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import UserTaskCompleted
from engine.spiff.expressions import Sandbox
from engine.spiff.running import naming
from tests.unit.spiff import drawing
from tests.unit.spiff.decisions.drawing import literal, read, refused
from tests.unit.spiff.drawing import Play, flow, node, path, process

ROOT = Path(__file__).parents[3]
LONG = "x" * 700
WRAPPING = (
    '<bpmn:extensionElements><camunda:in source="x" target="x"/><camunda:out source="x" target="y"/>'
    "</bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1</bpmn:loopCardinality>"
    '<bpmn:loopDataOutputRef>x</bpmn:loopDataOutputRef><bpmn:outputDataItem id="o" name="y"/>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)


def turn(play: Play, times: int) -> None:
    """Completes the user task `a` again and again."""
    for _ in range(times):
        play.send(UserTaskCompleted(play.token("user", "a")))


def test_a_value_that_a_loop_wraps_again_and_again_ends_in_a_step_that_fails() -> None:
    called = process(path("q_s", "q_e"), id_="q")
    looping = process(
        node("userTask", "a"), node("callActivity", "c", WRAPPING, calledElement="q"),
        node("exclusiveGateway", "g", default="g->a"), path("s", "a", "c", "g", "a"), flow("g", "e", "stop"),
    )  # fmt: skip
    play = Play(looping, called, variables={"x": 1, "stop": False})
    with pytest.raises(StepFailed, match="nested too deeply") as failed:
        turn(play, 100)
    assert failed.value.element == "c"
    play.send(UserTaskCompleted(play.token("user", "a"), {"x": 1}))


@pytest.mark.parametrize("text", ['"\\u0000"', '"\\uD800"', '["a", "\\uD800b"]'])
def test_a_decision_that_gives_what_no_database_holds_is_refused(text: str) -> None:
    (problem,) = refused(literal(text))
    assert "can't be stored" in problem.problem


def test_a_character_may_be_written_as_its_two_halves() -> None:
    drawn = process(
        node("businessRuleTask", "r", camunda__decisionRef="vat", camunda__resultVariable="x"), node("userTask", "a"),
        path("s", "r", "a", "e"),
    )  # fmt: skip
    assert Play(drawn, decisions=read(literal('"\\uD83D\\uDE00"'))).variables == {"x": "\U0001f600"}


def test_long_ids_and_names_are_read_again() -> None:
    play = Play(process(node("userTask", LONG), node("userTask", "b"), path("s", LONG, "b", "e")))
    play.send(UserTaskCompleted(play.token("user", LONG), {LONG: 1}))
    play.send(UserTaskCompleted(play.token("user", "b")))
    assert play.ended


def test_what_a_step_evaluates_altogether_may_not_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(10_000))
    slow = Sandbox(lambda: float(next(seconds)))
    several = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>50</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    drawn = process(node("scriptTask", "x", f"<bpmn:script>n = 1</bpmn:script>{several}"), path("s", "x", "e"))
    monkeypatch.setattr(drawing, "SANDBOX", slow)
    with pytest.raises(StepFailed, match="altogether") as failed:
        Play(drawn)
    assert failed.value.element == "x"
    assert next(seconds) <= 2 * naming.STEP_SECONDS + 4
    slow.close()


def test_the_same_inputs_give_the_same_bytes_in_every_process() -> None:
    code = (
        "from tests.unit.spiff.token_game.blocks import grown\n"
        "from tests.unit.spiff.token_game.drawing import Drawing\n"
        "from tests.unit.spiff.drawing import SANDBOX, Play\n"
        "import hashlib\n"
        "for seed in (3, 5, 8):\n"
        "    root = grown(seed, 20)\n"
        "    play = Play(*Drawing(root).processes, variables=root.variables())\n"
        "    print(hashlib.sha256((play.state or b'') + repr(play.effects).encode()).hexdigest())\n"
        "SANDBOX.close()\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True, capture_output=True, text=True, timeout=120,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1
    assert len(told.pop().split()) == 3
