"""`iter simulate`: diagrams by themselves, moved on by a list of events (design: `semantics.md`)."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.domain.errors import Refused
from engine.spiff.simulating import WrongEvent, read_drawn, read_events, simulate
from tests.unit.spiff.drawing import CYCLE, ERROR, MESSAGE, SANDBOX, TIMER, flow, node, path, process, xml

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
NOW = {"now": "2026-03-27T16:00+01:00"}


def told(*events: dict[str, Any], of: tuple[str, ...]) -> dict[str, Any]:
    """What came of it; a text round so that nothing but JSON is in it."""
    drawn = read_drawn({"p.bpmn": xml(*of)})
    found = simulate(drawn, read_events(json.dumps(events), ZoneInfo("UTC")), SANDBOX)
    return dict(json.loads(json.dumps(found)))


def boundary(id_: str, on: str, event: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="true" if interrupting else "false")


TASK = (process(node("userTask", "a"), path("s", "a", "e")),)


def test_the_single_process_is_started_and_everything_is_told() -> None:
    found = told(NOW, {"advance": "PT5M"}, {"complete": "a", "data": {"x": 1}}, of=TASK)
    assert found.pop("instances") == {"p": found}
    assert found == {
        "status": "completed",
        "variables": {"x": 1},
        "path": [
            {"element": "s", "entered": "2026-03-27T15:00:00+00:00", "left": "2026-03-27T15:00:00+00:00",
             "outcome": "completed"},
            {"element": "a", "entered": "2026-03-27T15:00:00+00:00", "left": "2026-03-27T15:05:00+00:00",
             "outcome": "completed"},
            {"element": "e", "entered": "2026-03-27T15:05:00+00:00", "left": "2026-03-27T15:05:00+00:00",
             "outcome": "completed"},
        ],
        "waiting": [],
        "incidents": [],
        "thrown": [],
    }  # fmt: skip


def test_what_waits_is_told_with_when_it_is_due() -> None:
    drawn = process(
        node("userTask", "a"), boundary("b", "a", TIMER.format("PT1H")), path("s", "a", "e"), path("b", "e")
    )
    found = told(NOW, of=(drawn,))
    assert found["status"] == "waiting"
    assert found["waiting"] == [
        {"element": "a", "kind": "user_task", "due": None},
        {"element": "b", "kind": "timer", "due": "2026-03-27T16:00:00+00:00"},
    ]
    later = told(NOW, {"now": "2026-03-27T20:00+01:00"}, of=(drawn,))
    assert later["status"] == "completed"
    assert [(v["element"], v["outcome"]) for v in later["path"]] == [
        ("s", "completed"), ("a", "cancelled"), ("b", "completed"), ("e", "completed"),
    ]  # fmt: skip
    assert later["path"][-1]["entered"] == "2026-03-27T16:00:00+00:00"


def test_instances_are_named() -> None:
    found = told({"start": "p"}, {"start": "p"}, {"start": "p", "as": "x", "variables": {"n": 3}},
                 {"complete": "a", "instance": "x"}, of=TASK)  # fmt: skip
    assert list(found["instances"]) == ["p", "p-2", "x"]
    assert [i["status"] for i in found["instances"].values()] == ["waiting", "waiting", "completed"]
    assert found["instances"]["x"]["variables"] == {"n": 3}


def test_a_job_waits_only_for_an_event_that_names_it() -> None:
    drawn = process(
        node("serviceTask", "j", camunda__topic="webhook", camunda__resultVariable="r"), path("s", "j", "e")
    )
    assert told(of=(drawn,))["variables"] == {"r": {}}
    assert told({"start": "p"}, {"job": "j", "result": {"ok": True}}, of=(drawn,))["variables"] == {"r": {"ok": True}}


def test_a_job_that_fails_is_an_incident_and_one_that_reports_an_error_reaches_its_boundary() -> None:
    job = node("serviceTask", "j", camunda__topic="webhook")
    found = told({"start": "p"}, {"job": "j", "fails": "no answer"}, of=(process(job, path("s", "j", "e")),))
    assert found["status"] == "incident"
    assert found["incidents"] == [{"element": "j", "problem": "no answer"}]
    caught = process(job, boundary("b", "j", ERROR), path("s", "j", "e"), path("b", "e"))
    assert told({"start": "p"}, {"job": "j", "error": "E1"}, of=(caught,))["status"] == "completed"


def test_a_failing_step_shows_how_far_it_came() -> None:
    drawn = process(node("scriptTask", "x", "<bpmn:script>y = 1 / zero</bpmn:script>"), path("s", "x", "e"))
    found = told({"start": "p", "variables": {"zero": 0}}, of=(drawn,))
    assert found["status"] == "incident"
    assert [(v["element"], v["outcome"]) for v in found["path"]] == [("s", "completed"), ("x", "failed")]
    assert found["incidents"][0]["element"] == "x"


def test_a_message_goes_to_one_and_is_kept_for_a_day() -> None:
    drawn = process(node("receiveTask", "r", messageRef="msg_m"), path("s", "r", "e"))
    early = told(NOW, {"message": "m", "data": {"x": 1}}, {"start": "p"}, {"start": "p"}, of=(drawn,))
    assert [i["status"] for i in early["instances"].values()] == ["completed", "waiting"]
    late = told(NOW, {"message": "m"}, {"advance": "PT25H"}, {"start": "p"}, of=(drawn,))
    assert late["status"] == "waiting"


def test_a_signal_reaches_all_and_what_is_thrown_is_told() -> None:
    waits = process(node("intermediateCatchEvent", "c", SIGNAL), path("s", "c", "e"))
    throws = process(node("intermediateThrowEvent", "t", SIGNAL, {"data.n": "=1"}), path("q_s", "t", "q_e"), id_="q")
    found = told({"start": "p"}, {"start": "p"}, {"start": "q"}, of=(waits, throws))
    assert {i["status"] for i in found["instances"].values()} == {"completed"}
    assert found["instances"]["q"]["thrown"] == [{"signal": "alarm", "data": {"n": 1}}]
    assert found["variables"] == {"n": 1}


def test_messages_between_instances_are_correlated() -> None:
    keyed = {"correlationKey": "=order"}
    waits = process(node("receiveTask", "r", properties=keyed, messageRef="msg_m"), path("s", "r", "e"))
    throws = process(node("sendTask", "t", properties=keyed, messageRef="msg_m"), path("q_s", "t", "q_e"), id_="q")
    found = told({"start": "p", "variables": {"order": 1}}, {"start": "p", "variables": {"order": 2}},
                 {"start": "q", "variables": {"order": 2}}, of=(waits, throws))  # fmt: skip
    assert [i["status"] for i in found["instances"].values()] == ["waiting", "completed", "completed"]


def test_after_a_day_of_downtime_a_cycle_fires_as_often_as_time_passed_step_by_step() -> None:
    drawn = process(
        node("userTask", "a"), boundary("b", "a", CYCLE.format("R3/PT1H"), interrupting=False), node("task", "t"),
        path("s", "a", "e"), path("b", "t"),
    )  # fmt: skip
    found = told(NOW, {"advance": "PT10H"}, of=(drawn,))
    assert [v["entered"] for v in found["path"] if v["element"] == "t"] == [
        "2026-03-27T16:00:00+00:00", "2026-03-27T17:00:00+00:00", "2026-03-27T18:00:00+00:00",
    ]  # fmt: skip


def test_the_same_events_give_the_same_bytes() -> None:
    events = (NOW, {"advance": "PT1H"}, {"complete": "a"})
    assert json.dumps(told(*events, of=TASK)) == json.dumps(told(*events, of=TASK))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([{"complete": "x"}], "event 1: nothing waits at 'x'; what waits so: a"),
        ([{"job": "x"}], "nothing waits at 'x'"),
        ([{"start": "x"}], "there is no process 'x'"),
        ([{"complete": "a", "instance": "x"}], "there is no instance 'x'"),
        ([{"start": "p", "as": "x"}, {"start": "p", "as": "x"}], "event 2: there is an instance 'x' already"),
        ([{"now": "2026-03-27T16:00Z"}, {"complete": "a"}, {"now": "2026-03-26T16:00Z"}], "time doesn't go back"),
        ([{"advance": "PT"}], "event 1"),
        ([{"now": "soon"}], "event 1"),
        ([{"complete": "a", "now": "2026-03-27T16:00Z"}], "it needs one of"),
        ([{"complete": "a", "key": 1}], "'key' can't stand beside 'complete'"),
        ([{"complete": 1}], "'complete' isn't a text"),
        ([{"complete": "a", "data": []}], "'data' isn't a record"),
        (["complete"], "it isn't a record"),
        ({}, "the events aren't a list"),
    ],
)
def test_events_that_cannot_be_are_told(events: Any, said: str) -> None:
    with pytest.raises(WrongEvent) as wrong:
        simulate(read_drawn({"p.bpmn": xml(*TASK)}), read_events(json.dumps(events), ZoneInfo("UTC")), SANDBOX)
    assert said in str(wrong.value)


def test_several_processes_want_to_be_started() -> None:
    two = (process(path("s", "e")), process(path("q_s", "q_e"), id_="q"))
    with pytest.raises(WrongEvent, match="there are several: p, q"):
        told(of=two)
    called = (process(node("callActivity", "c", calledElement="q"), path("s", "c", "e")), two[1])
    assert told(of=called)["status"] == "completed"


@pytest.mark.parametrize(
    ("drawn", "element"),
    [
        (process(node("complexGateway", "x"), path("s", "x", "e")), "x"),
        (process(node("callActivity", "x", calledElement="gone"), path("s", "x", "e")), "x"),
        (process(node("businessRuleTask", "x", camunda__decisionRef="gone"), path("s", "x", "e")), "x"),
        (process(path("s", "e"), flow("s", "gone")), "s->gone"),
    ],
)
def test_a_diagram_that_cannot_run_is_refused(drawn: str, element: str) -> None:
    with pytest.raises(Refused) as refused:
        read_drawn({"p.bpmn": xml(drawn)})
    assert element in {problem.element for problem in refused.value.problems}


def test_a_message_may_be_for_one_instance() -> None:
    drawn = process(node("intermediateCatchEvent", "c", MESSAGE.format("m")), path("s", "c", "e"))
    found = told({"start": "p"}, {"start": "p"}, {"message": "m", "instance": "p-2"}, of=(drawn,))
    assert [i["status"] for i in found["instances"].values()] == ["waiting", "completed"]
