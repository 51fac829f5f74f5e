"""Every row of the design's table of what SpiffWorkflow does wrong: here it runs right, or is refused by name.

One test per row, in the order of the tables; a row that this Iter refuses names the element that is refused.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.domain.effects import At, MessageThrown
from engine.domain.errors import Conflict, CorruptState, StepFailed
from engine.domain.events import (
    JobCompleted,
    JobFailed,
    MessageReceived,
    SignalReceived,
    TimerDue,
    UserTaskCompleted,
    VariablesSet,
)
from engine.spiff.advancing import advance
from engine.spiff.decisions import read_decisions
from engine.spiff.state import FORMAT
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import (
    ANY_ERROR,
    CYCLE,
    ERROR,
    MESSAGE,
    NOW,
    SANDBOX,
    TERMINATE,
    TIMER,
    Play,
    flow,
    node,
    path,
    process,
    xml,
)

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
DATE = "<bpmn:timerEventDefinition><bpmn:timeDate>{}</bpmn:timeDate></bpmn:timerEventDefinition>"


def run(*drawn: str, **more: Any) -> Play:
    """Started, after the check found nothing."""
    assert check_diagram("p.bpmn", xml(*drawn)) == []
    return Play(*drawn, **more)


def refuse(said: str, element: str, *drawn: str) -> None:
    """The check names the element and says what to do."""
    problems = check_diagram("p.bpmn", xml(process(*drawn)))
    assert any(p.element == element and said in p.problem and p.remedy for p in problems), problems


def condition(text: str) -> str:
    return f"<bpmn:conditionalEventDefinition><bpmn:condition>{text}</bpmn:condition></bpmn:conditionalEventDefinition>"


def done(play: Play, element: str, **data: object) -> None:
    play.send(UserTaskCompleted(play.token("user", element), data))


def boundary(id_: str, on: str, event: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="true" if interrupting else "false")


def timers(play: Play) -> list[timedelta]:
    """How long after the start each timer that was set is due."""
    return [e.due.instant - NOW for e in play.of("timer_set") if isinstance(e.due, At)]


class TestStateAndCost:
    def test_a_thousand_turns_keep_size_and_end(self) -> None:
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

    def test_the_stored_form_holds_no_definitions(self) -> None:
        play = run(process(node("userTask", "a", "", {}), path("s", "a", "e")))
        assert len(play.state or b"") < 300

    def test_long_rows_parse_and_blocks_in_series_cost_their_elements(self) -> None:
        ids = [f"t{n}" for n in range(500)]
        blocks = "".join(
            node("parallelGateway", f"f{n}") + node("parallelGateway", f"j{n}") + path(f"f{n}", f"j{n}") * 2
            for n in range(14)
        )
        links = path("t499", "f0") + "".join(flow(f"j{n}", f"f{n + 1}") for n in range(13)) + path("j13", "e")
        began = time.monotonic()
        play = Play(process(*(node("task", i) for i in ids), path("s", *ids), blocks, links))
        assert play.ended
        assert time.monotonic() - began < 2

    def test_endless_calls_and_loops_are_stopped(self) -> None:
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

    def test_a_refused_diagram_leaves_nothing_behind(self) -> None:
        broken, sound = process(node("complexGateway", "x"), id_="q"), process(path("s", "e"))
        before = check_diagram("p.bpmn", xml(sound))
        assert check_diagram("p.bpmn", xml(broken)) != []
        assert check_diagram("p.bpmn", xml(sound)) == before == []

    def test_a_service_that_fails_is_told(self) -> None:
        play = run(process(node("serviceTask", "a", camunda__topic="webhook"), path("s", "a", "e")))
        with pytest.raises(StepFailed, match="no answer"):
            play.send(JobFailed(play.token("job", "a"), "no answer"))


class TestExpressions:
    @pytest.mark.parametrize(
        "code", ["().__class__", "eval('1')", "exec('1')", "open('/etc/passwd')", "__import__('os')"]
    )
    @pytest.mark.parametrize(
        "where",
        [
            lambda code: node("scriptTask", "x", f"<bpmn:script>y = {code}</bpmn:script>"),
            lambda code: node("task", "x") + flow("x", "e", code),
            lambda code: node("intermediateCatchEvent", "x", TIMER.format(code)),
            lambda code: node("userTask", "x", camunda__assignee=f"${{{code}}}"),
            lambda code: node("sendTask", "x", properties={"data.a": f"={code}"}, messageRef="msg_m"),
            lambda code: node("receiveTask", "x", properties={"correlationKey": f"={code}"}, messageRef="msg_m"),
        ],
        ids=["script", "condition", "timer", "assignee", "payload", "correlation"],
    )
    def test_code_that_reaches_out_is_refused_wherever_it_stands(self, code: str, where: Any) -> None:
        problems = check_diagram("p.bpmn", xml(process(where(code), path("s", "x"))))
        assert any(p.element in ("x", "x->e") and "can't" in p.problem for p in problems), problems

    @pytest.mark.parametrize("version", ["1.0", "1.1", 0, FORMAT + 1, None])
    def test_unknown_versions_of_the_state_are_refused(self, version: Any) -> None:
        play = run(process(node("userTask", "a"), path("s", "a", "e")))
        stored = (play.state or b"").replace(f'"format":{FORMAT}'.encode(), f'"format":{json.dumps(version)}'.encode())
        with pytest.raises(CorruptState):
            advance(play.definitions, stored, UserTaskCompleted(2), {}, NOW, SANDBOX)

    def test_a_failing_script_keeps_none_of_its_changes(self) -> None:
        play = run(
            process(
                node("userTask", "a"),
                node("scriptTask", "x", "<bpmn:script>n = 2\nm = 1 / n0</bpmn:script>"),
                path("s", "a", "x", "e"),
            ),
            variables={"n": 1, "n0": 0},
        )
        before = play.state
        with pytest.raises(StepFailed, match="divides by zero"):
            done(play, "a")
        assert play.state == before

    @pytest.mark.parametrize("value", ["float('nan')", "chr(0)", "chr(0xd800)", "'a' + chr(0)", "[float('inf')]"])
    def test_values_that_cannot_be_stored_are_refused(self, value: str) -> None:
        drawn = process(node("scriptTask", "x", f"<bpmn:script>y = {value}</bpmn:script>"), path("s", "x", "e"))
        with pytest.raises(StepFailed):
            Play(drawn)

    def test_variables_do_not_hide_functions(self) -> None:
        drawn = process(node("scriptTask", "x", "<bpmn:script>y = len('abc')</bpmn:script>"), path("s", "x", "e"))
        play = run(drawn, variables={"len": 7, "str": 1})
        assert play.of("variables_changed")[-1].variables == {"y": 3}


class TestElements:
    def test_gateways_without_a_matching_flow_fail_at_the_element(self) -> None:
        drawn = process(node("exclusiveGateway", "g"), path("s", "g"), flow("g", "e", "x"), flow("g", "e", "y"))
        with pytest.raises(StepFailed) as failed:
            run(drawn, variables={"x": False, "y": False})
        assert failed.value.element == "g"

    @pytest.mark.parametrize(
        "condition", ["${}", "${a && b}", "a &amp;&amp; b", "${a || b}", "!a", "a = 1", "a ? b : c"]
    )
    def test_a_condition_that_does_not_parse_is_found_by_the_check(self, condition: str) -> None:
        condition = condition.replace("&&", "&amp;&amp;")
        refuse("can't be read", "g->e", node("exclusiveGateway", "g"), path("s", "g"), flow("g", "e", condition))

    def test_a_flow_without_an_id_is_taken(self) -> None:
        assert run(process(path("s", "e"))).path == ["s", "e"]

    @pytest.mark.parametrize("name", ["Start", "End", "p.EndJoin", "Root"])
    def test_no_id_collides_with_a_name_of_the_library(self, name: str) -> None:
        assert run(process(node("task", name), path("s", name, "e"))).path == ["s", name, "e"]

    def test_a_condition_on_a_tasks_single_flow_is_asked(self) -> None:
        drawn = process(node("task", "a"), path("s", "a"), flow("a", "e", "x"))
        assert run(drawn, variables={"x": True}).path == ["s", "a", "e"]
        with pytest.raises(StepFailed):
            run(drawn, variables={"x": False})

    def test_several_flows_out_of_a_task_split(self) -> None:
        play = run(process(node("task", "a"), node("userTask", "b"), path("s", "a", "b"), path("a", "e")))
        assert play.open == {"user:b"}
        assert not play.ended

    def test_a_task_without_an_outgoing_flow_ends(self) -> None:
        assert run(process(node("task", "a"), path("s", "a"), node("task", "b"), path("a", "e"), path("s", "b"))).ended

    def test_complex_gateways_are_refused_even_where_none_comes(self) -> None:
        refuse("complex gateway", "x", node("complexGateway", "x"), path("s", "e"))

    def test_two_timers_behind_an_event_gateway_have_deadlines_of_their_own(self) -> None:
        play = run(
            process(
                node("eventBasedGateway", "g"),
                node("intermediateCatchEvent", "five", TIMER.format("PT5S")),
                node("intermediateCatchEvent", "two", TIMER.format("PT2S")),
                path("s", "g", "five", "e"),
                path("g", "two", "e"),
            )
        )
        assert timers(play) == [timedelta(seconds=5), timedelta(seconds=2)]
        play.send(TimerDue(play.token("timer", "two")))
        assert play.path == ["s", "g", "two", "e"]
        assert play.ended

    @pytest.mark.parametrize("event", [condition("x"), CYCLE.format("R/PT1H")], ids=["conditional", "cycle"])
    def test_conditions_and_cycles_behind_an_event_gateway_come(self, event: str) -> None:
        play = run(
            process(
                node("eventBasedGateway", "g"),
                node("intermediateCatchEvent", "x", event),
                node("receiveTask", "r", messageRef="msg_m"),
                path("s", "g", "x", "e"),
                path("g", "r", "e"),
            ),
            variables={"x": False},
        )
        if "timer:x" in play.open:
            play.send(TimerDue(play.token("timer", "x")))
        else:
            play.send(VariablesSet(play.token("message", "r"), {"x": True}))
        assert play.ended and play.open == set()

    @pytest.mark.parametrize(
        ("kind", "event"),
        [
            ("endEvent", "<bpmn:compensateEventDefinition/>"),
            ("intermediateThrowEvent", "<bpmn:compensateEventDefinition/>"),
            # illegal in their places
            ("intermediateThrowEvent", TIMER.format("PT1H")),
            ("endEvent", TIMER.format("PT1H")),
            ("endEvent", condition("x")),
            ("intermediateCatchEvent", '<bpmn:escalationEventDefinition escalationRef="esc"/>'),
            ("startEvent", SIGNAL),
            ("endEvent", '<bpmn:linkEventDefinition name="A"/>'),
            ("endEvent", "<bpmn:cancelEventDefinition/>"),
            ("intermediateCatchEvent", ERROR),
            ("intermediateCatchEvent", TERMINATE),
            ("intermediateThrowEvent", ERROR),
            ("startEvent", TERMINATE),
            ("intermediateCatchEvent", "<bpmn:eventDefinitionRef>t</bpmn:eventDefinitionRef>"),
            ("userTask", TIMER.format("PT1H")),
            ("exclusiveGateway", MESSAGE.format("m")),
        ],
    )
    def test_events_that_do_nothing_there_are_refused(self, kind: str, event: str) -> None:
        refuse("Iter doesn't run", "x", node(kind, "x", event), path("s", "x"))

    def test_what_terminate_ends_does_not_run_any_more(self) -> None:
        play = run(
            process(
                node("parallelGateway", "f"),
                node("endEvent", "x", TERMINATE),
                node("task", "a"),
                node("scriptTask", "b", "<bpmn:script>ran = True</bpmn:script>"),
                path("s", "f", "x"),
                path("f", "a", "b", "e"),
            )
        )
        assert play.ended
        assert play.of("variables_changed") == []

    @pytest.mark.parametrize("event", [MESSAGE.format("m"), TIMER.format("PT1H")], ids=["message", "timer"])
    def test_an_interrupting_boundary_event_takes_its_user_task_once(self, event: str) -> None:
        play = run(process(node("userTask", "a"), boundary("b", "a", event), path("s", "a", "e"), path("b", "e")))
        kind, sent = ("message", MessageReceived) if "message" in event else ("timer", TimerDue)
        token = play.token(kind, "b")
        play.send(sent(token))
        assert play.ended
        assert play.path == ["s", "a", "b", "e"]
        with pytest.raises(Conflict):
            play.send(sent(token))

    def test_an_interrupting_cycle_fires_once(self) -> None:
        drawn = boundary("b", "a", CYCLE.format("R/PT1H"))
        play = run(process(node("userTask", "a"), drawn, path("s", "a", "e"), path("b", "e")))
        play.send(TimerDue(play.token("timer", "b")))
        assert play.ended and play.open == set() and len(timers(play)) == 1

    def test_a_non_interrupting_message_is_heard_again(self) -> None:
        drawn = boundary("b", "a", MESSAGE.format("m"), interrupting=False)
        play = run(process(node("userTask", "a"), drawn, node("task", "c"), path("s", "a", "e"), path("b", "c")))
        for _ in range(3):
            play.send(MessageReceived(play.token("message", "b")))
        done(play, "a")
        assert play.path.count("c") == 3
        assert play.ended

    def test_a_non_interrupting_signal_is_heard_again(self) -> None:
        drawn = boundary("b", "a", SIGNAL, interrupting=False)
        play = run(process(node("userTask", "a"), drawn, node("task", "c"), path("s", "a", "e"), path("b", "c")))
        for _ in range(3):
            play.send(SignalReceived(play.token("message", "b")))
        assert play.path.count("c") == 3

    @pytest.mark.parametrize("kind", ["userTask", "receiveTask", "subProcess", "callActivity"])
    def test_a_boundary_on_several_instances_takes_all_of_them(self, kind: str) -> None:
        marker = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
        inner = node("startEvent", "i1") + node("userTask", "i2") + path("i1", "i2") if kind == "subProcess" else ""
        more = {"receiveTask": {"messageRef": "msg_m"}, "callActivity": {"calledElement": "q"}}.get(kind, {})
        drawn = node(kind, "x", inner + marker + "</bpmn:multiInstanceLoopCharacteristics>", **more)
        called = process(node("userTask", "q1"), path("q_s", "q1", "q_e"), id_="q")
        on = boundary("b", "x", MESSAGE.format("n"))
        play = run(process(drawn, on, path("s", "x", "e"), path("b", "e")), called)
        play.send(MessageReceived(play.token("message", "b")))
        assert play.ended and play.open == set()

    def test_start_and_completion_quantities_are_refused(self) -> None:
        refuse("completionQuantity", "x", node("userTask", "x", completionQuantity="2"), path("s", "x", "e"))
        refuse("startQuantity", "x", node("userTask", "x", startQuantity="2"), path("s", "x", "e"))

    def test_an_error_reaches_the_innermost_boundary_and_no_sibling(self) -> None:
        def sub(id_: str, *inner: str) -> str:
            return node("subProcess", id_, node("startEvent", f"{id_}s") + "".join(inner))

        thrower = node("userTask", "u") + node("endEvent", "boom", ERROR) + path("as", "u", "boom")
        sibling = node("userTask", "w") + path("bs", "w")
        play = run(
            process(
                sub("outer", node("parallelGateway", "f"), sub("a", thrower), sub("b", sibling),
                    boundary("on_a", "a", ERROR), boundary("on_b", "b", ERROR), node("task", "mended"),
                    node("task", "wrong"), path("outers", "f", "a"), path("f", "b"), path("on_a", "mended"),
                    path("on_b", "wrong")),
                boundary("on_outer", "outer", ERROR),
                path("s", "outer", "e"),
                path("on_outer", "e"),
            )
        )  # fmt: skip
        done(play, "u")
        assert play.path[-2:] == ["on_a", "mended"]
        assert play.open == {"user:w"}
        done(play, "w")
        assert play.ended
        assert "on_outer" not in play.path

    def test_an_exception_in_a_script_reaches_an_error_boundary(self) -> None:
        drawn = node("scriptTask", "x", "<bpmn:script>y = 1 / zero</bpmn:script>") + boundary("b", "x", ANY_ERROR)
        play = run(process(drawn, path("s", "x", "e"), path("b", "e")), variables={"zero": 0})
        assert play.path == ["s", "x", "b", "e"]

    @pytest.mark.parametrize("event", [TIMER.format("PT1H"), MESSAGE.format("m"), ERROR, condition("x")])
    def test_an_event_subprocess_runs_when_its_event_comes_and_the_main_flow_stops(self, event: str) -> None:
        inner = node("startEvent", "x1", event) + node("endEvent", "x2") + path("x1", "x2")
        thrower = node("endEvent", "boom", ERROR) if event == ERROR else ""
        last = "boom" if thrower else "after"
        drawn = node("userTask", "a"), thrower or node("task", "after"), path("s", "a", last)
        handler = node("subProcess", "x", inner, triggeredByEvent="true")
        play = run(process(*drawn, "" if thrower else path("after", "e"), handler).replace(node("endEvent", "e"), "")
                   if thrower else process(*drawn, path("after", "e"), handler), variables={"x": False})  # fmt: skip
        assert "x" not in play.path
        if "timer:x1" in play.open:
            play.send(TimerDue(play.token("timer", "x1")))
        elif "message:x1" in play.open:
            play.send(MessageReceived(play.token("message", "x1")))
        elif event == ERROR:
            done(play, "a")
        else:
            play.send(VariablesSet(play.token("user", "a"), {"x": True}))
        assert play.path[-3:] == ["x", "x1", "x2"] and play.ended

    def test_ad_hoc_subprocesses_and_transactions_are_refused(self) -> None:
        refuse("ad-hoc", "x", node("adHocSubProcess", "x"), path("s", "x", "e"))
        refuse("transaction", "x", node("transaction", "x"), path("s", "x", "e"))

    def test_a_message_reaches_one_of_several_receivers(self) -> None:
        play = run(
            process(
                node("parallelGateway", "f"),
                node("receiveTask", "a", messageRef="msg_m"),
                node("receiveTask", "b", messageRef="msg_m"),
                path("s", "f", "a", "e"),
                path("f", "b", "e"),
            )
        )
        play.send(MessageReceived(play.token("message", "a")))
        assert play.open == {"message:b"}

    def test_correlation_keys_are_computed_by_the_seam(self) -> None:
        keyed = {"correlationKey": "='order-' + str(order)"}
        play = run(
            process(
                node("sendTask", "x", properties={**keyed, "data.n": "=order + 1"}, messageRef="msg_m"),
                node("receiveTask", "y", properties=keyed, messageRef="msg_n"),
                node("receiveTask", "z", messageRef="msg_n"),
                path("s", "x", "y", "z", "e"),
            ),
            variables={"order": 3},
        )
        thrown: MessageThrown = play.of("message_thrown")[0]
        assert (thrown.message, thrown.key, thrown.data) == ("m", "order-3", {"n": 4})
        play.send(MessageReceived(play.token("message", "y")))
        assert [e.key for e in play.of("subscription_opened")] == ["order-3", "7"]

    def test_the_engine_takes_the_keys_of_messages_from_what_they_hold(self) -> None:
        where = "<bpmn:formalExpression>order</bpmn:formalExpression>"
        extra = (
            '<bpmn:correlationProperty id="cp" name="order"><bpmn:correlationPropertyRetrievalExpression'
            f' messageRef="msg_m">{where}</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>'
        )
        drawn = process(
            node("intermediateThrowEvent", "x", MESSAGE.format("m"), {"data.order": "=number"}),
            node("intermediateCatchEvent", "y", MESSAGE.format("m")),
            path("s", "x", "y", "e"),
        )
        play = run(drawn, extra, variables={"number": 5})
        assert [effect.key for effect in (*play.of("message_thrown"), *play.of("subscription_opened"))] == ["5", "5"]

    def test_a_service_task_waits_for_its_job_in_both_dialects(self) -> None:
        spiff = (
            '<bpmn:serviceTask id="x"><bpmn:extensionElements>'
            '<s:serviceTaskOperator xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" id="webhook"'
            ' resultVariable="r"/></bpmn:extensionElements></bpmn:serviceTask>'
        )
        camunda = node("serviceTask", "x", camunda__topic="webhook", camunda__resultVariable="r")
        for drawn in (spiff, camunda):
            play = run(process(drawn, path("s", "x", "e")))
            assert play.open == {"job:x"}
            play.send(JobCompleted(play.token("job", "x"), {"a": 1}))
            assert play.ended
            assert play.of("variables_changed")[-1].variables == {"r": {"a": 1}}

    def test_receive_and_send_tasks_without_a_message_do_not_pass_unseen(self) -> None:
        refuse("names no message", "x", node("receiveTask", "x"), path("s", "x", "e"))
        refuse("sends nothing", "x", node("sendTask", "x"), path("s", "x", "e"))

    def test_scripts_and_conditions_in_another_language_are_refused(self) -> None:
        script = "<bpmn:script>x</bpmn:script>"
        refuse("javascript", "x", node("scriptTask", "x", script, scriptFormat="javascript"), path("s", "x", "e"))
        refuse("camunda:resource", "x", node("scriptTask", "x", script, camunda__resource="a.py"), path("s", "x", "e"))
        spoken = flow("s", "e", "x").replace("<bpmn:conditionExpression", '<bpmn:conditionExpression language="feel"')
        refuse("feel", "", spoken)
        refuse(
            "result variable", "x", node("scriptTask", "x", script, camunda__resultVariable="y"), path("s", "x", "e")
        )

    def test_parallel_branches_lose_no_data(self) -> None:
        play = run(
            process(
                node("parallelGateway", "f"),
                node("parallelGateway", "j"),
                node("scriptTask", "a", "<bpmn:script>items = items + ['a']</bpmn:script>"),
                node("scriptTask", "b", "<bpmn:script>items = items + ['b']</bpmn:script>"),
                node("userTask", "u"),
                path("s", "f", "a", "j", "u", "e"),
                path("f", "b", "j"),
            ),
            variables={"items": []},
        )
        assert b'"items":["a","b"]' in (play.state or b"")

    def test_data_stores_are_refused(self) -> None:
        refuse("data store", "x", node("dataStoreReference", "x"), path("s", "e"))

    def test_data_objects_are_variables(self) -> None:
        drawn = '<bpmn:dataObject id="order"/><bpmn:dataObjectReference id="ref" dataObjectRef="order"/>'
        reads = "<bpmn:dataInputAssociation><bpmn:sourceRef>ref</bpmn:sourceRef></bpmn:dataInputAssociation>"
        script = node("scriptTask", "a", reads + "<bpmn:script>y = order + 1</bpmn:script>")
        play = run(process(drawn, script, path("s", "a", "e")), variables={"order": 1})
        assert play.variables["y"] == 2

    def test_refusals_name_element_label_line_and_remedy(self) -> None:
        (problem,) = check_diagram("p.bpmn", xml(process(node("complexGateway", "x"), path("s", "e"))))
        assert (problem.file, problem.element, problem.label) == ("p.bpmn", "x", "x")
        assert problem.line
        assert problem.remedy


class TestTimers:
    @pytest.mark.parametrize(
        ("event", "due"),
        [
            (TIMER.format("PT1S"), datetime(2026, 3, 27, 15, 0, 1, tzinfo=UTC)),
            (TIMER.format('"PT1S"'), datetime(2026, 3, 27, 15, 0, 1, tzinfo=UTC)),
            (TIMER.format("timedelta(minutes=5)"), datetime(2026, 3, 27, 15, 5, tzinfo=UTC)),
            (
                DATE.format("datetime.date(2026, 4, 1).strftime('%Y-%m-%dT10:00:00')"),
                datetime(2026, 4, 1, 8, tzinfo=UTC),
            ),
            (DATE.format("2027-01-01T00:00:00"), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
            # summer time began on 29 March in the package's zone, whatever the machine's
            (DATE.format("2026-03-30T09:00:00"), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
            (DATE.format('"2026-03-28T09:00:00"'), datetime(2026, 3, 28, 8, 0, tzinfo=UTC)),
        ],
    )
    def test_timers_as_modelers_write_them(self, event: str, due: datetime) -> None:
        play = run(process(node("intermediateCatchEvent", "t", event), path("s", "t", "e")))
        assert play.of("timer_set")[0].due == At(due)

    def test_a_month_after_the_31st_is_the_last_day_of_the_next(self) -> None:
        assert monthly()[0] == datetime(2026, 2, 28, 9, 0, tzinfo=UTC)

    def test_a_monthly_cycle_does_not_drift(self) -> None:
        dues = monthly()
        # at ten o'clock in Rome, where summer time begins on 29 March
        assert dues == [datetime(2026, m, d, h, 0, tzinfo=UTC) for m, d, h in ((2, 28, 9), (3, 31, 8), (4, 30, 8))]

    def test_a_cycle_does_not_drift_by_firing_late(self) -> None:
        play = cycling(CYCLE.format("R/PT1H"))
        for hour in range(1, 5):
            play.now = NOW + timedelta(hours=hour, seconds=20)
            play.send(TimerDue(play.token("timer", "t")))
        assert timers(play) == [timedelta(hours=hour) for hour in range(1, 6)]

    def test_after_a_day_of_downtime_a_cycle_fires_once_and_goes_on(self) -> None:
        play = cycling(CYCLE.format("R/PT1M"))
        play.now = NOW + timedelta(days=1, seconds=30)
        play.send(TimerDue(play.token("timer", "t")))
        assert play.path.count("remind") == 1
        assert timers(play)[-1] == timedelta(days=1, minutes=1)

    @pytest.mark.parametrize("text", ["-PT5S", "P", "PT", "PT0S", "31 January", "0 0 * * *", "2026-02-30"])
    def test_texts_that_are_no_time_are_refused(self, text: str) -> None:
        refuse("", "t", node("intermediateCatchEvent", "t", TIMER.format(text)), path("s", "t", "e"))

    def test_an_empty_timer_is_refused(self) -> None:
        refuse("names no time", "t", node("intermediateCatchEvent", "t", TIMER.format("")), path("s", "t", "e"))

    @pytest.mark.parametrize("text", ["R0/PT1H", "R0", "R-1/PT1H", "R/2026-01-01/PT1H", "0 0 9 * * ?", "PT1H"])
    def test_cycles_that_are_none_are_refused(self, text: str) -> None:
        drawn = boundary("t", "a", CYCLE.format(text), interrupting=False)
        refuse("", "t", node("userTask", "a"), drawn, path("s", "a", "e"), path("t", "e"))

    def test_no_clock_is_read_below_the_seam(self) -> None:
        drawn = process(node("intermediateCatchEvent", "t", TIMER.format("PT1H")), path("s", "t", "e"))
        assert timers(run(drawn)) == [timedelta(hours=1)]


def cycling(event: str, now: datetime = NOW) -> Play:
    drawn = boundary("t", "a", event, interrupting=False)
    whole = process(node("userTask", "a"), drawn, node("task", "remind"), path("s", "a", "e"), path("t", "remind"))
    assert check_diagram("p.bpmn", xml(whole)) == []
    return Play(whole, now=now)


def monthly() -> list[datetime]:
    """When a cycle that begins on 31 January at 10:00 in Rome is due, fired as it comes."""
    play = cycling(CYCLE.format("R3/P1M"), datetime(2026, 1, 31, 9, 0, tzinfo=UTC))
    for _ in range(2):
        play.now = play.of("timer_set")[-1].due.instant
        play.send(TimerDue(play.token("timer", "t")))
    return [effect.due.instant for effect in play.of("timer_set")]


DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(cell: str, policy: str = 'hitPolicy="FIRST"', more: str = "", inside: str = "", out: str = "") -> bytes:
    """A table with one input `x`, and an output `hit` that is true where the cell matches."""
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="n"><decision id="t" name="t">'
        f'<decisionTable id="tt" {policy}><input id="i"><inputExpression id="ie"><text>x</text></inputExpression>'
        f'{inside}</input><output id="o" name="hit">{out}</output>'
        f'<rule id="r1"><inputEntry id="c"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="oe"><text>true</text></outputEntry></rule>{more}</decisionTable></decision></definitions>'
    ).encode()


class TestDecisions:
    @pytest.mark.parametrize("attributes", ['hitPolicy="FRIST"', 'hitPolicy="COLLECT" aggregation="MEDIAN"'])
    def test_hit_policies_and_aggregations_that_are_misspelt_are_refused(self, attributes: str) -> None:
        problems = read_decisions("t.dmn", table("-", attributes))[1]
        assert [p.element for p in problems] == ["tt"]

    @pytest.mark.parametrize(
        ("policy", "answer"),
        [
            ('hitPolicy="ANY"', 3),
            ('hitPolicy="PRIORITY"', 3),
            ('hitPolicy="RULE ORDER"', [3, 3]),
            ('hitPolicy="OUTPUT ORDER"', [3, 3]),
            ('hitPolicy="COLLECT"', [3, 3]),
            ('hitPolicy="COLLECT" aggregation="SUM"', 6),
            ('hitPolicy="COLLECT" aggregation="MIN"', 3),
            ('hitPolicy="COLLECT" aggregation="MAX"', 3),
            ('hitPolicy="COLLECT" aggregation="COUNT"', 2),
        ],
    )
    def test_hit_policies_and_aggregations_mean_what_dmn_says(self, policy: str, answer: object) -> None:
        twice = '<rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>3</text></outputEntry></rule>'
        values = "<outputValues><text>3, 4</text></outputValues>"
        content = table("-", policy, twice, out=values).replace(b"<text>true</text>", b"<text>3</text>")
        decisions, problems = read_decisions("t.dmn", content)
        assert problems == []
        assert decisions["t"].decide({"x": 1}) == answer

    def test_unique_is_checked(self) -> None:
        twice = (
            '<rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>false</text></outputEntry></rule>'
        )
        decisions, problems = read_decisions("t.dmn", table("-", "", twice))
        assert problems == []
        with pytest.raises(Exception, match=r"r1.*r2"):
            decisions["t"].decide({"x": 1})

    def test_allowed_values_are_checked(self) -> None:
        decisions, problems = read_decisions("t.dmn", table("-", inside="<inputValues><text>1,2</text></inputValues>"))
        assert problems == []
        assert decisions["t"].decide({"x": 2}) is True
        with pytest.raises(Exception, match="3 isn't one of the values"):
            decisions["t"].decide({"x": 3})

    def test_defaults_are_answered_where_no_rule_matches(self) -> None:
        default = "<defaultOutputEntry><text>false</text></defaultOutputEntry>"
        decisions, problems = read_decisions("t.dmn", table("1", out=default))
        assert problems == []
        assert [decisions["t"].decide({"x": x}) for x in (1, 2)] == [True, False]

    @pytest.mark.parametrize(
        ("cell", "hits", "misses"),
        [
            ("1,2,3", [1, 3], [4, None]),
            ('"a","b"', ["a", "b"], ["c", None]),
            ('not("b")', ["a"], ["b"]),
            ("[1..5]", [1, 5], [0, 6]),
            ("]1..5[", [2], [1, 5]),
            ("&lt; 5", [4], [5, None]),
            ("true", [True], [False, None]),
            ("null", [None], [1]),
            ('date("2026-03-27")', ["2026-03-27"], ["2026-03-28"]),
            ("-", [1, "a", None], []),
        ],
    )
    def test_feel_unary_tests_mean_what_dmn_says(self, cell: str, hits: list[Any], misses: list[Any]) -> None:
        decisions, problems = read_decisions("t.dmn", table(cell))
        assert problems == []
        assert [decisions["t"].decide({"x": x}) for x in hits] == [True] * len(hits)
        assert [decisions["t"].decide({"x": x}) for x in misses] == [None] * len(misses)

    @pytest.mark.parametrize("cell", ["? > 2 and ? &lt;", "x +", "[1,2,3", "__import__('os')"])
    def test_cells_that_are_not_run_are_refused(self, cell: str) -> None:
        assert read_decisions("t.dmn", table(cell))[1]

    def test_literal_expressions_are_evaluated(self) -> None:
        literal = '<decision id="l"><literalExpression><text>x + 1</text></literalExpression></decision>'
        decisions, problems = read_decisions("t.dmn", f'<definitions xmlns="{DMN}">{literal}</definitions>'.encode())
        assert problems == []
        assert decisions["l"].decide({"x": 1}) == 2

    def test_missing_ids_are_refused_by_name(self) -> None:
        anonymous = f'<definitions xmlns="{DMN}"><decision><decisionTable/></decision></definitions>'
        assert "id" in read_decisions("t.dmn", anonymous.encode())[1][0].problem

    def test_another_prefix_and_several_decisions_in_a_file_are_read(self) -> None:
        text = table("-").decode().replace("<", "<q:").replace("<q:/", "</q:").replace("xmlns=", "xmlns:q=")
        second = text[text.index("<q:decision ") : text.index("</q:definitions>")]
        for name in ("tt", "i", "ie", "o", "r1", "c", "oe", "t"):
            second = second.replace(f'id="{name}"', f'id="{name}2"')
        decisions, problems = read_decisions(
            "t.dmn", text.replace("</q:definitions>", second + "</q:definitions>").encode()
        )
        assert problems == []
        assert set(decisions) == {"t", "t2"}

    def test_a_business_rule_task_reads_the_instant_of_the_step_in_the_zone_of_the_package(self) -> None:
        play = deciding("<literalExpression><text>now()</text></literalExpression>")
        assert play.of("variables_changed")[-1].variables == {"t": "2026-03-27T16:00:00+01:00"}

    def test_a_record_that_a_single_output_answers_stays_one_value(self) -> None:
        play = deciding("<literalExpression><text>order</text></literalExpression>", order={"t": 1, "other": 2})
        assert play.of("variables_changed")[-1].variables == {"t": {"t": 1, "other": 2}}

    def test_rules_that_contradict_one_another_stop_the_step_and_are_named(self) -> None:
        twice = '<rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>'
        decisions, _ = read_decisions("t.dmn", table("-", "", twice))
        with pytest.raises(StepFailed, match=r"1 \(r1\), 2 \(r2\)") as failed:
            Play(process(RULE, path("s", "a", "e")), variables={"x": 1}, decisions=decisions)
        assert failed.value.element == "a"


RULE = node("businessRuleTask", "a", camunda__decisionRef="t")


def deciding(logic: str, **variables: Any) -> Play:
    """An instance whose only task asks a decision `t`."""
    content = f'<definitions xmlns="{DMN}"><decision id="t">{logic}</decision></definitions>'
    decisions, problems = read_decisions("t.dmn", content.encode())
    assert problems == []
    return Play(process(RULE, path("s", "a", "e")), variables=variables, decisions=decisions)
