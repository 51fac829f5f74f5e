"""State and cost: what SpiffWorkflow keeps for ever, and what it doesn't survive."""

from __future__ import annotations

import time

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import (
    JobFailed,
)
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import (
    Play,
    flow,
    node,
    path,
    process,
    xml,
)
from tests.unit.spiff.facts.running import done, run


def test_a_thousand_turns_keep_size_and_end() -> None:
    play = run(
        process(
            node("userTask", "a"),
            node("exclusiveGateway", "g", default="g->a"),
            path("s", "a", "g", "a"),
            flow("g", "e", "stop"),
        )
    )
    sizes = []
    for turn in range(1000):
        done(play, "a", stop=False, turn=turn % 10)
        sizes.append(len(play.state or b""))
    assert sizes[-1] <= sizes[9] * 1.02
    done(play, "a", stop=True, turn=0)
    assert play.ended


def test_the_stored_form_holds_no_definitions() -> None:
    play = run(process(node("userTask", "a", "", {}), path("s", "a", "e")))
    assert len(play.state or b"") < 300


def test_long_rows_parse_and_blocks_in_series_cost_their_elements() -> None:
    ids = [f"t{n}" for n in range(500)]
    blocks = "".join(
        node("parallelGateway", f"f{n}") + node("parallelGateway", f"j{n}") + path(f"f{n}", f"j{n}") * 2
        for n in range(14)
    )
    links = path("t499", "f0") + "".join(flow(f"j{n}", f"f{n + 1}") for n in range(13)) + path("j13", "e")
    began = time.process_time()
    play = Play(process(*(node("task", i) for i in ids), path("s", *ids), blocks, links))
    assert play.ended
    assert time.process_time() - began < 2


def test_endless_calls_and_loops_are_stopped() -> None:
    with pytest.raises(StepFailed, match="nested more than 20"):
        run(process(node("callActivity", "c", calledElement="p"), path("s", "c", "e")))
    with pytest.raises(StepFailed, match="a loop without a wait"):
        run(
            process(
                node("task", "a"),
                node("exclusiveGateway", "g", default="g->a"),
                path("s", "a", "g", "a"),
                flow("g", "e", "x"),
            ),
            variables={"x": False},
        )


def test_a_refused_diagram_leaves_nothing_behind() -> None:
    broken, sound = process(node("complexGateway", "x"), id_="q"), process(path("s", "e"))
    before = check_diagram("p.bpmn", xml(sound))
    assert check_diagram("p.bpmn", xml(broken)) != []
    assert check_diagram("p.bpmn", xml(sound)) == before == []


def test_a_service_that_fails_is_told() -> None:
    play = run(process(node("serviceTask", "a", camunda__topic="webhook"), path("s", "a", "e")))
    with pytest.raises(StepFailed, match="no answer"):
        play.send(JobFailed(play.token("job", "a"), "no answer"))
