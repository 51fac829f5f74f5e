"""Whether an instance can go on by another version: safe, a choice, or impossible because of what."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.events import UserTaskCompleted
from engine.spiff.state import places
from tests.unit.spiff.drawing import MESSAGE, Play, flow, node, path, process
from tests.unit.spiff.migrating.moving import READ, drawn, judge, move, said_of

A_TO_B = process(node("userTask", "a"), node("userTask", "b"), path("s", "a", "b", "e"))
BETWEEN = process(
    node("userTask", "a"), node("userTask", "x"), node("userTask", "b"), path("s", "a", "x", "b", "e")
)  # fmt: skip


def done(play: Play, element: str, **data: Any) -> None:
    play.send(UserTaskCompleted(play.token("user", element), data))


def multiple(count: int, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f"<bpmn:multiInstanceLoopCharacteristics{written}><bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def forked(*branches: str, join: str = "parallelGateway") -> str:
    """Branches of a user task each, between a fork and a join."""
    tasks = "".join(node("userTask", branch) for branch in branches)
    ways = "".join(path("fork", branch, "join") for branch in branches)
    gateways = node("parallelGateway", "fork") + node(join, "join")
    return process(tasks, gateways, ways, path("s", "fork"), path("join", "e"))


def test_a_task_added_behind_the_token_is_safe_there_and_back_and_is_come_to() -> None:
    play = Play(A_TO_B)
    before, old, new = play.state, play.definitions, drawn(BETWEEN)
    verdict = move(play, new)
    assert (verdict.kind, play.state, verdict.moved.effects) == ("safe", before, ())  # type: ignore[union-attr]
    move(play, old)
    assert play.state == before
    move(play, new)
    done(play, "a")
    assert play.open == {"user:x"}


def test_the_way_back_wants_a_choice_once_the_token_stands_at_the_task_that_was_added() -> None:
    play = Play(BETWEEN)
    done(play, "a", x=1)
    verdict = judge(play, drawn(A_TO_B))
    assert said_of(verdict) == [("choice", "x", "'x' is gone.")]
    assert [option.element for option in verdict.findings[0].options] == ["a", "b"]
    moved = move(play, drawn(A_TO_B), mapping={("p", "x"): "b"}).moved
    assert moved is not None and play.variables == {"x": 1}
    (token,) = moved.elements
    assert moved.elements[token] == "b" and [shown.name for shown in moved.user_tasks] == ["b"]
    play.send(UserTaskCompleted(token))
    assert play.ended


@pytest.mark.parametrize("chosen", ["s", "e", "nowhere", "x"])
def test_a_choice_that_does_not_fit_is_still_to_be_made(chosen: str) -> None:
    play = Play(BETWEEN)
    done(play, "a")
    assert judge(play, drawn(A_TO_B), {("p", "x"): chosen}).kind == "choice"


def test_an_element_of_another_kind_wants_a_choice_and_without_one_of_the_same_kind_none_is_possible() -> None:
    message = node("receiveTask", "a", messageRef="msg_m")
    play = Play(A_TO_B)
    verdict = judge(play, drawn(process(message, node("userTask", "b"), path("s", "a", "b", "e"))))
    assert said_of(verdict) == [("choice", "a", "'a' has become another kind of element.")]
    assert judge(play, drawn(process(message, path("s", "a", "e")))).kind == "impossible"


def test_an_instance_of_a_process_that_is_gone_stays() -> None:
    verdict = judge(Play(A_TO_B), drawn(process(path("q_s", "q_e"), id_="q")))
    assert said_of(verdict) == [("impossible", "", "The new version has no process 'p'.")]


def test_what_an_open_user_task_shows_is_the_new_version_s() -> None:
    play = Play(A_TO_B)
    other = node("userTask", "a", camunda__formKey="repair", camunda__candidateGroups="clerk, pm")
    moved = judge(play, drawn(process(other.replace('name="a"', 'name="Look"'), path("s", "a", "e")))).moved
    assert moved is not None
    (shown,) = moved.user_tasks
    assert (shown.token, shown.name, shown.form, shown.groups) == (
        play.token("user", "a"), "Look", "repair", ("clerk", "pm"),
    )  # fmt: skip


class TestInside:
    """A scope around a token has to be the same one."""

    INNER = node("startEvent", "i") + node("userTask", "a") + node("endEvent", "o") + path("i", "a", "o")

    def test_a_subprocess_that_stays_is_safe_and_one_that_is_gone_keeps_its_tickets(self) -> None:
        play = Play(process(node("subProcess", "sub", self.INNER), path("s", "sub", "e")))
        around = process(node("subProcess", "sub", self.INNER), node("task", "t"), path("s", "sub", "t", "e"))
        move(play, drawn(around))
        verdict = judge(play, drawn(process(node("userTask", "a"), path("s", "a", "e"))))
        assert said_of(verdict) == [("impossible", "sub", "'sub' is gone.")]

    def test_a_task_inside_that_is_gone_wants_a_choice_of_the_same_subprocess(self) -> None:
        play = Play(process(node("subProcess", "sub", self.INNER), node("userTask", "z"), path("s", "sub", "z", "e")))
        other = process(
            node("subProcess", "sub", self.INNER.replace('"a"', '"b"').replace("a->", "b->")), node("userTask", "z"),
            path("s", "sub", "z", "e"),
        )  # fmt: skip
        other = other.replace('targetRef="a"', 'targetRef="b"').replace('sourceRef="a"', 'sourceRef="b"')
        (finding,) = judge(play, drawn(other)).findings
        assert (finding.process, finding.element, [o.element for o in finding.options]) == ("sub", "a", ["b"])
        assert judge(play, drawn(other), {("sub", "a"): "b"}).kind == "safe"

    def test_a_call_that_leads_elsewhere_now_keeps_its_tickets(self) -> None:
        called = [process(node("userTask", f"{q}_a"), path(f"{q}_s", f"{q}_a", f"{q}_e"), id_=q) for q in ("q", "r")]
        calls = [process(node("callActivity", "c", calledElement=q), path("s", "c", "e")) for q in ("q", "r")]
        play = Play(calls[0], *called)
        assert judge(play, drawn(calls[0], *called)).kind == "safe"
        assert said_of(judge(play, drawn(calls[1], *called))) == [("impossible", "c", "'c' calls another process now.")]

    def test_instances_that_would_run_in_another_way_keep_their_tickets(self) -> None:
        def several(loop: str) -> str:
            return process(node("userTask", "a", loop), node("userTask", "b"), path("s", "a", "b", "e"))

        play = Play(several(multiple(3)))
        assert judge(play, drawn(several(multiple(3)))).kind == "safe"
        assert judge(play, drawn(several(multiple(5)))).kind == "safe"
        sequential = judge(play, drawn(several(multiple(3, isSequential="true"))))
        assert said_of(sequential) == [("impossible", "a", "The instances of 'a' run in another way now.")]
        assert judge(play, drawn(several(""))).kind == "impossible"
        assert judge(Play(several("")), drawn(several(multiple(3)))).findings[0].kind == "choice"


class TestJoins:
    """Tokens that wait for one another."""

    def test_a_task_put_before_the_join_takes_the_place_of_the_flow(self) -> None:
        play = Play(forked("a", "b"))
        done(play, "a")
        before, old = play.state, play.definitions
        tasks = node("userTask", "a") + node("userTask", "b") + node("userTask", "x")
        gateways = node("parallelGateway", "fork") + node("parallelGateway", "join")
        ways = path("s", "fork", "a", "x", "join", "e") + path("fork", "b", "join")
        move(play, drawn(process(tasks, gateways, ways)))
        move(play, old)
        assert play.state == before
        done(play, "b")
        assert play.ended

    def test_a_branch_that_was_never_begun_would_be_waited_for_without_end(self) -> None:
        play = Play(forked("a", "b"))
        told = "'join' would wait for a branch that this ticket never began."
        assert said_of(judge(play, drawn(forked("a", "b", "c")))) == [("impossible", "join", told)]
        one_by_one = Play(A_TO_B)
        assert judge(one_by_one, drawn(forked("a", "b"))).kind == "impossible"

    def test_a_flow_that_is_gone_leaves_its_token_without_a_place(self) -> None:
        play = Play(forked("a", "b", "c"))
        done(play, "c")
        told = "The flow by which a token has come to 'join' is gone."
        assert said_of(judge(play, drawn(forked("a", "b")))) == [("impossible", "join", told)]

    @pytest.mark.parametrize("join", ["parallelGateway", "inclusiveGateway"])
    def test_a_join_that_nothing_keeps_any_more_is_not_let_go_by_the_move(self, join: str) -> None:
        apart = node("userTask", "b") + node("userTask", "c") + node("parallelGateway", "fork") + node(join, "join")
        ways = path("s", "fork", "b", "join", "e") + path("fork", "c")
        play = Play(process(apart, ways, path("c", "join")))
        done(play, "b")
        told = "Nothing is missing any more at 'join': it would go on by the move."
        assert said_of(judge(play, drawn(process(apart, ways, path("c", "e"))))) == [("impossible", "join", told)]

    def test_a_gateway_that_a_token_waits_at_can_not_be_gone(self) -> None:
        play = Play(forked("a", "b"))
        done(play, "a")
        verdict = judge(play, drawn(process(node("userTask", "b"), path("s", "b", "e"))))
        assert said_of(verdict) == [("impossible", "join", "'join' is gone.")]


def test_arms_of_an_event_gateway_come_and_go() -> None:
    def offered(*names: str) -> str:
        events = "".join(node("intermediateCatchEvent", name, MESSAGE.format(name)) for name in names)
        ways = "".join(path("g", name, "e") for name in names)
        return process(node("eventBasedGateway", "g"), events, ways, path("s", "g"))

    play = Play(offered("m"))
    before = places(play.state or b"")
    moved = move(play, drawn(offered("m", "n"))).moved
    assert moved is not None
    assert [(effect.kind, effect.element) for effect in moved.effects] == [("subscription_opened", "n")]
    assert [place.element for place in places(play.state or b"")] == ["g", "m", "n"]
    moved = move(play, drawn(offered("m"))).moved
    assert moved is not None
    assert [(effect.kind, effect.element) for effect in moved.effects] == [("subscription_closed", "n")]
    assert places(play.state or b"") == before


def test_a_job_on_its_way_is_kept_whatever_its_element_asks_for_now() -> None:
    jobs = [
        process(
            node("serviceTask", "j", properties={"job": "webhook", "job.url": f"https://{host}/"}), path("s", "j", "e")
        )
        for host in ("one.example", "two.example")
    ]
    play = Play(jobs[0])
    assert play.open == {"job:j"}
    moved = move(play, drawn(jobs[1])).moved
    assert moved is not None and not moved.effects
    without = judge(play, drawn(process(node("task", "j"), path("s", "j", "e"))))
    assert without.kind == "impossible"


def test_a_state_that_can_not_be_read_is_told_and_not_moved() -> None:
    play = Play(A_TO_B)
    play.state = b"{}"
    assert judge(play, drawn(A_TO_B)).kind == "impossible"


def test_the_name_of_a_message_that_is_waited_for_may_change() -> None:
    play = Play(process(node("receiveTask", "r", messageRef="msg_m"), path("s", "r", "e")))
    event = node("intermediateCatchEvent", "r", READ.replace("msg_m", "msg_n"))
    moved = move(play, drawn(process(event, path("s", "r", "e")))).moved
    assert moved is not None
    assert [(effect.message, effect.key) for effect in moved.effects] == [("n", "7")]  # type: ignore[attr-defined]


def test_a_flow_of_a_loop_leads_nobody_astray() -> None:
    """A token may come to a join again from behind it: then nothing is starved."""
    gateways = node("parallelGateway", "fork") + node("parallelGateway", "join") + node("exclusiveGateway", "again")
    tasks = node("userTask", "a") + node("userTask", "b")
    ways = path("s", "again", "fork", "a", "join") + path("fork", "b", "join")
    looped = process(
        gateways, tasks, node("userTask", "c"), node("exclusiveGateway", "more", default="more->e"), ways,
        path("join", "c", "more", "e"), flow("more", "again", "True"),
    )  # fmt: skip
    play = Play(looped)
    done(play, "a")
    done(play, "b")
    assert judge(play, drawn(looped)).kind == "safe"
