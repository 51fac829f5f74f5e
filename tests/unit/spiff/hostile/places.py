"""Every place of a diagram or table that holds code, drawn as short as it can be, with any text in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from tests.unit.spiff.decisions.drawing import literal, model, table
from tests.unit.spiff.drawing import CYCLE, TIMER, flow, node, path, process

Kind = Literal["expression", "script", "feel"]

DATE = "<bpmn:timerEventDefinition><bpmn:timeDate>{}</bpmn:timeDate></bpmn:timerEventDefinition>"
CONDITION = "<bpmn:conditionalEventDefinition><bpmn:condition>{}</bpmn:condition></bpmn:conditionalEventDefinition>"
SEVERAL = "<bpmn:multiInstanceLoopCharacteristics{}>{}</bpmn:multiInstanceLoopCharacteristics>"
AGAIN = (
    '<bpmn:standardLoopCharacteristics testBefore="true"><bpmn:loopCondition>{}</bpmn:loopCondition>'
    "</bpmn:standardLoopCharacteristics>"
)
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
EXTENSIONS = "<bpmn:extensionElements>{}</bpmn:extensionElements>"
CALLED = process(path("q_s", "q_e"), id_="q")
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'


@dataclass(frozen=True)
class Place:
    """Somewhere where code stands."""

    name: str
    #: the diagram (and the called process) with the text in it
    drawn: Callable[[str], tuple[str, ...]]
    kind: Kind = "expression"
    #: a file with a decision table `routing`, which the diagram asks
    tables: Callable[[str], bytes] | None = None
    #: at which element its problem is told when deploying, and by an incident
    problem: str = "x"
    incident: str = "x"
    #: whether nothing at all may stand there
    closed: bool = False


def _line(element: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    return lambda text: (process(element(text), path("s", "x", "e")), CALLED)


def _inside(kind: str, template: str, **more: str) -> Callable[[str], tuple[str, ...]]:
    return _line(lambda text: node(kind, "x", template.format(escape(text)), **more))


def _property(name: str, kind: str = "task", inside: str = "", **more: str) -> Callable[[str], tuple[str, ...]]:
    return _line(lambda text: node(kind, "x", inside, {name: escape(f"={text}", {'"': "&quot;"})}, **more))


def _attribute(kind: str, template: str, **more: str) -> Callable[[str], tuple[str, ...]]:
    """The text in quotes inside of the element."""
    return _line(lambda text: node(kind, "x", EXTENSIONS.format(template.format(quoteattr(text))), **more))


def _flow(text: str) -> tuple[str, ...]:
    drawn = node("exclusiveGateway", "g", default="g->e") + path("s", "g", "e") + flow("g", "e", escape(text))
    return (process(drawn),)


def _split(text: str) -> tuple[str, ...]:
    return (process(node("task", "g"), path("s", "g"), flow("g", "e", escape(text))),)


def _recipient(text: str) -> tuple[str, ...]:
    properties = {"mail": "x", "mailTo": escape(f"={text}", {'"': "&quot;"})}
    return (process(node("task", "x", "", properties), path("s", "x", "e")),)


def _asks(_text: str) -> tuple[str, ...]:
    return (process(node("businessRuleTask", "x", camunda__decisionRef="routing"), path("s", "x", "e")),)


def _spiff(name: str, kind: str = "task", inside: str = "", **more: str) -> Callable[[str], tuple[str, ...]]:
    return _inside(kind, inside + EXTENSIONS.format(f'<s:{name} xmlns:s="{SPIFF}">{{}}</s:{name}>'), **more)


def _correlated(text: str) -> tuple[str, ...]:
    where = f"<bpmn:formalExpression>{escape(text)}</bpmn:formalExpression>"
    key = (
        '<bpmn:correlationProperty id="cp" name="order"><bpmn:correlationPropertyRetrievalExpression'
        f' messageRef="msg_m">{where}</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>'
    )
    return (process(node("sendTask", "x", "", {"data.order": "=1"}, messageRef="msg_m"), path("s", "x", "e")), key)


PARAMETER = '<camunda:inputOutput><camunda:inputParameter name="a">={}</camunda:inputParameter></camunda:inputOutput>'
RESULT = (
    '<camunda:inputOutput><camunda:outputParameter name="a">${{{}}}</camunda:outputParameter></camunda:inputOutput>'
)
LISTENER = "<camunda:executionListener>{}</camunda:executionListener>"
JAVA = '<bpmn:serviceTask id="x" name="x" camunda:expression={}/>'
CELLS = [(["-"], ['"a"'])]

PLACES = [
    Place("script", _inside("scriptTask", "<bpmn:script>{}</bpmn:script>"), "script"),
    Place("condition of a flow", _flow, problem="g->e-2", incident="g"),
    Place("condition of a flow out of an activity", _split, problem="g->e", incident="g"),
    Place("date", _inside("intermediateCatchEvent", DATE)),
    Place("duration", _inside("intermediateCatchEvent", TIMER)),
    Place("duration of working time", _inside("intermediateCatchEvent", TIMER.format("working({})"))),
    Place("cycle", _inside("intermediateCatchEvent", CYCLE.format("R3/working({})")), closed=True),
    Place("conditional event", _inside("intermediateCatchEvent", CONDITION)),
    Place(
        "number of instances",
        _inside("task", SEVERAL.format("", "<bpmn:loopCardinality>{}</bpmn:loopCardinality>")),
    ),
    Place(
        "list of instances",
        _line(lambda text: node("task", "x", SEVERAL.format(f" camunda:collection={quoteattr(text)}", ""))),
    ),
    Place(
        "completion of instances",
        _inside(
            "task",
            SEVERAL.format(
                "",
                "<bpmn:loopCardinality>3</bpmn:loopCardinality><bpmn:completionCondition>{}</bpmn:completionCondition>",
            ),
        ),
    ),
    Place("condition of a loop", _inside("task", AGAIN)),
    Place("payload of a message", _property("data.a", "sendTask", messageRef="msg_m")),
    Place("payload of a signal", _property("data.a", "intermediateThrowEvent", SIGNAL)),
    Place("parameter of a service", _inside("serviceTask", EXTENSIONS.format(PARAMETER), camunda__topic="webhook")),
    Place("correlation key", _property("correlationKey", "receiveTask", messageRef="msg_m")),
    Place("assignee", _property("assignee", "userTask")),
    Place("ticket field", _property("set.subject")),
    Place("status", _property("status")),
    Place("note", _property("note")),
    Place("recipient", _recipient),
    Place(
        "mapping into a call",
        _attribute("callActivity", '<camunda:in sourceExpression={} target="a"/>', calledElement="q"),
    ),
    Place(
        "mapping out of a call",
        _attribute("callActivity", '<camunda:out sourceExpression={} target="a"/>', calledElement="q"),
    ),
    Place("pre-script", _spiff("preScript"), "script"),
    Place("post-script", _spiff("postScript"), "script"),
    Place("payload of SpiffArena's message", _spiff("messagePayload", "sendTask", messageRef="msg_m")),
    Place("payload of SpiffArena's signal", _spiff("payloadExpression", "intermediateThrowEvent", SIGNAL)),
    Place("input parameter", _inside("task", EXTENSIONS.format(PARAMETER))),
    Place("output parameter", _inside("task", EXTENSIONS.format(RESULT))),
    Place("correlation path", _correlated),
    Place("execution listener", _inside("task", EXTENSIONS.format(LISTENER)), closed=True),
    Place("Java expression", _line(lambda text: JAVA.format(quoteattr(text))), closed=True),
    Place("input of a table", _asks, "feel", lambda text: model(table(CELLS, inputs=(text,))), "routing_ie1"),
    Place("test of a rule", _asks, "feel", lambda text: model(table([([text], ['"a"'])])), "routing_r1"),
    Place("answer of a rule", _asks, "feel", lambda text: model(table([(["-"], [text])])), "routing_r1"),
    Place("literal expression", _asks, "feel", lambda text: model(literal(text, key="routing")), "routing"),
]  # fmt: skip
