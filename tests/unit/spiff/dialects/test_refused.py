"""What a dialect says and Iter doesn't do is refused by name, with what to draw instead; what says nothing passes."""

from __future__ import annotations

import pytest

from engine.domain.errors import Problem
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import ERROR, MESSAGE, TIMER, flow, node, path, process, xml

SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
JOB = {"camunda__type": "external", "camunda__topic": "webhook"}


def problems(*drawn: str, head: str = "") -> list[Problem]:
    return check_diagram("p.bpmn", xml(process(*drawn), head))


def refused(named: str, element: str, *drawn: str, head: str = "") -> None:
    found = problems(*drawn, head=head)
    assert [(p.element, named in p.problem + p.remedy, p.severity) for p in found] == [(element, True, "error")], found
    assert found[0].remedy


def inside(*extensions: str) -> str:
    """Extension elements of Camunda."""
    return f"<bpmn:extensionElements>{''.join(f'<camunda:{each}' for each in extensions)}</bpmn:extensionElements>"


def spiff(name: str, text: str = "x = 1") -> str:
    """An extension element of SpiffArena."""
    return f'<bpmn:extensionElements><s:{name} xmlns:s="{SPIFF}">{text}</s:{name}></bpmn:extensionElements>'


def task(kind: str = "userTask", inner: str = "", **attributes: str) -> tuple[str, str]:
    return node(kind, "x", inner, **attributes), path("s", "x", "e")


@pytest.mark.parametrize(
    ("named", "drawn"),
    [
        ("a Java class", task("serviceTask", camunda__class="com.example.Do", **JOB)),
        ("a Java delegate", task("serviceTask", camunda__delegateExpression="${doIt}", **JOB)),
        ("a Java expression", task("serviceTask", camunda__expression="${bean.doIt(x)}", **JOB)),
        ("a connector", task("serviceTask", inside("connector/>"), **JOB)),
        ("reads or sets 'a', which is an input parameter",
         task("serviceTask", inside('inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter>'
                                    '<camunda:outputParameter name="b">${a}</camunda:outputParameter>'
                                    "</camunda:inputOutput>"), **JOB)),
        ("output parameters", task("exclusiveGateway", inside(
            'inputOutput><camunda:outputParameter name="b">1</camunda:outputParameter></camunda:inputOutput>'))),
        ("a list, map or script",
         task("serviceTask", inside('inputOutput><camunda:inputParameter name="a"><camunda:list/>'
                                    "</camunda:inputParameter></camunda:inputOutput>"), **JOB)),
        ("field injection", task("serviceTask", inside('field name="a"/>'), **JOB)),
        ("an error that the engine reads", task("serviceTask", inside('errorEventDefinition id="d"/>'), **JOB)),
        ("external task with a topic", task("serviceTask", camunda__type="mail", camunda__topic="webhook")),
        ("an execution listener", task(inner=inside('executionListener event="start" class="a.B"/>'))),
        ("a task listener", task(inner=inside('taskListener event="create" class="a.B"/>'))),
        ("an embedded form", task(inner=inside('formData><camunda:formField id="f"/></camunda:formData>'))),
        ("candidate users", task(camunda__candidateUsers="ada, bob")),
        ("camunda:formRefBinding", task(camunda__formRef="f", camunda__formRefBinding="version")),
        ("a form of a certain version", task(camunda__formRef="f", camunda__formRefVersion="3")),
        ("'${group}', which is computed", task(camunda__candidateGroups="${group}")),
        ("a text with ${…} inside it", task(camunda__assignee="clerk-${area}")),
        ("'boss.of(…)' calls Java", task(camunda__assignee="${boss.of(requester)}")),
        ("input parameters", task("receiveTask", inside(
            'inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter></camunda:inputOutput>'
        ), messageRef="msg_m")),
        ("a script of another file", task("scriptTask", "<bpmn:script>x</bpmn:script>", camunda__resource="a.py")),
        ("a result variable", task("scriptTask", "<bpmn:script>x</bpmn:script>", camunda__resultVariable="y")),
        ("'${process}', which is computed", task("callActivity", calledElement="${process}")),
        ("'boss.now(…)' calls Java",
         (node("intermediateCatchEvent", "x", TIMER.format("${boss.now()}")), path("s", "x", "e"))),
        ("'order.lines(…)' calls Java", task(
            inner='<bpmn:multiInstanceLoopCharacteristics camunda:collection="${order.lines()}"/>')),
        ("'order.isPaid(…)' calls Java", (node(
            "intermediateCatchEvent", "x", "<bpmn:conditionalEventDefinition><bpmn:condition>${order.isPaid()}"
            "</bpmn:condition></bpmn:conditionalEventDefinition>"), path("s", "x", "e"))),
        ("a case", task("callActivity", calledElement="q", camunda__caseRef="c")),
        ("a business key", task("callActivity", inside('in businessKey="${other}"/>'), calledElement="q")),
        ("a process of a certain version",
         task("callActivity", calledElement="q", camunda__calledElementVersion="2")),
        ("a Java class", task("callActivity", calledElement="q", camunda__variableMappingClass="a.B")),
        ("a decision of a certain version",
         task("businessRuleTask", camunda__decisionRef="d", camunda__decisionRefVersion="2")),
        ("camunda:mapDecisionResult",
         task("businessRuleTask", camunda__decisionRef="d", camunda__mapDecisionResult="something")),
        ("the extension 'newer'", task(inner=inside("newer/>"))),
        ("camunda:newer", task(camunda__newer="1")),
        ("an execution listener", task(
            inner="<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><camunda:executionListener/>"
            "</bpmn:extensionElements><bpmn:loopCardinality>2</bpmn:loopCardinality>"
            "</bpmn:multiInstanceLoopCharacteristics>")),
    ],
)  # fmt: skip
def test_of_camunda(named: str, drawn: tuple[str, str]) -> None:
    refused(named, "x", *drawn)


def test_of_camunda_what_a_process_says() -> None:
    for attribute, named in (("initiator", "who starts it"), ("candidateStarterGroups", "groups that may start it")):
        drawn = xml(process(path("s", "e")).replace('isExecutable="true"', f'camunda:{attribute}="a"'))
        assert [(p.element, named in p.problem) for p in check_diagram("p.bpmn", drawn)] == [("p", True)]
    listener = '<bpmn:extensionElements><camunda:executionListener event="end"/></bpmn:extensionElements>'
    refused("an execution listener", "p", listener, path("s", "e"))


def test_of_camunda_what_a_flow_and_its_condition_say() -> None:
    listening = flow("s", "x").replace("</", f"{inside('executionListener/>')}</", 1).replace("<bpmn:seq", "<bpmn:seq")
    refused(
        "an execution listener", "f", node("task", "x"), listening.replace(" source", ' id="f" source'), path("x", "e")
    )
    elsewhere = flow("x", "e", " ").replace("conditionExpression>", 'conditionExpression camunda:resource="c.js">', 1)
    refused("camunda:resource", "f", node("task", "x"), path("s", "x"), elsewhere.replace(" source", ' id="f" source'))


def test_of_camunda_an_error_whose_text_is_computed() -> None:
    thrown = node("endEvent", "x", '<bpmn:errorEventDefinition errorRef="bad"/>')
    head = '<bpmn:error id="bad" errorCode="BAD" camunda:errorMessage="${why}"/>'
    refused(
        "'${why}', which is computed",
        "x",
        thrown,
        *(node("parallelGateway", "g"), path("s", "g", "x"), path("g", "e")),
        head=head,
    )


def test_diagrams_of_camunda_8() -> None:
    content = xml(process(path("s", "e"))).replace(
        b' id="defs"',
        b' xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud" id="defs"',
    )
    assert ["Camunda 8" in p.problem for p in check_diagram("p.bpmn", content)] == [True]


@pytest.mark.parametrize("name", ["dueDate", "followUpDate"])
def test_what_only_lists_show_is_told_and_passes(name: str) -> None:
    found = problems(*task(**{f"camunda__{name}": "${dateTime().plusDays(3).toDate()}"}))
    assert [(p.element, p.severity) for p in found] == [("x", "warning")]


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ('${execution.getVariable("x") == 1}', "'execution.getVariable(…)' calls Java"),
        ("${checker.isValid(order)}", "'checker.isValid(…)' calls Java"),
        ("${fn:length(name) > 1}", "'fn:length(…)' calls Java"),
        ("${dateTime() > x}", "'dateTime(…)' calls Java"),
        ("${items[0].size() > 1}", "'items[0].size(…)' calls Java"),
        ("${x eq 1}", "'eq', 'lt', 'div' and the like"),
        ("${x == 1 && y}", "Write 'and'"),
        ("${empty x}", "x is None"),
        ("${x} and ${y}", "Write it without"),
    ],
)
def test_conditions_of_camunda_that_are_no_plain_comparison(condition: str, named: str) -> None:
    drawn = flow("x", "e", condition.replace("&", "&amp;").replace(">", "&gt;")).replace(" source", ' id="f" source')
    refused(named, "f", node("task", "x"), path("s", "x"), drawn)


@pytest.mark.parametrize(
    "condition",
    [
        "${x == 1}",
        "#{x != null}",
        "${x > 1 and (y or not z)}",
        "${len(items) > 2}",
        '${x in ("a (b)", "c.d(e)")}',
        "${ok}",
    ],
)
def test_plain_comparisons_of_camunda_are_understood(condition: str) -> None:
    assert problems(node("task", "x"), path("s", "x"), flow("x", "e", condition.replace(">", "&gt;"))) == []


@pytest.mark.parametrize(
    ("named", "drawn"),
    [
        ("a process that starts with the task", task(inner=spiff("processModelToStartOnTaskAvailable", "q"))),
        ("the extension 'newer'", task(inner=spiff("newer"))),
        ("a script beside it", task("exclusiveGateway", spiff("preScript"))),
        ("a payload", task(inner=spiff("messagePayload", "{}"))),
        ("a payload variable", task("task", spiff("messageVariable", "y"))),
        ("an input/output specification of an activity", task(inner="<bpmn:ioSpecification/>")),
        ("No correlation property 'order'", task("receiveTask", spiff(
            "processVariableCorrelation", "<s:propertyId>order</s:propertyId><s:expression>x</s:expression>"
        ), messageRef="msg_m")),
    ],
)  # fmt: skip
def test_of_spiffarena(named: str, drawn: tuple[str, str]) -> None:
    refused(named, "x", *drawn)


def test_of_spiffarena_a_script_before_what_is_waited_for_beside_something_else() -> None:
    host, script = node("userTask", "u"), spiff("preScript")
    boundary = node("boundaryEvent", "x", script + MESSAGE.format("m"), attachedToRef="u")
    refused("would run too late", "x", host, boundary, path("s", "u", "e"), path("x", "e"))
    gateway, events = node("eventBasedGateway", "g"), [
        node("intermediateCatchEvent", "x", script + MESSAGE.format("m")),
        node("intermediateCatchEvent", "y", MESSAGE.format("n")),
    ]  # fmt: skip
    refused("would run too late", "x", gateway, *events, path("s", "g", "x", "e"), path("g", "y", "e"))


def test_of_spiffarena_unknown_attributes() -> None:
    drawn = node("userTask", "x").replace("<bpmn:userTask", f'<bpmn:userTask xmlns:s="{SPIFF}" s:newer="1"')
    refused("spiffworkflow:newer", "x", drawn, path("s", "x", "e"))


def test_scripts_and_payloads_are_checked_like_all_code() -> None:
    for extension, told in ((spiff("preScript", "import os"), "os"), (spiff("postScript", "x ="), "valid script")):
        refused(told, "x", *task(inner=extension))
    refused("valid expression", "x", *task("sendTask", spiff("messagePayload", "{"), messageRef="msg_m"))


def test_errors_with_variables_pass() -> None:
    caught = node("boundaryEvent", "b", ERROR.replace("/>", ' camunda:errorCodeVariable="c"/>'), attachedToRef="x")
    assert problems(node("userTask", "x"), caught, path("s", "x", "e"), path("b", "e")) == []
