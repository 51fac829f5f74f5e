"""Scripts before and after an element, and payloads, as SpiffArena writes them: when they run, and how they fail."""

from __future__ import annotations

import pytest

from engine.domain.errors import Refused, StepFailed
from engine.domain.events import MessageReceived, Started, UserTaskCompleted
from engine.spiff.definitions import Definitions
from engine.spiff.parsing.bpmn import read_diagram
from engine.spiff.simulating import read_drawn
from tests.unit.spiff.drawing import ANY_ERROR, MESSAGE, NOW, Play, flow, node, path, process, xml

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
FAILS = "x = missing"
SEVERAL = "<bpmn:multiInstanceLoopCharacteristics{}><bpmn:loopCardinality>2</bpmn:loopCardinality>{}"
SEVERAL += "</bpmn:multiInstanceLoopCharacteristics>"


def beside(**scripts: str) -> str:
    """Extension elements of SpiffArena, by their names."""
    parts = "".join(f'<s:{name} xmlns:s="{SPIFF}">{text}</s:{name}>' for name, text in scripts.items())
    return f"<bpmn:extensionElements>{parts}</bpmn:extensionElements>"


def done(play: Play, **data: object) -> None:
    play.send(UserTaskCompleted(play.token("user", "a"), data))


def test_the_flows_out_of_an_activity_see_what_its_script_did() -> None:
    play = Play(process(
        node("userTask", "a", beside(postScript="kind = 'b' if n else 'c'")),
        node("userTask", "b"), node("userTask", "c"),
        path("s", "a"), flow("a", "b", "kind == 'b'"), flow("a", "c", "kind == 'c'"), path("b", "e"), path("c", "e"),
    ))  # fmt: skip
    done(play, n=0)
    assert play.open == {"user:c"}


def test_a_script_may_stand_as_far_in_as_the_xml_around_it() -> None:
    script = "\n        # asked by us\n        if True:\n            who = '7'\n      "
    inner = beside(preScript=script) + f"<bpmn:script>{script.replace('who', 'what')}</bpmn:script>"
    assert Play(process(node("scriptTask", "a", inner), path("s", "a", "e"))).variables == {"who": "7", "what": "7"}


def test_what_a_script_before_does_is_seen_by_the_element() -> None:
    task = node("userTask", "a", beside(preScript="who = '7'"), camunda__assignee="${who}")
    assert Play(process(task, path("s", "a", "e"))).of("user_task_opened")[0].assignee == "7"


@pytest.mark.parametrize("name", ["preScript", "postScript"])
def test_a_script_that_fails_stops_the_step_at_its_element(name: str) -> None:
    drawn = process(node("task", "a", beside(**{name: FAILS})), path("s", "a", "e"))
    with pytest.raises(StepFailed, match="missing") as failed:
        Play(drawn)
    assert failed.value.element == "a"


@pytest.mark.parametrize("name", ["preScript", "postScript"])
@pytest.mark.parametrize("kind", ["userTask", "subProcess"])
def test_a_script_that_fails_reaches_an_error_event(name: str, kind: str) -> None:
    inside = node("startEvent", "i") if kind == "subProcess" else ""
    play = Play(process(
        node(kind, "a", beside(**{name: FAILS}) + inside), node("boundaryEvent", "b", ANY_ERROR, attachedToRef="a"),
        node("boundaryEvent", "m", MESSAGE.format("m"), attachedToRef="a"), node("task", "c"), path("s", "a", "e"),
        path("b", "c"), path("m", "c"),
    ))  # fmt: skip
    if play.open:
        done(play)
    assert play.path[-2:] == ["b", "c"]
    assert (play.ended, play.open) == (True, set())
    assert [effect.outcome for effect in play.of("element_left") if effect.element == "a"] == ["cancelled"]


def test_what_is_interrupted_runs_no_script_after() -> None:
    play = Play(process(
        node("userTask", "a", beside(postScript="after = True")), path("s", "a", "e"), path("b", "e"),
        node("boundaryEvent", "b", MESSAGE.format("m") + beside(postScript="caught = 1"), attachedToRef="a"),
    ))  # fmt: skip
    play.send(MessageReceived(play.token("message", "b"), {}))
    assert play.variables == {"caught": 1}


@pytest.mark.parametrize(("attribute", "often"), [("", 1), (f' xmlns:s="{SPIFF}" s:scriptsOnInstances="true"', 2)])
def test_scripts_of_several_instances_run_once_unless_each_is_meant(attribute: str, often: int) -> None:
    scripts = beside(preScript="before = before + 1", postScript="after = after + 1")
    drawn = node("task", "a", scripts + SEVERAL.format(attribute, ""))
    play = Play(process(drawn, path("s", "a", "e")), variables={"before": 0, "after": 0})
    assert play.variables == {"before": often, "after": often}


def test_a_call_of_several_instances_hands_over_no_counters() -> None:
    called = process(
        node("scriptTask", "t", "<bpmn:script>seen = name</bpmn:script>"), path("q_s", "t", "q_e"), id_="q"
    )
    loop = SEVERAL.format(' camunda:collection="names" camunda:elementVariable="name"', "").replace(
        "<bpmn:loopCardinality>2</bpmn:loopCardinality>", ""
    )
    mapping = (
        '<bpmn:extensionElements><camunda:in variables="all"/><camunda:out variables="all"/></bpmn:extensionElements>'
    )
    drawn = process(node("callActivity", "c", mapping + loop, calledElement="q"), path("s", "c", "e"))
    assert Play(drawn, called, variables={"names": ["a", "b"]}).variables == {"names": ["a", "b"], "seen": "b"}


@pytest.mark.parametrize("dialect", [f' xmlns:s="{SPIFF}"', ""])
def test_a_call_that_hands_over_everything_gives_back_what_it_set_and_undoes_nothing(dialect: str) -> None:
    mapping = (
        '<bpmn:extensionElements><camunda:in variables="all"/><camunda:out variables="all"/></bpmn:extensionElements>'
    )
    called = process(node("userTask", "q1"), path("q_s", "q1", "q_e"), id_="q")
    drawn = process(
        node("parallelGateway", "f"), node("callActivity", "c", "" if dialect else mapping, calledElement="q"),
        node("userTask", "a"), path("s", "f", "c", "e"), path("f", "a", "e"),
    )  # fmt: skip
    play = Play.__new__(Play)
    content = xml(drawn, called).replace(b' id="defs"', f'{dialect} id="defs"'.encode())
    play.definitions = Definitions("h", read_diagram("p.bpmn", content).processes)
    play.facts, play.now, play.effects, play.state, play.ended, play.waiting = {}, NOW, [], None, False, {}
    play.send(Started("i", "p", "7", {"x": 1, "y": 1}))
    done(play, x=2)
    play.send(UserTaskCompleted(play.token("user", "q1"), {"y": 3, "z": 4}))
    assert (play.ended, play.variables) == (True, {"x": 2, "y": 3, "z": 4})


def test_what_is_sent_has_to_be_a_record() -> None:
    drawn = node("sendTask", "a", beside(messagePayload="[1, 2]"), messageRef="msg_m")
    with pytest.raises(StepFailed, match="isn't a record"):
        Play(process(drawn, path("s", "a", "e")))


def test_what_a_declared_output_lacks_is_an_incident() -> None:
    called = process(
        '<bpmn:ioSpecification><bpmn:dataOutput id="price"/></bpmn:ioSpecification>', path("q_s", "q_e"), id_="q"
    )
    with pytest.raises(StepFailed, match="'price'") as failed:
        Play(process(node("callActivity", "c", calledElement="q"), path("s", "c", "e")), called)
    assert failed.value.element == "c"


def test_a_mapping_that_lacks_a_declared_input_is_refused() -> None:
    needs = '<bpmn:ioSpecification><bpmn:dataInput id="a"/><bpmn:dataInput id="b"/></bpmn:ioSpecification>'
    mapping = '<bpmn:extensionElements><camunda:in source="x" target="a"/></bpmn:extensionElements>'
    called = process(needs, path("q_s", "q_e"), id_="q")
    drawn = process(node("callActivity", "c", mapping, calledElement="q"), path("s", "c", "e"))
    with pytest.raises(Refused) as refused:
        read_drawn({"p.bpmn": xml(drawn, called)})
    assert [(p.element, "'b'" in p.problem) for p in refused.value.problems] == [("c", True)]
