"""Messages find who waits for them by what they hold (BPMN 2.0, 8.3.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.domain.effects import ANY_KEY
from engine.domain.errors import Refused, StepFailed
from engine.domain.events import FactsChanged, MessageReceived, UserTaskCompleted, VariablesSet
from engine.spiff.running.correlating import key_of
from engine.spiff.simulating import WrongEvent, read_drawn, read_events, simulate
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import MESSAGE, SANDBOX, Play, flow, node, path, process, xml

ASK = node("intermediateThrowEvent", "ask", MESSAGE.format("m"), {"data.order": "=order", "data.shop": "=shop"})
HEAR = node("intermediateCatchEvent", "hear", MESSAGE.format("n"))


def prop(name: str, where: Mapping[str, str]) -> str:
    """A correlation property with where it stands, by message."""
    parts = "".join(
        f'<bpmn:correlationPropertyRetrievalExpression messageRef="msg_{message}"><bpmn:messagePath>{text}'
        "</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
        for message, text in where.items()
    )
    return f'<bpmn:correlationProperty id="{name}">{parts}</bpmn:correlationProperty>'


def key(name: str, *properties: str) -> str:
    """A correlation key in a collaboration."""
    parts = "".join(f"<bpmn:correlationPropertyRef>{each}</bpmn:correlationPropertyRef>" for each in properties)
    return (
        f'<bpmn:collaboration id="c_{name}"><bpmn:correlationKey id="k_{name}" name="{name}">{parts}'
        "</bpmn:correlationKey></bpmn:collaboration>"
    )


def subscription(name: str, where: Mapping[str, str]) -> str:
    """What a process says that the properties of a key must be."""
    parts = "".join(
        f'<bpmn:correlationPropertyBinding correlationPropertyRef="{of}"><bpmn:dataPath>{text}</bpmn:dataPath>'
        "</bpmn:correlationPropertyBinding>"
        for of, text in where.items()
    )
    return f'<bpmn:correlationSubscription id="cs" correlationKeyRef="k_{name}">{parts}</bpmn:correlationSubscription>'


ORDER = prop("order", {"m": "order", "n": "order"})


def keys(play: Play, kind: str = "subscription_opened") -> list[str]:
    return [effect.key for effect in play.of(kind)]


def told(*events: dict[str, Any], of: tuple[str, ...]) -> dict[str, Any]:
    content = xml(*of)
    assert check_diagram("p.bpmn", content) == []
    return simulate(read_drawn({"p.bpmn": content}), read_events(json.dumps(events), ZoneInfo("UTC")), SANDBOX)


def test_the_first_message_of_a_conversation_may_be_any_and_says_which_come_then() -> None:
    twice = process(HEAR, node("intermediateCatchEvent", "again", MESSAGE.format("n")), path("s", "hear", "again", "e"))
    play = Play(ORDER, twice)
    play.send(MessageReceived(play.token("message", "hear"), {"order": 4}))
    assert keys(play) == [ANY_KEY, "4"]


def test_the_messages_of_an_instance_follow_its_last_one() -> None:
    gateway = node("exclusiveGateway", "g", default="g->a")
    ways = path("s", "a", "ask", "hear", "g", "a") + flow("g", "e", "stop")
    loop = process(node("userTask", "a"), ASK, HEAR, gateway, ways)
    play = Play(ORDER, loop, variables={"shop": 1})
    for order in (4, 5):
        play.send(UserTaskCompleted(play.token("user", "a"), {"order": order}))
        play.send(MessageReceived(play.token("message", "hear"), {"order": order, "stop": False}))
    assert keys(play, "message_thrown") == keys(play) == ["4", "5"]


def test_each_instance_of_an_activity_has_conversations_of_its_own() -> None:
    inside = node(
        "subProcess", "x",
        node("startEvent", "i_s") + ASK + HEAR + path("i_s", "ask", "hear") +
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="orders" camunda:elementVariable="order"/>',
    )  # fmt: skip
    drawn = (ORDER, process(inside, path("s", "x", "e")))
    started = {"start": "p", "variables": {"orders": [4, 5], "shop": 1}}
    second = {"message": "n", "data": {"order": 5, "got": 5}}
    found = told(started, second, second, of=drawn)
    assert [visit["outcome"] for visit in found["path"] if visit["element"] == "hear"] == ["waiting", "completed"]
    assert told(started, second, {"message": "n", "data": {"order": 4}}, of=drawn)["status"] == "completed"


def test_keys_are_made_of_all_their_properties() -> None:
    both = (ORDER, prop("shop", {"m": "shop", "n": "shop"}), key("sale", "shop", "order"))
    play = Play(*both, process(ASK, HEAR, path("s", "ask", "hear", "e")), variables={"order": 4, "shop": "Rome"})
    assert keys(play) == keys(play, "message_thrown") == ['{"order":"4","shop":"Rome"}']


def test_properties_outside_the_key_do_not_count() -> None:
    both = (ORDER, prop("shop", {"m": "shop", "n": "shop"}), key("sale", "order"))
    play = Play(*both, process(ASK, HEAR, path("s", "ask", "hear", "e")), variables={"order": 4, "shop": "Rome"})
    assert keys(play) == ["4"]


def test_what_a_process_says_of_its_key_holds_and_follows_its_variables() -> None:
    drawn = process(subscription("sale", {"order": "number + 1"}), HEAR, path("s", "hear", "e"))
    play = Play(ORDER, key("sale", "order"), drawn, variables={"number": 1})
    play.send(VariablesSet(play.token("message", "hear"), {"other": 7}))
    play.send(VariablesSet(play.token("message", "hear"), {"number": 8}))
    assert keys(play) == ["2", "9"]
    assert told({"start": "p", "variables": {"number": 1}}, {"message": "n", "data": {"order": 2}},
                of=(ORDER, key("sale", "order"), drawn))["status"] == "completed"  # fmt: skip


def test_a_message_from_outside_is_correlated_by_its_data() -> None:
    drawn = (ORDER, process(ASK, HEAR, path("s", "ask", "hear", "e")))
    started = {"start": "p", "variables": {"order": 4, "shop": 1}}
    assert told(started, {"message": "n", "data": {"order": 5}}, of=drawn)["status"] == "waiting"
    assert told(started, {"message": "n", "data": {"order": "4"}}, of=drawn)["status"] == "completed"
    assert told(started, {"message": "n", "key": "4"}, of=drawn)["status"] == "completed"
    with pytest.raises(WrongEvent, match="correlated by"):
        told(started, {"message": "n", "data": {"number": 4}}, of=drawn)


def test_a_message_that_comes_too_early_waits_for_its_receiver() -> None:
    drawn = (ORDER, process(node("userTask", "a"), ASK, HEAR, path("s", "a", "ask", "hear", "e")))
    events = [{"message": "n", "data": {"order": order, "got": order}} for order in (5, 4)]
    found = told({"start": "p", "variables": {"shop": 1}}, *events, {"complete": "a", "data": {"order": 4}}, of=drawn)
    assert (found["status"], found["variables"]["got"]) == ("completed", 4)


def test_an_event_subprocess_is_started_by_the_message_of_the_conversation() -> None:
    handler = node(
        "subProcess", "h", node("startEvent", "h_s", MESSAGE.format("n"), isInterrupting="false") + path("h_s", "h_e")
        + node("endEvent", "h_e"), triggeredByEvent="true",
    )  # fmt: skip
    play = Play(ORDER, process(node("userTask", "a"), handler, path("s", "a", "e")))
    assert keys(play) == [ANY_KEY]
    play.send(MessageReceived(play.token("message", "h_s"), {"order": 4}))
    assert keys(play) == [ANY_KEY, "4"]


def test_who_waits_already_waits_for_the_key_that_is_sent_beside_it() -> None:
    drawn = process(
        node("parallelGateway", "f"), HEAR, node("userTask", "a"), ASK, path("s", "f", "hear", "e"),
        path("f", "a", "ask", "e"),
    )  # fmt: skip
    play = Play(ORDER, drawn, variables={"shop": 1})
    done = {"order": 4}
    play.send(UserTaskCompleted(play.token("user", "a"), done))
    assert keys(play) == [ANY_KEY, "4"]


def test_a_key_that_a_property_names_goes_before_the_correlation_of_the_message() -> None:
    ask = ASK.replace(
        "<camunda:property ", '<camunda:property name="correlationKey" value="=shop"/><camunda:property ', 1
    )
    play = Play(ORDER, process(ask, path("s", "ask", "e")), variables={"order": 4, "shop": "{}"})
    assert keys(play, "message_thrown") == ['"{}"']


@pytest.mark.parametrize(
    ("values", "expected"),
    [({"a": "4"}, "4"), ({"a": 4.0}, "4"), ({"a": 4}, "4"), ({"a": None}, "null"), ({"a": ANY_KEY}, '"{}"'),
     ({"b": 1, "a": "è"}, '{"a":"è","b":"1"}')],
)  # fmt: skip
def test_equal_values_give_equal_keys(values: dict[str, Any], expected: str) -> None:
    assert key_of(values) == expected


def test_a_payload_without_the_value_is_an_incident_where_it_is_sent() -> None:
    ask = node("intermediateThrowEvent", "ask", MESSAGE.format("m"), {"data.number": "4"})
    with pytest.raises(StepFailed, match="order") as failed:
        Play(ORDER, process(ask, path("s", "ask", "e")))
    assert failed.value.element == "ask"


@pytest.mark.parametrize(
    ("said", "extra", "inner"),
    [
        ("belongs to several correlation keys", (ORDER, key("a", "order"), key("b", "order")), ""),
        ("property 'shop' doesn't say where", (ORDER, prop("shop", {"m": "shop"}), key("a", "order", "shop")), ""),
        ("what the correlation property 'order' must be",
         (ORDER, prop("shop", {"n": "shop"}), key("a", "order", "shop")), subscription("a", {"shop": "x"})),
        ("other messages have other correlation properties", (ORDER, prop("shop", {"n": "shop"})), ""),
        ("The correlation key 'k_b' doesn't exist", (ORDER, key("a", "order")), subscription("b", {"order": "x"})),
        ("correlation expression is empty", (prop("order", {"n": ""}),), ""),
    ],
)  # fmt: skip
def test_what_cannot_be_correlated_is_refused(said: str, extra: tuple[str, ...], inner: str) -> None:
    problems = check_diagram("p.bpmn", xml(*extra, process(inner, HEAR, path("s", "hear", "e"))))
    assert any(said in p.problem and p.element in ("hear", "order", "cs") and p.remedy for p in problems), problems


def test_messages_that_two_diagrams_correlate_otherwise_are_refused() -> None:
    sends = xml(ORDER, process(ASK.replace("msg_m", "msg_n"), path("s", "ask", "e")))
    waits = xml(process(HEAR, path("q_s", "hear", "q_e"), id_="q"))
    with pytest.raises(Refused) as refused:
        read_drawn({"a.bpmn": sends, "b.bpmn": waits})
    assert [(p.file, p.element) for p in refused.value.problems] == [("b.bpmn", "hear")]


SENT = '<camunda:properties><camunda:property name="data.order" value="=order"/></camunda:properties>'
INPUT = (
    '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="greeting">hello'
    f"</camunda:inputParameter></camunda:inputOutput>{SENT}</bpmn:extensionElements>"
)
LOOP = (
    f"<bpmn:extensionElements>{SENT}</bpmn:extensionElements>"
    '<bpmn:standardLoopCharacteristics loopMaximum="1"><bpmn:loopCondition>1 == 1</bpmn:loopCondition>'
    "</bpmn:standardLoopCharacteristics>"
)


@pytest.mark.parametrize("inside", [INPUT, LOOP], ids=["own variables", "a loop"])
def test_what_is_sent_from_an_activity_that_runs_as_one_is_said_by_its_process(inside: str) -> None:
    asking = node("sendTask", "ask", inside, messageRef="msg_m")
    play = Play(ORDER, process(asking, HEAR, path("s", "ask", "hear", "e")), variables={"order": 4})
    assert keys(play) == ["4"]


def test_an_empty_value_is_a_value() -> None:
    play = Play(ORDER, process(ASK, HEAR, path("s", "ask", "hear", "e")), variables={"order": "", "shop": 1})
    assert keys(play) == [""]


def test_numbers_and_their_texts_are_the_same_in_keys_of_several_values() -> None:
    assert (
        key_of({"order": 4, "shop": "x"}) == key_of({"order": "4", "shop": "x"}) == key_of({"order": 4.0, "shop": "x"})
    )


FROM_TICKET = (
    '<bpmn:extensionElements><s:processVariableCorrelation xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">'
    "<s:propertyId>order</s:propertyId><s:expression>ticket.size</s:expression>"
    "</s:processVariableCorrelation></bpmn:extensionElements>"
)


@pytest.mark.parametrize("by", ["process", "people"])
def test_who_waits_by_a_field_of_the_ticket_follows_it(by: str) -> None:
    hear = node("intermediateCatchEvent", "hear", FROM_TICKET + MESSAGE.format("n"))
    drawn = process(
        hear, node("parallelGateway", "f"), node("userTask", "a"), node("task", "b", "", {"set.size": "=43"}),
        path("s", "f", "a", "b", "e"), path("f", "hear", "e"),
    )  # fmt: skip
    play = Play(ORDER, drawn, ticket={"size": 40})
    if by == "people":
        play.facts["ticket"]["size"] = 43
        play.send(FactsChanged())
    else:
        play.send(UserTaskCompleted(play.token("user", "a")))
    assert keys(play) == ["40", "43"]


def test_in_simulations_whose_conversation_it_is_comes_before_who_waits_for_any() -> None:
    either = process(
        node("exclusiveGateway", "x", default="x->hear"), ASK, HEAR,
        path("s", "x"), flow("x", "ask", "order &gt; 40"), path("x", "hear"), path("ask", "hear", "e"),
    )  # fmt: skip
    found = told(
        {"start": "p", "as": "any", "variables": {"order": 1, "shop": "a"}},
        {"start": "p", "as": "asked", "variables": {"order": 42, "shop": "a"}},
        {"message": "n", "data": {"order": 42, "shop": "a"}},
        of=(ORDER, either),
    )
    assert [found["instances"][name]["status"] for name in ("any", "asked")] == ["waiting", "completed"]
