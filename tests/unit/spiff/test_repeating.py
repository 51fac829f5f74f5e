"""Activities that run more than once: several instances, at once or one behind the other, and loops."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import StepFailed
from engine.domain.events import MessageReceived, TimerDue, UserTaskCompleted
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import ERROR, MESSAGE, TIMER, Play, flow, node, path, process, xml


def several(more: str = "", **attributes: str) -> str:
    written = "".join(f' {name.replace("__", ":")}="{value}"' for name, value in attributes.items())
    return f"<bpmn:multiInstanceLoopCharacteristics{written}>{more}</bpmn:multiInstanceLoopCharacteristics>"


def times(text: str, more: str = "", **attributes: str) -> str:
    return several(f"<bpmn:loopCardinality>{text}</bpmn:loopCardinality>{more}", **attributes)


def over(items: str, item: str, more: str = "", **attributes: str) -> str:
    return several(more, camunda__collection=items, camunda__elementVariable=item, **attributes)


def until(condition: str) -> str:
    return f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>"


def loop(condition: str, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inner = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>" if condition else ""
    return f"<bpmn:standardLoopCharacteristics{written}>{inner}</bpmn:standardLoopCharacteristics>"


def script(text: str) -> str:
    return f"<bpmn:script>{text}</bpmn:script>"


def run(*drawn: str, **more: Any) -> Play:
    """Started, after the check found nothing."""
    assert check_diagram("p.bpmn", xml(process(*drawn))) == []
    return Play(process(*drawn), **more)


def open_tokens(play: Play, element: str) -> list[int]:
    """The user tasks that are open there, the oldest first."""
    closed = {e.token for e in play.of("user_task_closed")}
    return [e.token for e in play.of("user_task_opened") if e.element == element and e.token not in closed]


def boundary(id_: str, on: str, event: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="true" if interrupting else "false")


class TestAtOnce:
    def test_one_for_each_item_and_results_in_the_order_of_the_items(self) -> None:
        marker = over("people", "person")
        asked = node("userTask", "a", marker, {"outputCollection": "answers", "outputElement": "answer"})
        play = run(asked, path("s", "a", "e"), variables={"people": ["x", "y", "z"]})
        first, second, third = open_tokens(play, "a")
        for token, answer in ((third, 3), (first, 1), (second, 2)):
            play.send(UserTaskCompleted(token, {"answer": answer}))
        assert play.ended and play.variables["answers"] == [1, 2, 3]
        assert play.path == ["s", "a", "a", "a", "e"]
        assert "answer" not in play.variables and "person" not in play.variables

    def test_each_sees_its_own_item_and_the_counters(self) -> None:
        code = "seen = [item, loopCounter, nrOfInstances, nrOfCompletedInstances]"
        marker = over("items", "item")
        play = run(
            node("scriptTask", "a", script(code) + marker, {"outputCollection": "all", "outputElement": "seen"}),
            path("s", "a", "e"), variables={"items": ["x", "y"]},
        )  # fmt: skip
        assert play.variables["all"] == [["x", 0, 2, 0], ["y", 1, 2, 1]]

    def test_so_many_times(self) -> None:
        play = run(node("userTask", "a", times("=n + 1")), path("s", "a", "e"), variables={"n": 2})
        assert len(open_tokens(play, "a")) == 3

    def test_none_at_all_goes_on(self) -> None:
        play = run(node("userTask", "a", over("items", "item")), path("s", "a", "e"), variables={"items": []})
        assert play.ended and play.path == ["s", "a", "e"]

    def test_a_condition_ends_it_and_cancels_the_others(self) -> None:
        marker = times("3", until("${nrOfCompletedInstances &gt;= 2}"))
        play = run(node("userTask", "a", marker), path("s", "a", "e"))
        first, second, _ = open_tokens(play, "a")
        play.send(UserTaskCompleted(first, {}))
        play.send(UserTaskCompleted(second, {}))
        assert play.ended and play.open == set()

    def test_items_are_fixed_on_entry(self) -> None:
        drawn = node("scriptTask", "a", script("items = items + [1]") + over("items", "item"))
        play = run(drawn, path("s", "a", "e"), variables={"items": [1, 2]})
        assert play.path.count("a") == 2 and len(play.variables["items"]) == 4

    @pytest.mark.parametrize(
        ("marker", "variables", "said"),
        [
            (times("-1"), {}, "isn't a whole number"),
            (times("1.5"), {}, "isn't a whole number"),
            (times("5000"), {}, "more than 1,000"),
            (over("x", "i"), {"x": "abc"}, "isn't a list"),
            (over("x", "i"), {}, "'x' has no value"),
        ],
    )
    def test_what_cannot_be_counted_fails_at_its_element(
        self, marker: str, variables: dict[str, object], said: str
    ) -> None:
        with pytest.raises(StepFailed, match=said) as failed:
            run(node("userTask", "a", marker), path("s", "a", "e"), variables=variables)
        assert failed.value.element == "a"

    def test_a_counter_cannot_be_overwritten(self) -> None:
        drawn = process(node("scriptTask", "a", script("loopCounter = 9") + times("2")), path("s", "a", "e"))
        assert [p.problem for p in check_diagram("p.bpmn", xml(drawn))] == ["'loopCounter' is Iter's own name."]
        with pytest.raises(StepFailed, match="counted by Iter"):
            Play(drawn)


class TestOneBehindTheOther:
    def test_the_next_begins_when_the_one_before_is_done(self) -> None:
        play = run(node("userTask", "a", over("items", "item", isSequential="true")), path("s", "a", "e"),
                   variables={"items": [1, 2, 3]})  # fmt: skip
        for left in (2, 1, 0):
            (token,) = open_tokens(play, "a")
            play.send(UserTaskCompleted(token, {}))
            assert play.ended is (left == 0)

    def test_a_thousand_automatic_ones_in_a_row(self) -> None:
        drawn = node("scriptTask", "a", script("n = n + 1") + times("1000", isSequential="true"))
        play = run(drawn, path("s", "a", "e"), variables={"n": 0})
        assert play.variables["n"] == 1000

    def test_a_condition_ends_it(self) -> None:
        marker = over("items", "item", until("item == 2"), isSequential="true")
        play = run(node("task", "a", marker), path("s", "a", "e"), variables={"items": [1, 2, 3]})
        assert play.ended and play.path.count("a") == 2

    def test_it_is_kept_between_steps(self) -> None:
        drawn = node("userTask", "a", over("items", "item", isSequential="true"),
                     {"outputCollection": "out", "outputElement": "x"})  # fmt: skip
        play = run(drawn, path("s", "a", "e"), variables={"items": [5, 6]})
        for _ in range(2):
            (token,) = open_tokens(play, "a")
            play.send(UserTaskCompleted(token, {"x": token}))
        assert play.ended and len(play.variables["out"]) == 2


class TestLoops:
    def test_while_it_holds_asked_afterwards(self) -> None:
        play = run(
            node("scriptTask", "a", script("n = n + 1") + loop("n &lt; 3")), path("s", "a", "e"), variables={"n": 5}
        )
        assert play.path.count("a") == 1
        play = run(
            node("scriptTask", "a", script("n = n + 1") + loop("n &lt; 3")), path("s", "a", "e"), variables={"n": 0}
        )
        assert play.variables["n"] == 3

    def test_asked_before(self) -> None:
        drawn = node("scriptTask", "a", script("n = n + 1") + loop("n &lt; 3", testBefore="true"))
        assert run(drawn, path("s", "a", "e"), variables={"n": 5}).variables["n"] == 5

    def test_so_many_times_at_most(self) -> None:
        play = run(node("task", "a", loop("True", loopMaximum="4")), path("s", "a", "e"))
        assert play.path.count("a") == 4

    def test_the_condition_counts_what_has_been(self) -> None:
        play = run(node("task", "a", loop("loopCounter &lt; 3")), path("s", "a", "e"))
        assert play.path.count("a") == 3

    def test_an_endless_one_is_stopped(self) -> None:
        with pytest.raises(StepFailed, match="a loop without a wait"):
            run(node("task", "a", loop("True")), path("s", "a", "e"))


class TestAround:
    def test_a_boundary_sits_on_all_of_them(self) -> None:
        play = run(
            node("userTask", "a", times("2")), boundary("b", "a", TIMER.format("PT1H")), node("task", "t"),
            path("s", "a", "e"), path("b", "t", "e"),
        )  # fmt: skip
        assert sorted(play.open) == ["timer:b", "user:a"]
        play.send(TimerDue(play.token("timer", "b")))
        assert play.ended and play.path[-3:] == ["b", "t", "e"]

    def test_one_that_does_not_interrupt_leaves_them(self) -> None:
        play = run(
            node("userTask", "a", times("2")), boundary("b", "a", MESSAGE.format("m"), interrupting=False),
            node("task", "t"), path("s", "a", "e"), path("b", "t", "e"),
        )  # fmt: skip
        for _ in range(2):
            play.send(MessageReceived(play.token("message", "b"), {}))
        assert len(open_tokens(play, "a")) == 2 and play.path.count("t") == 2
        for token in open_tokens(play, "a"):
            play.send(UserTaskCompleted(token, {}))
        assert play.ended and play.open == set()

    def test_an_error_in_one_takes_all(self) -> None:
        inner = (
            node("startEvent", "i_s") + node("userTask", "i") + node("endEvent", "i_e", ERROR) + path("i_s", "i", "i_e")
        )  # fmt: skip
        play = run(
            node("subProcess", "x", inner + times("3")), boundary("b", "x", ERROR), path("s", "x", "e"), flow("b", "e"),
        )  # fmt: skip
        play.send(UserTaskCompleted(open_tokens(play, "i")[1], {}))
        assert play.ended and play.open == set()

    def test_called_processes_have_variables_of_their_own(self) -> None:
        marker = over("items", "item", isSequential="true")
        mapping = (
            '<bpmn:extensionElements><camunda:in source="item" target="x"/><camunda:out source="y" target="result"/>'
            '<camunda:properties><camunda:property name="outputCollection" value="all"/>'
            '<camunda:property name="outputElement" value="result"/></camunda:properties></bpmn:extensionElements>'
        )
        called = process(node("scriptTask", "q1", script("y = x * 2")), path("q_s", "q1", "q_e"), id_="q")
        drawn = process(node("callActivity", "a", mapping + marker, calledElement="q"), path("s", "a", "e"))
        play = Play(drawn, called, variables={"items": [1, 2, 3]})
        assert play.variables["all"] == [2, 4, 6] and "y" not in play.variables

    def test_inside_one_another(self) -> None:
        inner = (
            node("startEvent", "i_s") + node("endEvent", "i_e") + path("i_s", "i", "i_e")
            + node("scriptTask", "i", script("n = n + outer * inner_") + over("outer_items", "inner_"))
        )  # fmt: skip
        play = run(
            node("subProcess", "x", inner + over("items", "outer")), path("s", "x", "e"),
            variables={"items": [1, 10], "outer_items": [1, 2, 3], "n": 0},
        )  # fmt: skip
        assert play.variables["n"] == 66

    def test_the_standard_names_of_lists_and_items_are_read(self) -> None:
        inner = (
            "<bpmn:loopDataInputRef>items</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>out</bpmn:loopDataOutputRef>"
            '<bpmn:inputDataItem id="item" name="item"/><bpmn:outputDataItem id="y" name="y"/>'
        )
        play = run(node("scriptTask", "a", script("y = item + 1") + several(inner)), path("s", "a", "e"),
                   variables={"items": [1, 2]})  # fmt: skip
        assert play.variables["out"] == [2, 3]


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        (several(), "doesn't say how many"),
        (times("2", camunda__collection="x"), "says twice"),
        (times("2", behavior="One"), "an event at the end of single instances"),
        (times("2", "<bpmn:complexBehaviorDefinition/>"), "<complexBehaviorDefinition> in a loop"),
        (loop(""), "never ends"),
        (loop("x", loopMaximum="many"), "isn't a number"),
        (times("a b"), "can't be read"),
        (times("2", until("${a &amp;&amp; b}")), "isn't Python"),
    ],
)
def test_what_cannot_be_run_is_refused(marker: str, said: str) -> None:
    problems = check_diagram("p.bpmn", xml(process(node("task", "a", marker), path("s", "a", "e"))))
    assert any(p.element == "a" and said in p.problem and p.remedy for p in problems), problems


@pytest.mark.parametrize("how", ["item", "result"])
@pytest.mark.parametrize("kind", ["userTask", "task"])
def test_the_counter_counts_also_where_an_earlier_version_let_items_be_called_so(kind: str, how: str) -> None:
    item = ' camunda:elementVariable="loopCounter"' if how == "item" else ""
    result = {"outputElement": "loopCounter", "outputCollection": "all"} if how == "result" else {}
    loop = f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="[7, 8]"{item}/>'
    play = Play(process(node(kind, "a", loop, result), path("s", "a", "e")))
    for token in [effect.token for effect in play.effects if effect.kind == "user_task_opened"]:
        play.send(UserTaskCompleted(token))
    assert play.ended
