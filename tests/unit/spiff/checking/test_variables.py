"""Which variables may exist where: what nothing sets is told when deploying, what anything could set is not."""

from __future__ import annotations

import time

import pytest

from engine.domain.errors import Problem, Refused
from engine.spiff.versions import check_version, read_version
from tests.support.desk import desk_files
from tests.unit.spiff.decisions.drawing import model, table
from tests.unit.spiff.drawing import ANY_ERROR, TIMER, Play, flow, node, path, process, xml

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
EXTENSIONS = "<bpmn:extensionElements>{}</bpmn:extensionElements>"
SEVERAL = (
    '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1, 2]" camunda:elementVariable="item">'
    "{}</bpmn:multiInstanceLoopCharacteristics>"
)


def script(text: str) -> str:
    return f"<bpmn:script>{text}</bpmn:script>"


def ask(text: str, id_: str = "ask") -> str:
    """A task that reads something when it is left."""
    return node("task", id_, properties={"set.subject": f"={text}"})


def receive(message: str, id_: str = "told") -> str:
    return node("receiveTask", id_, messageRef=f"msg_{message}")


def mapping(*lines: str) -> str:
    return EXTENSIONS.format("".join(f"<camunda:{line}/>" for line in lines))


def told(*drawn: str, **files: str) -> list[Problem]:
    """What the check says of a package with these processes; `p` begins without variables."""
    sent = '<bpmn:message id="msg_q" name="question"/><bpmn:message id="msg_w" name="withdrawn"/>'
    diagram = xml(*drawn).replace(b"<bpmn:error ", f"{sent}<bpmn:error ".encode(), 1)
    more = {f"{name}.dmn" if name == "table" else name: text.encode() for name, text in files.items()}
    found = check_version({**desk_files(), **more, "p.bpmn": diagram})
    return [problem for problem in found if problem.file not in ("package.toml", "table.dmn")]


def line(*drawn: str) -> str:
    """A process with these elements one behind the other."""
    ids = [part.split('id="')[1].split('"')[0] for part in drawn]
    return process(*drawn, path("s", *ids, "e"))


@pytest.mark.parametrize(
    "drawn",
    [
        [node("userTask", "a", camunda__formRef="look"), ask("pairs > 1")],
        [node("scriptTask", "a", script("pairs = 1")), ask("pairs > 1")],
        [ask("pairs > 1"), node("scriptTask", "a", script("for pairs in [1]: pass"))],
        [node("serviceTask", "a", camunda__topic="webhook", camunda__resultVariable="pairs"), ask("pairs['a']")],
        [node("serviceTask", "a", camunda__topic="webhook"), ask("pairs > 1")],
        [receive("n"), ask("pairs > 1")],
        [receive("q"), ask("note['text']")],
        [receive("m"), node("sendTask", "b", messageRef="msg_m", properties={"data.pairs": "1"}), ask("pairs > 1")],
        [node("intermediateCatchEvent", "a", SIGNAL), ask("pairs > 1")],
        [node("businessRuleTask", "a", camunda__decisionRef="routing"), ask("department"),
         node("scriptTask", "b", script("category = 'crm'"))],
        [node("businessRuleTask", "a", camunda__decisionRef="routing", camunda__resultVariable="pairs"), ask("pairs"),
         node("scriptTask", "b", script("category = 'crm'"))],
        [node("subProcess", "a", process(node("scriptTask", "x", script("pairs = 1")), path("a_s", "x", "a_e"), id_="a")
              .split(">", 1)[1].rsplit("</", 1)[0]), ask("pairs > 1")],
        [ask("completed_by")],
        [ask("now.hour + ticket.size")],
        [node("scriptTask", "a", script("x = (item, loopCounter, nrOfInstances)") + SEVERAL.format("")), ask("x")],
        [node("task", "a", SEVERAL.format(""), {"outputElement": "one", "outputCollection": "all_of_them"}),
         ask("all_of_them[0]")],
        [node("scriptTask", "a", script("n = 1")
              + "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>n &lt; 3 and loopCounter &lt; 9"
              "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>", {"set.subject": "=n"})],
        [node("intermediateCatchEvent", "a", TIMER.format("working('PT1H')"))],
    ],
)  # fmt: skip
def test_what_something_could_set_may_be_asked_for(drawn: list[str]) -> None:
    assert told(line(*drawn), table=model(table([(["-"], ['"a"'])])).decode()) == []


@pytest.mark.parametrize(
    ("drawn", "element", "words"),
    [
        ([node("userTask", "a", camunda__formRef="look"), ask("piars > 1")], "ask", "Did you mean 'pairs'?"),
        ([ask("pairs > 1")], "ask", "Nothing sets 'pairs'."),
        ([node("userTask", "a"), ask("pairs > 1")], "ask", "Nothing sets 'pairs'."),
        ([node("scriptTask", "a", script("pairs = pairs + 1"))], "a", "It reads 'pairs' before anything sets it."),
        ([node("scriptTask", "a", script("_pairs = 1")), ask("_pairs > 1")], "ask", "Nothing sets '_pairs'."),
        ([node("serviceTask", "a", camunda__topic="webhook", camunda__resultVariable="sent"), ask("pairs")], "ask",
         "Nothing sets 'pairs'."),
        ([receive("q"), ask("pairs > 1")], "ask", "Nothing sets 'pairs'."),
        ([receive("w"), ask("note")], "ask", "Nothing sets 'note'."),
        ([receive("m"), node("sendTask", "b", messageRef="msg_m", properties={"data.pair": "1"}), ask("pairs > 1")],
         "ask", "Did you mean 'pair'?"),
        ([node("task", "a", SEVERAL.format("")), ask("item")], "ask", "Nothing sets 'item'."),
        ([node("task", "a", SEVERAL.format("")), ask("loopCounter")], "ask", "Nothing sets 'loopCounter'."),
        ([node("scriptTask", "a", script("one = item") + SEVERAL.format(""), {"outputElement": "one"}), ask("one")],
         "ask", "Nothing sets 'one'."),
        ([node("task", "a", "", {"status": "=completed_by"})], "a", "completed_by"),
        ([node("userTask", "a", "", camunda__assignee="=somebody")], "a", "Nothing sets 'somebody'."),
        ([node("intermediateCatchEvent", "a", TIMER.format("wait"))], "a", "Nothing sets 'wait'."),
        ([node("callActivity", "a", mapping('in source="pairs" target="x"'), calledElement="p")], "a", "'pairs'"),
        ([node("callActivity", "a", mapping('out source="pairs" target="x"'), calledElement="p")], "a", "'pairs'"),
        ([node("businessRuleTask", "a", camunda__decisionRef="routing")], "a", "'Routing' asks for 'category'."),
        ([node("userTask", "a", camunda__formRef="look"), ask("pairs + '!'")], "ask", "a number and a text"),
        ([ask("ticket.size &lt; '5'")], "ask", "a number and a text"),
        ([ask("ticket.number + 1")], "ask", "a text and a number"),
    ],
)  # fmt: skip
def test_what_nothing_can_set_is_told_at_its_element(drawn: list[str], element: str, words: str) -> None:
    (problem,) = told(line(*drawn), table=model(table([(["-"], ['"a"'])])).decode())
    assert (problem.element, problem.label, problem.severity) == (element, element, "error")
    assert words in f"{problem.problem} {problem.remedy}"


LOOP = (
    "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>True</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)


@pytest.mark.parametrize(
    "text",
    [
        "total = total + 1",
        "total += 1",
        "if total: total = 1",
        "for one in total: total = one",
        "while total: total = 1",
        "match total:\n  case _: total = 1",
        "assert total\ntotal = 1",
        "print(total)\ntotal = 1",
        "if loopCounter and True: other = 1\ntotal = [one for one in total if one]",
        "total = 0 if total else 1",
        "total = total or 1",
        "total = 0 &lt; total",
    ],
)
@pytest.mark.parametrize("more", ["", LOOP])
def test_a_script_that_always_reads_first_what_only_it_sets_is_told(text: str, more: str) -> None:
    text = text if more else text.replace("loopCounter", "now")
    (problem,) = told(line(node("scriptTask", "a", script(text) + more)))
    assert problem.problem.endswith("can't work: It reads 'total' before anything sets it.")


def test_a_script_that_may_read_what_comes_from_outside_is_not_told() -> None:
    assert told(line(receive("n"), node("scriptTask", "a", script("total = total + 1")))) == []


def test_a_script_that_calls_its_own_function_before_making_it_is_told() -> None:
    (problem,) = told(line(node("scriptTask", "a", script("x = double(2)\ndef double(n):\n  return n * 2"))))
    assert problem.problem.endswith("can't work: It reads 'double' before anything sets it.")


def test_flows_and_boundaries_see_what_stands_around_a_loop() -> None:
    drawn = process(
        node("task", "a", SEVERAL.format("<bpmn:completionCondition>item > 1</bpmn:completionCondition>")),
        node("boundaryEvent", "b", ANY_ERROR.replace("/>", ' camunda:errorMessageVariable="why"/>'), attachedToRef="a"),
        node("exclusiveGateway", "g", default="g->e"),
        path("s", "a", "g", "e"), path("b", "e"), flow("g", "e", "why == item"),
    )  # fmt: skip
    assert [(p.element, p.problem) for p in told(drawn)] == [
        ("g->e-2", "'why == item' can't work: Nothing sets 'item'.")
    ]


def test_a_called_process_knows_what_it_is_given_and_gives_what_it_knows() -> None:
    calls = mapping('in source="pairs" target="given"', 'out sourceExpression="${got + given}" target="back"')
    caller = line(
        node("userTask", "a", camunda__formRef="look"), node("callActivity", "c", calls, calledElement="q"), ask("back")
    )
    inside = node("scriptTask", "x", script("got = given")), node("task", "y", properties={"set.subject": "=pairs"})
    called = process(*inside, path("q_s", "x", "y", "q_e"), id_="q")
    assert [(p.element, p.problem) for p in told(caller, called)] == [
        ("y", "'pairs' can't work: Nothing sets 'pairs'.")
    ]


def test_a_mapping_of_everything_hands_names_on_through_every_call() -> None:
    calls = mapping('in variables="all"', 'out variables="all"')
    chain = [
        process(node("callActivity", f"c{n}", calls, calledElement=f"q{n + 1}"), path(f"q{n}_s", f"c{n}", f"q{n}_e"),
                id_=f"q{n}")
        for n in range(4)
    ]  # fmt: skip
    last = process(node("scriptTask", "x", script("deep = pairs")), path("q4_s", "x", "q4_e"), id_="q4")
    first = line(
        node("userTask", "a", camunda__formRef="look"), node("callActivity", "c", calls, calledElement="q0"),
        ask("deep"), ask("deeep", "wrong"),
    )  # fmt: skip
    assert [p.element for p in told(first, *chain, last)] == ["wrong"]


def test_names_that_may_come_from_outside_are_only_doubted_where_a_known_one_is_near() -> None:
    problems = told(line(node("userTask", "a", camunda__formRef="look"), receive("n"), ask("piars"), ask("any", "b")))
    (doubt,) = problems
    assert (doubt.element, doubt.severity, doubt.remedy) == ("ask", "warning", "Did you mean 'pairs'?")


def test_a_data_object_declares_a_variable() -> None:
    declared = '<bpmn:dataObject id="pairs"/><bpmn:dataObjectReference id="ref" dataObjectRef="pairs" name="colour"/>'
    assert told(process(declared, ask("(pairs, colour)"), path("s", "ask", "e"))) == []


def test_what_a_scenario_starts_with_and_an_action_brings_exists() -> None:
    scenario = "title: x\nat: 2026-03-27T16:00\ngiven:\n  process: p\n  variables: { pairs: 1 }\nsteps: []\n"
    assert told(line(ask("pairs > 1"))) != []
    assert told(line(ask("pairs > 1")), **{"scenarios/a.yaml": scenario}) == []


@pytest.mark.parametrize(
    "drawn",
    [
        node("scriptTask", "a", script("loopCounter = 1")),
        node("serviceTask", "a", camunda__topic="webhook", camunda__resultVariable="ticket"),
        node("businessRuleTask", "a", camunda__decisionRef="routing", camunda__resultVariable="now"),
        node("task", "a", SEVERAL.format("").replace('"item"', '"ticket"')),
        node("task", "a", SEVERAL.format(""), {"outputCollection": "nrOfInstances"}),
        node("sendTask", "a", messageRef="msg_m", properties={"data.completed_by": "1"}),
        node("callActivity", "a", mapping('in source="s" target="ticket"'), calledElement="p"),
        node("callActivity", "a", mapping('out source="s" target="deadline"'), calledElement="p"),
    ],
)
def test_a_variable_with_a_name_of_iters_own_is_refused(drawn: str) -> None:
    files = {**desk_files(), "p.bpmn": xml(line(drawn)), "t.dmn": model(table([(["-"], ['"a"'])]))}
    found = [problem for problem in check_version(files) if problem.problem.endswith("is Iter's own name.")]
    assert [(problem.element, problem.remedy) for problem in found] == [("a", "Choose another variable.")]


def test_deploying_is_refused_with_all_that_is_wrong_at_once() -> None:
    drawn = line(ask("pairs > 1"), ask("ticket.size + 'x'", "b"), node("task", "c", properties={"status": "nowhere"}))
    with pytest.raises(Refused) as refused:
        read_version({**desk_files(), "p.bpmn": xml(drawn)})
    assert [problem.element for problem in refused.value.problems if problem.file == "p.bpmn"] == ["ask", "b", "c"]


def test_many_unknown_names_among_many_known_ones_take_a_short_time() -> None:
    known = node("scriptTask", "a", script("; ".join(f"name_{n} = 1" for n in range(700))))
    drawn = line(known, *(ask(f"nane_{n}", f"t{n}") for n in range(700)))
    began = time.process_time()
    assert len(told(drawn)) == 700
    assert time.process_time() - began < 5


TWICE = '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'
EVERYTHING = mapping('in variables="all"', 'out variables="all"')


def called(*drawn: str) -> str:
    """A process that others call."""
    ids = [part.split('id="')[1].split('"')[0] for part in drawn]
    return process(*drawn, path("q_s", *ids, "q_e"), id_="q")


@pytest.mark.parametrize(
    "drawn",
    [
        node("callActivity", "c", EVERYTHING + SEVERAL.format(""), calledElement="q"),
        node("callActivity", "c", EVERYTHING + TWICE, calledElement="q"),
        node(
            "subProcess", "c",
            SEVERAL.format("") + node("startEvent", "i") + node("callActivity", "d", EVERYTHING, calledElement="q")
            + path("i", "d"),
        ),
    ],
    ids=["several", "loop", "inside several"],
)  # fmt: skip
def test_everything_may_be_handed_over_again_and_again(drawn: str) -> None:
    inner = called(node("scriptTask", "a", script("r = 1")))
    assert Play(line(drawn), inner).variables == {"r": 1}
    assert told(line(drawn), inner) == []


def test_counters_are_handed_to_no_process() -> None:
    drawn = line(node("callActivity", "c", EVERYTHING + SEVERAL.format(""), calledElement="q"))
    (problem,) = told(drawn, called(ask("loopCounter", "a")))
    assert "Nothing sets 'loopCounter'." in problem.problem


@pytest.mark.parametrize("how", ["item", "result"])
@pytest.mark.parametrize("name", ["loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"])
def test_items_and_results_are_not_called_as_counters_are(name: str, how: str) -> None:
    item = f' camunda:elementVariable="{name}"' if how == "item" else ""
    result = {"outputElement": name, "outputCollection": "all"} if how == "result" else {}
    loop = f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="[7, 8]"{item}/>'
    (problem,) = told(line(node("userTask", "a", loop, result)))
    assert problem.problem == f"'{name}' is Iter's own name."


def test_what_a_process_declares_that_it_needs_is_there_although_nothing_calls_it_yet() -> None:
    takes = '<bpmn:ioSpecification><bpmn:dataInput id="amount" name="amount"/></bpmn:ioSpecification>'
    drawn = called(node("scriptTask", "a", script("total = amount + 1")))
    drawn = drawn.replace('isExecutable="true">', f'isExecutable="true">{takes}', 1)
    assert told(line(node("task", "t")), drawn) == []


def test_a_script_may_be_a_comment_alone() -> None:
    assert told(line(node("scriptTask", "a", script("# later")))) == []


def test_a_script_around_several_instances_may_set_what_items_are_called() -> None:
    after = '<s:postScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">item = 3</s:postScript>'
    drawn = line(node("task", "a", EXTENSIONS.format(after) + SEVERAL.format("")), ask("item", "b"))
    assert Play(drawn).variables == {"item": 3}
    assert told(drawn) == []
