"""`advance` runs each supported element as BPMN 2.0 says, the same way every time."""

from __future__ import annotations

import json

import pytest

from engine.domain.errors import Conflict, CorruptState, StepFailed
from engine.domain.events import Cancelled, UserTaskCompleted
from engine.spiff.advancing import advance
from tests.unit.spiff.drawing import (
    NOW,
    SANDBOX,
    TIMER,
    Play,
    flow,
    node,
    path,
    process,
)


def done(play: Play, element: str, **data: object) -> None:
    play.send(UserTaskCompleted(play.token("user", element), data))


def test_a_straight_line_runs_to_its_end() -> None:
    play = Play(process(node("task", "a"), path("s", "a", "e")))
    assert play.path == ["s", "a", "e"]
    assert play.ended


def test_a_user_task_waits_and_its_data_become_variables() -> None:
    play = Play(
        process(
            node("userTask", "a"),
            node("scriptTask", "b", "<bpmn:script>y = x + 1</bpmn:script>"),
            path("s", "a", "b", "e"),
        )
    )
    assert play.open == {"user:a"}
    assert not play.ended
    done(play, "a", x=2)
    assert play.ended
    assert {"y": 3} in [e.variables for e in play.of("variables_changed")]


def test_a_task_without_outgoing_flow_ends_its_branch() -> None:
    play = Play(process(node("task", "a"), path("s", "a")))
    assert play.ended


def test_several_flows_out_of_a_task_split_it() -> None:
    play = Play(process(node("userTask", "a"), node("userTask", "b"), path("s", "a", "e"), path("s", "b")))
    assert play.open == {"user:a", "user:b"}
    done(play, "a")
    assert not play.ended
    done(play, "b")
    assert play.ended


def test_a_condition_on_the_single_flow_of_a_task_is_asked() -> None:
    drawn = process(node("task", "a"), path("s", "a"), flow("a", "e", "x == 1"))
    assert Play(drawn, variables={"x": 1}).path == ["s", "a", "e"]
    with pytest.raises(StepFailed, match="No condition"):
        Play(drawn, variables={"x": 2})


def test_an_exclusive_gateway_takes_the_first_flow_that_holds_and_says_why() -> None:
    drawn = process(
        node("exclusiveGateway", "g", default="g->c"),
        *(node("task", t) for t in "abc"),
        path("s", "g"),
        flow("g", "a", "n &gt; 5"),
        flow("g", "b", "ticket.category == 'bug'"),
        flow("g", "c"),
    )
    assert Play(drawn, variables={"n": 6}).path == ["s", "g", "a"]
    play = Play(drawn, variables={"n": 1}, ticket={"category": "bug"})
    assert play.path == ["s", "g", "b"]
    assert play.of("element_entered")[-1].why["values"] == {"ticket": {"category": "bug"}}
    assert Play(drawn, variables={"n": 1}, ticket={"category": "x"}).path == ["s", "g", "c"]


def test_a_parallel_join_waits_for_every_branch_and_loses_no_data() -> None:
    play = Play(
        process(
            node("parallelGateway", "f"),
            node("parallelGateway", "j"),
            node("userTask", "a"),
            node("userTask", "b"),
            path("s", "f", "a", "j", "e"),
            path("f", "b", "j"),
        )
    )
    done(play, "a", x=1)
    assert not play.ended
    done(play, "b", y=2)
    assert play.ended
    assert play.path.count("e") == 1


def test_excess_tokens_stay_at_a_parallel_join() -> None:
    play = Play(
        process(
            node("parallelGateway", "f"),
            node("parallelGateway", "j"),
            node("userTask", "a"),
            node("userTask", "b"),
            node("exclusiveGateway", "m"),
            node("parallelGateway", "k"),
            node("task", "c"),
            node("task", "d"),
            path("s", "f", "k"),
            path("k", "c", "m"),
            path("k", "d", "m"),
            path("m", "j", "a", "e"),
            path("f", "b", "j"),
        )
    )
    done(play, "b")
    assert play.path.count("a") == 1


def test_an_inclusive_join_waits_only_for_branches_that_can_still_come() -> None:
    drawn = process(
        node("inclusiveGateway", "f", default="f->c"),
        node("inclusiveGateway", "j"),
        *(node("userTask", t) for t in "abc"),
        path("s", "f"),
        flow("f", "a", "x"),
        flow("f", "b", "y"),
        flow("f", "c"),
        path("a", "j", "e"),
        path("b", "j"),
        path("c", "j"),
    )
    play = Play(drawn, variables={"x": True, "y": True})
    assert play.open == {"user:a", "user:b"}
    done(play, "a")
    assert not play.ended
    done(play, "b")
    assert play.ended
    assert play.path.count("e") == 1
    play = Play(drawn, variables={"x": False, "y": False})
    assert play.open == {"user:c"}
    done(play, "c")
    assert play.ended


def test_a_subprocess_sees_the_variables_around_it_and_what_it_sets_stays() -> None:
    inner = node("startEvent", "is") + node("userTask", "ia") + node("endEvent", "ie") + path("is", "ia", "ie")
    play = Play(
        process(
            node("subProcess", "sub", inner),
            node("exclusiveGateway", "g", default="g->e"),
            node("task", "z"),
            path("s", "sub", "g"),
            flow("g", "z", "x + n == 3"),
            flow("g", "e"),
        ),
        variables={"n": 1},
    )
    done(play, "ia", x=2)
    assert play.ended
    assert "z" in play.path


def test_a_call_activity_gets_and_gives_what_its_mapping_names() -> None:
    mapping = (
        "<bpmn:extensionElements>"
        '<camunda:in source="n" target="k"/><camunda:out sourceExpression="k * 2" target="twice"/>'
        "</bpmn:extensionElements>"
    )
    called = process(node("userTask", "q"), path("called_s", "q", "called_e"), id_="called")
    play = Play(
        process(
            node("callActivity", "call", mapping, calledElement="called"),
            node("userTask", "after"),
            path("s", "call", "after", "e"),
        ),
        called,
        variables={"n": 4, "secret": 1},
    )
    done(play, "q", own=True)
    state = json.loads(play.state or b"")
    assert state["scopes"][0]["variables"] == {"n": 4, "secret": 1, "twice": 8}


def test_a_process_that_calls_itself_without_end_is_stopped() -> None:
    with pytest.raises(StepFailed, match="20 deep"):
        Play(process(node("callActivity", "again", calledElement="p"), path("s", "again", "e")))


def test_a_loop_without_a_wait_is_stopped() -> None:
    with pytest.raises(StepFailed, match="10,000"):
        Play(process(node("exclusiveGateway", "m"), node("task", "a"), path("s", "m", "a", "m")))


def test_what_an_element_says_of_the_ticket_happens_on_entering_and_leaving_it() -> None:
    play = Play(
        process(
            node(
                "userTask",
                "a",
                properties={
                    "status": "open",
                    "clockStart": "answer",
                    "mail": "hello",
                    "set.category": "=kind",
                    "goal": "answer",
                },
            ),
            node("exclusiveGateway", "g", default="g->e", properties={"clockMeet": "answer"}),
            node("task", "bug"),
            path("s", "a", "g"),
            flow("g", "bug", "ticket.category == 'bug'"),
            flow("g", "e"),
        )
    )
    assert play.of("ticket_changed")[0].fields == {"status": "open"}
    assert play.of("clock_started")[0].goal == "answer"
    assert play.of("mail_queued")[0].to == "involved"
    done(play, "a", kind="bug")
    assert play.of("ticket_changed")[1].fields == {"category": "bug"}
    assert play.of("clock_stopped")[0].met
    assert "bug" in play.path


def test_cancelling_takes_every_token_away() -> None:
    play = Play(
        process(
            node("userTask", "a"),
            node("boundaryEvent", "t", TIMER.format("PT1H"), attachedToRef="a"),
            path("s", "a", "e"),
            path("t", "e"),
        )
    )
    play.send(Cancelled("by the PM"))
    assert play.ended
    assert play.open == set()
    assert play.of("instance_ended")[0].outcome == "cancelled"


def test_a_second_completion_finds_nothing_that_waits() -> None:
    play = Play(process(node("userTask", "a"), node("userTask", "b"), path("s", "a", "b", "e")))
    token = play.token("user", "a")
    done(play, "a")
    with pytest.raises(Conflict):
        play.send(UserTaskCompleted(token))


def test_the_same_inputs_give_the_same_bytes_and_a_loop_keeps_its_size() -> None:
    drawn = process(
        node("userTask", "a"),
        node("userTask", "b"),
        node("exclusiveGateway", "g", default="g->a"),
        path("s", "a", "b", "g"),
        flow("g", "e", "stop"),
        flow("g", "a"),
    )
    plays = [Play(drawn), Play(drawn)]
    sizes = []
    for _ in range(300):
        for play in plays:
            done(play, "a")
            done(play, "b", stop=False)
        assert plays[0].state == plays[1].state
        assert plays[0].effects[-8:] == plays[1].effects[-8:]
        sizes.append(len(plays[0].state or b""))
    assert sizes[-1] <= sizes[9] * 1.02
    ids = [effect.id for effect in plays[0].effects]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b'{"format":2}', b'{"format":1}', b"\xff"])
def test_a_state_that_is_not_ours_is_refused(broken: bytes) -> None:
    play = Play(process(node("userTask", "a"), path("s", "a", "e")))
    with pytest.raises(CorruptState):
        advance(play.definitions, broken, UserTaskCompleted(2), {}, NOW, SANDBOX)


def test_a_question_asked_in_a_form_becomes_a_public_note() -> None:
    asked = {"note": "=question", "noteExpects": "customer"}
    play = Play(process(node("userTask", "a", properties=asked), path("s", "a", "e")))
    done(play, "a", question="Which browser?")
    assert [(e.text, e.expects) for e in play.of("note_written")] == [("Which browser?", "customer")]


def test_an_empty_note_is_not_written() -> None:
    play = Play(process(node("userTask", "a", properties={"note": "=question"}), path("s", "a", "e")))
    done(play, "a", question=None)
    assert play.of("note_written") == []


@pytest.mark.parametrize("more", ["", '<camunda:in source="x" target="y"/>'], ids=["everything", "and a line more"])
def test_a_process_that_is_handed_everything_undoes_nothing_of_what_others_did_meanwhile(more: str) -> None:
    every = f'<camunda:in variables="all"/>{more}<camunda:out variables="all"/>'
    play = Play(
        process(
            node("parallelGateway", "f"), node("userTask", "u"), node("parallelGateway", "j"),
            node("callActivity", "c", f"<bpmn:extensionElements>{every}</bpmn:extensionElements>", calledElement="q"),
            path("s", "f", "c", "j"), path("f", "u", "j"), flow("j", "e"),
        ),
        process(node("userTask", "v"), path("q_s", "v", "q_e"), id_="q"), variables={"x": 1},
    )  # fmt: skip
    play.send(UserTaskCompleted(play.token("user", "u"), {"x": 2}))
    play.send(UserTaskCompleted(play.token("user", "v"), {"z": 3}))
    assert play.variables["x"] == 2
    assert play.variables.get("y") == (1 if more else None)
