"""Elements: each that runs wrong or not at all runs right here, or is refused by name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.effects import MessageThrown
from engine.domain.errors import Conflict, StepFailed
from engine.domain.events import (
    JobCompleted,
    MessageReceived,
    SignalReceived,
    TimerDue,
    VariablesSet,
)
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import (
    ANY_ERROR,
    CYCLE,
    ERROR,
    MESSAGE,
    TERMINATE,
    TIMER,
    flow,
    node,
    path,
    process,
    xml,
)
from tests.unit.spiff.facts.running import SIGNAL, boundary, condition, done, refuse, run, timers


def test_gateways_without_a_matching_flow_fail_at_the_element() -> None:
    drawn = process(node("exclusiveGateway", "g"), path("s", "g"), flow("g", "e", "x"), flow("g", "e", "y"))
    with pytest.raises(StepFailed) as failed:
        run(drawn, variables={"x": False, "y": False})
    assert failed.value.element == "g"


@pytest.mark.parametrize("condition", ["${}", "${a && b}", "a &amp;&amp; b", "${a || b}", "!a", "a = 1", "a ? b : c"])
def test_a_condition_that_does_not_parse_is_found_by_the_check(condition: str) -> None:
    condition = condition.replace("&&", "&amp;&amp;")
    refuse("can't be read", "g->e", node("exclusiveGateway", "g"), path("s", "g"), flow("g", "e", condition))


def test_a_flow_without_an_id_is_taken() -> None:
    assert run(process(path("s", "e"))).path == ["s", "e"]


@pytest.mark.parametrize("name", ["Start", "End", "p.EndJoin", "Root"])
def test_no_id_collides_with_a_name_of_the_library(name: str) -> None:
    assert run(process(node("task", name), path("s", name, "e"))).path == ["s", name, "e"]


def test_a_condition_on_a_tasks_single_flow_is_asked() -> None:
    drawn = process(node("task", "a"), path("s", "a"), flow("a", "e", "x"))
    assert run(drawn, variables={"x": True}).path == ["s", "a", "e"]
    with pytest.raises(StepFailed):
        run(drawn, variables={"x": False})


def test_several_flows_out_of_a_task_split() -> None:
    play = run(process(node("task", "a"), node("userTask", "b"), path("s", "a", "b"), path("a", "e")))
    assert play.open == {"user:b"}
    assert not play.ended


def test_a_task_without_an_outgoing_flow_ends() -> None:
    assert run(process(node("task", "a"), path("s", "a"), node("task", "b"), path("a", "e"), path("s", "b"))).ended


def test_complex_gateways_are_refused_even_where_none_comes() -> None:
    refuse("complex gateway", "x", node("complexGateway", "x"), path("s", "e"))


def test_two_timers_behind_an_event_gateway_have_deadlines_of_their_own() -> None:
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
def test_conditions_and_cycles_behind_an_event_gateway_come(event: str) -> None:
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
def test_events_that_do_nothing_there_are_refused(kind: str, event: str) -> None:
    refuse("Iter doesn't run", "x", node(kind, "x", event), path("s", "x"))


def test_what_terminate_ends_does_not_run_any_more() -> None:
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
def test_an_interrupting_boundary_event_takes_its_user_task_once(event: str) -> None:
    play = run(process(node("userTask", "a"), boundary("b", "a", event), path("s", "a", "e"), path("b", "e")))
    kind, sent = ("message", MessageReceived) if "message" in event else ("timer", TimerDue)
    token = play.token(kind, "b")
    play.send(sent(token))
    assert play.ended
    assert play.path == ["s", "a", "b", "e"]
    with pytest.raises(Conflict):
        play.send(sent(token))


def test_an_interrupting_cycle_fires_once() -> None:
    drawn = boundary("b", "a", CYCLE.format("R/PT1H"))
    play = run(process(node("userTask", "a"), drawn, path("s", "a", "e"), path("b", "e")))
    play.send(TimerDue(play.token("timer", "b")))
    assert play.ended and play.open == set() and len(timers(play)) == 1


def test_a_non_interrupting_message_is_heard_again() -> None:
    drawn = boundary("b", "a", MESSAGE.format("m"), interrupting=False)
    play = run(process(node("userTask", "a"), drawn, node("task", "c"), path("s", "a", "e"), path("b", "c")))
    for _ in range(3):
        play.send(MessageReceived(play.token("message", "b")))
    done(play, "a")
    assert play.path.count("c") == 3
    assert play.ended


def test_a_non_interrupting_signal_is_heard_again() -> None:
    drawn = boundary("b", "a", SIGNAL, interrupting=False)
    play = run(process(node("userTask", "a"), drawn, node("task", "c"), path("s", "a", "e"), path("b", "c")))
    for _ in range(3):
        play.send(SignalReceived(play.token("message", "b")))
    assert play.path.count("c") == 3


MARKERS = {
    "several": "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>",
    "looped": '<bpmn:standardLoopCharacteristics loopMaximum="2"/>',
}


@pytest.mark.parametrize("marker", MARKERS.values(), ids=MARKERS)
@pytest.mark.parametrize("kind", ["userTask", "receiveTask", "subProcess", "callActivity"])
def test_a_boundary_on_several_instances_takes_all_of_them(kind: str, marker: str) -> None:
    inner = node("startEvent", "i1") + node("userTask", "i2") + path("i1", "i2") if kind == "subProcess" else ""
    more = {"receiveTask": {"messageRef": "msg_m"}, "callActivity": {"calledElement": "q"}}.get(kind, {})
    drawn = node(kind, "x", inner + marker, **more)
    called = process(node("userTask", "q1"), path("q_s", "q1", "q_e"), id_="q")
    on = boundary("b", "x", MESSAGE.format("n"))
    play = run(process(drawn, on, path("s", "x", "e"), path("b", "e")), called)
    play.send(MessageReceived(play.token("message", "b")))
    assert play.ended and play.open == set()


def test_start_and_completion_quantities_are_refused() -> None:
    refuse("completionQuantity", "x", node("userTask", "x", completionQuantity="2"), path("s", "x", "e"))
    refuse("startQuantity", "x", node("userTask", "x", startQuantity="2"), path("s", "x", "e"))


def test_an_error_reaches_the_innermost_boundary_and_no_sibling() -> None:
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


def test_an_exception_in_a_script_reaches_an_error_boundary() -> None:
    drawn = node("scriptTask", "x", "<bpmn:script>y = 1 / zero</bpmn:script>") + boundary("b", "x", ANY_ERROR)
    play = run(process(drawn, path("s", "x", "e"), path("b", "e")), variables={"zero": 0})
    assert play.path == ["s", "x", "b", "e"]


@pytest.mark.parametrize("event", [TIMER.format("PT1H"), MESSAGE.format("m"), ERROR, condition("x")])
def test_an_event_subprocess_runs_when_its_event_comes_and_the_main_flow_stops(event: str) -> None:
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


def test_ad_hoc_subprocesses_and_transactions_are_refused() -> None:
    refuse("ad-hoc", "x", node("adHocSubProcess", "x"), path("s", "x", "e"))
    refuse("transaction", "x", node("transaction", "x"), path("s", "x", "e"))


def test_a_message_reaches_one_of_several_receivers() -> None:
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


def test_correlation_keys_are_computed_by_the_seam() -> None:
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


def test_the_engine_takes_the_keys_of_messages_from_what_they_hold() -> None:
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


def test_a_service_task_waits_for_its_job_in_both_dialects() -> None:
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


def test_receive_and_send_tasks_without_a_message_do_not_pass_unseen() -> None:
    refuse("names no message", "x", node("receiveTask", "x"), path("s", "x", "e"))
    refuse("sends nothing", "x", node("sendTask", "x"), path("s", "x", "e"))


def test_scripts_and_conditions_in_another_language_are_refused() -> None:
    script = "<bpmn:script>x</bpmn:script>"
    refuse("javascript", "x", node("scriptTask", "x", script, scriptFormat="javascript"), path("s", "x", "e"))
    refuse("camunda:resource", "x", node("scriptTask", "x", script, camunda__resource="a.py"), path("s", "x", "e"))
    spoken = flow("s", "e", "x").replace("<bpmn:conditionExpression", '<bpmn:conditionExpression language="feel"')
    refuse("feel", "", spoken)
    refuse("result variable", "x", node("scriptTask", "x", script, camunda__resultVariable="y"), path("s", "x", "e"))


def test_parallel_branches_lose_no_data() -> None:
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


def test_data_stores_are_refused() -> None:
    refuse("data store", "x", node("dataStoreReference", "x"), path("s", "e"))


def test_data_objects_are_variables() -> None:
    drawn = '<bpmn:dataObject id="order"/><bpmn:dataObjectReference id="ref" dataObjectRef="order"/>'
    reads = "<bpmn:dataInputAssociation><bpmn:sourceRef>ref</bpmn:sourceRef></bpmn:dataInputAssociation>"
    script = node("scriptTask", "a", reads + "<bpmn:script>y = order + 1</bpmn:script>")
    play = run(process(drawn, script, path("s", "a", "e")), variables={"order": 1})
    assert play.variables["y"] == 2


def test_refusals_name_element_label_line_and_remedy() -> None:
    (problem,) = check_diagram("p.bpmn", xml(process(node("complexGateway", "x"), path("s", "e"))))
    assert (problem.file, problem.element, problem.label) == ("p.bpmn", "x", "x")
    assert problem.line
    assert problem.remedy
