"""What comes next, told from the drawing and where the tokens stand."""

from __future__ import annotations

import pytest

from engine.domain.errors import CorruptState
from engine.domain.events import UserTaskCompleted
from engine.spiff.ahead import Ahead, look_ahead
from engine.spiff.state import places
from tests.unit.spiff.drawing import ERROR, MESSAGE, TERMINATE, TIMER, Play, flow, node, path, process


def ahead(play: Play, present: str = "") -> Ahead:
    assert play.state is not None
    return look_ahead(play.definitions, play.state, present)


def step(kind: str, key: str, name: str, inner: str = "", **attributes: str) -> str:
    """An element that names a step."""
    return node(kind, key, inner, {"step": name}, **attributes)


def test_the_next_step_is_the_first_on_the_way() -> None:
    play = Play(process(node("userTask", "a"), step("userTask", "b", "two"), step("task", "c", "three"),
                        path("s", "a", "b", "c", "e")))  # fmt: skip
    assert ahead(play) == Ahead(frozenset({"two"}))


def test_an_element_of_the_present_step_is_passed_over() -> None:
    play = Play(process(step("userTask", "a", "one"), step("task", "b", "one"), step("task", "c", "two"),
                        path("s", "a", "b", "c", "e")))  # fmt: skip
    assert ahead(play, "one") == Ahead(frozenset({"two"}))


def test_every_branch_of_a_gateway_is_looked_into_and_no_condition_asked() -> None:
    play = Play(
        process(
            node("userTask", "a"),
            node("exclusiveGateway", "g", default="g->e"),
            step("task", "b", "two"),
            step("task", "c", "three"),
            path("s", "a", "g"),
            flow("g", "b", "unknown_yet == 1"),
            flow("g", "c", "unknown_yet == 2"),
            flow("g", "e"),
        )
    )
    assert ahead(play) == Ahead(frozenset({"two", "three"}), ends=True)


def test_a_loop_comes_to_an_end() -> None:
    play = Play(process(node("userTask", "a"), node("exclusiveGateway", "g"), path("s", "g", "a", "g")))
    assert ahead(play) == Ahead()


CALLED = process(node("userTask", "inner"), path("q_s", "inner", "q_e"), id_="q")


def test_the_way_goes_into_called_processes() -> None:
    called = process(step("task", "inner", "inside"), path("q_s", "inner", "q_e"), id_="q")
    calling = process(node("userTask", "a"), node("callActivity", "call", calledElement="q"), path("s", "a", "call"))
    assert ahead(Play(calling, called)) == Ahead(frozenset({"inside"}))


def test_the_way_goes_through_called_processes_and_out_again() -> None:
    calling = process(node("userTask", "a"), node("callActivity", "call", calledElement="q"), step("task", "b", "two"),
                      path("s", "a", "call", "b"))  # fmt: skip
    play = Play(calling, CALLED)
    assert ahead(play) == Ahead(frozenset({"two"}))
    play.send(UserTaskCompleted(play.token("user", "a")))
    assert play.open == {"user:inner"}
    assert ahead(play) == Ahead(frozenset({"two"}))


def test_nothing_lies_behind_a_called_process_that_never_ends() -> None:
    endless = process(node("userTask", "inner"), path("q_s", "inner"), flow("inner", "inner"), id_="q")
    calling = process(node("callActivity", "call", calledElement="q"), step("task", "b", "two"), path("s", "call", "b"))
    assert ahead(Play(calling, endless)) == Ahead()


def test_processes_that_call_one_another_in_a_circle_are_looked_into() -> None:
    first = process(node("userTask", "a"), node("callActivity", "call", calledElement="q"), path("s", "a", "call", "e"))
    second = process(
        node("exclusiveGateway", "g", default="g->back"),
        node("callActivity", "back", calledElement="p"),
        step("task", "b", "two"),
        path("q_s", "g"),
        flow("g", "b", "x == 1"),
        flow("g", "back"),
        path("back", "q_e"),
        path("b", "q_e"),
        id_="q",
    )
    assert ahead(Play(first, second)) == Ahead(frozenset({"two"}))


def test_a_subprocess_is_entered_and_left() -> None:
    inside = (
        node("startEvent", "is") + node("userTask", "i") + node("endEvent", "ie", TERMINATE) + path("is", "i", "ie")
    )
    play = Play(process(node("subProcess", "sub", inside), step("task", "b", "two"), path("s", "sub", "b")))
    assert play.open == {"user:i"}
    assert ahead(play) == Ahead(frozenset({"two"}))


def test_boundary_events_are_exceptions() -> None:
    play = Play(
        process(
            node("userTask", "a"),
            node("boundaryEvent", "m", MESSAGE.format("m"), attachedToRef="a"),
            step("task", "given_up", "over"),
            step("task", "b", "two"),
            path("s", "a", "b"),
            path("m", "given_up"),
        )
    )
    assert ahead(play) == Ahead(frozenset({"two"}))


def test_where_nothing_else_leads_anywhere_the_exceptions_are_told() -> None:
    inside = node("startEvent", "is") + node("userTask", "i") + node("endEvent", "ie", ERROR) + path("is", "i", "ie")
    play = Play(
        process(
            node("subProcess", "sub", inside),
            node("boundaryEvent", "thrown", ERROR, attachedToRef="sub"),
            step("task", "b", "two"),
            path("s", "sub", "e"),
            path("thrown", "b"),
        )
    )
    assert ahead(play) == Ahead(frozenset({"two"}))


def test_the_events_behind_an_event_gateway_are_ways_like_others() -> None:
    play = Play(
        process(
            node("eventBasedGateway", "g"),
            node("intermediateCatchEvent", "m", MESSAGE.format("m")),
            node("intermediateCatchEvent", "t", TIMER.format("PT1H")),
            step("task", "b", "two"),
            step("task", "c", "three"),
            path("s", "g", "m", "b"),
            path("g", "t", "c"),
        )
    )
    assert ahead(play) == Ahead(frozenset({"two", "three"}))


def test_tokens_of_several_branches_are_all_asked() -> None:
    play = Play(
        process(
            node("parallelGateway", "f"),
            *(node("userTask", key) for key in "ab"),
            step("task", "c", "two"),
            step("task", "d", "three"),
            path("s", "f", "a", "c"),
            path("f", "b", "d"),
        )
    )
    assert ahead(play) == Ahead(frozenset({"two", "three"}))


def test_an_instance_that_has_ended_has_nothing_ahead() -> None:
    assert ahead(Play(process(path("s", "e")))) == Ahead()


@pytest.mark.parametrize("state", [b"", b"{}", b'{"format":1}', b'{"format":1,"scopes":[{"tokens":[[1]]}]}'])
def test_a_state_that_is_none_is_refused(state: bytes) -> None:
    with pytest.raises(CorruptState):
        places(state)


def test_places_say_what_each_token_waits_for_and_in_which_scope() -> None:
    calling = process(node("callActivity", "call", calledElement="q"), path("s", "call", "e"))
    play = Play(calling, CALLED)
    assert play.state is not None
    found = {place.element: place for place in places(play.state)}
    assert {key: (place.process, place.waits) for key, place in found.items()} == {
        "call": ("p", "scope"), "inner": ("q", "user_task"),
    }  # fmt: skip
    assert found["inner"].scope == found["call"].token
    assert found["call"].scope == 0
