"""A package is read whole, or refused with every reason at its place; nothing that it names may lead nowhere."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.domain.errors import Refused
from engine.spiff.versions import check_diagram, check_version, content_hash, read_version
from tests.unit.spiff.decisions.drawing import model, table
from tests.unit.spiff.drawing import TERMINATE, TIMER, node, path, process, xml

FOLDER = Path("tests/packages/klempner")
FILES = {str(p.relative_to(FOLDER)): p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()}
TASK = node("userTask", "a")


def with_diagram(drawn: str) -> dict[str, bytes]:
    return {**FILES, "extra.bpmn": xml(drawn.replace('id="p"', 'id="extra"'))}


def test_a_sound_package_is_read_and_keeps_its_hash() -> None:
    version = read_version(FILES)
    assert version.package.id == "klempner"
    assert version.hash == content_hash(dict(reversed(FILES.items())))
    assert read_version(FILES, trusted=True).hash == version.hash


@pytest.mark.parametrize(
    ("drawn", "element", "said"),
    [
        (node("userTask", "a", properties={"status": "nowhere"}), "a", "status 'nowhere'"),
        (node("userTask", "a", properties={"requestType": "nothing"}), "a", "request type 'nothing'"),
        (node("userTask", "a", properties={"step": "none"}), "a", "step 'none'"),
        (node("userTask", "a", properties={"clockStart": "never"}), "a", "goal 'never'"),
        (node("userTask", "a", properties={"mail": "lost"}), "a", "mail text 'lost'"),
        (node("userTask", "a", properties={"mailTo": "everybody"}), "a", "recipient 'everybody'"),
        (node("sendTask", "a", properties={"mailTo": "staff"}), "a", "names no mail text"),
        (node("userTask", "a", properties={"noteExpects": "god"}), "a", "party 'god'"),
        (node("userTask", "a", properties={"set.nothing": "1"}), "a", "ticket field 'nothing'"),
        (node("userTask", "a", properties={"colour": "red"}), "a", "property 'colour'"),
        (node("userTask", "a", camunda__formRef="gone"), "a", "form 'gone'"),
        (node("callActivity", "a", calledElement="gone"), "a", "process 'gone'"),
        (node("callActivity", "a"), "a", "names no process"),
        (node("businessRuleTask", "a"), "a", "names no decision"),
        (node("businessRuleTask", "a", camunda__decisionRef="gone"), "a", "decision 'gone'"),
        (node("serviceTask", "a"), "a", "names no job"),
        (node("serviceTask", "a", camunda__type="external", camunda__topic="gone"), "a", "job type 'gone'"),
        (node("receiveTask", "a"), "a", "names no message"),
        (node("startEvent", "a", camunda__formKey="look"), "a", "a form"),
        (node("userTask", "a", camunda__topic="webhook"), "a", "the job 'webhook'"),
        (node("businessRuleTask", "a", camunda__topic="webhook"), "a", "the job 'webhook'"),
        (node("userTask", "a", properties={"data.x": "1"}), "a", "the property data.x"),
        (node("scriptTask", "a", properties={"goal": "x"}), "a", "the property goal"),
        (node("endEvent", "a", TERMINATE, camunda__topic="webhook"), "a", "the job 'webhook'"),
        (node("scriptTask", "a"), "a", "script is empty"),
        (node("scriptTask", "a", "<bpmn:script>x = = 1</bpmn:script>"), "a", "can't be read"),
        (node("userTask", "a", properties={"set.subject": "=ticket.colour"}), "a", "no field 'colour'"),
        (node("intermediateCatchEvent", "a", TIMER.format("PT")), "a", "can't be used"),
        (node("intermediateCatchEvent", "a", TIMER.format("deadline('x')")), "a", "no goal 'x'"),
        (node("intermediateCatchEvent", "a", TIMER.format("working('P1M')")), "a", "can't be used"),
        (node("intermediateCatchEvent", "a", TIMER.format("working('P1D', 'moon')")), "a", "no calendar 'moon'"),
        (node("intermediateCatchEvent", "a", TIMER.format("2026-02-30")), "a", "isn't a day"),
    ],
)
def test_a_name_that_leads_nowhere_is_told_at_its_element(drawn: str, element: str, said: str) -> None:
    problems = check_version(with_diagram(process(drawn, path("s", "a", "e"))))
    assert any(p.file == "extra.bpmn" and p.element == element and said in p.problem and p.remedy for p in problems)


def test_all_files_are_checked_in_one_pass() -> None:
    broken = {**FILES, "extra.bpmn": b"<a>", "extra.dmn": b"<a/>", "forms/extra.form": b"{", "mail/extra.txt": b"{{"}
    files = {p.file for p in check_version(broken)}
    assert {"extra.bpmn", "extra.dmn", "forms/extra.form", "mail/extra.txt"} <= files
    with pytest.raises(Refused):
        read_version(broken)


def test_a_process_id_in_two_files_and_a_foreign_file_are_refused() -> None:
    twice = {**FILES, "again.bpmn": next(c for n, c in FILES.items() if n.endswith(".bpmn")), "run.exe": b"MZ"}
    problems = [p.problem for p in check_version(twice)]
    assert any("is also in" in problem for problem in problems)
    assert any("holds no such file" in problem for problem in problems)


def test_a_diagram_by_itself_is_checked_without_a_package() -> None:
    assert check_diagram("p.bpmn", xml(process(TASK, path("s", "a", "e")))) == []
    assert check_diagram("p.bpmn", xml(process(TASK, path("s", "a"), node("exclusiveGateway", "g")))) != []


def test_three_hundred_elements_are_checked_within_a_second() -> None:
    ids = [f"t{i}" for i in range(300)]
    drawn = process(
        *(node("userTask", i, properties={"set.subject": "=ticket.subject"}) for i in ids), path("s", *ids, "e")
    )
    began = time.process_time()
    check_version(with_diagram(drawn))
    assert time.process_time() - began < 1


def test_a_table_that_collects_several_outputs_wants_a_result_variable() -> None:
    outputs = (("x", "string"), ("y", "string"))
    collecting = model(table([(["-"], ['"a"', '"b"'])], outputs=outputs, hit_policy='hitPolicy="COLLECT"', key="both"))

    def said(**more: str) -> list[str]:
        chosen = node("scriptTask", "b", "<bpmn:script>category = 'crm'</bpmn:script>")
        asked = node("businessRuleTask", "a", camunda__decisionRef="both", **more)
        drawn = process(chosen, asked, path("s", "b", "a", "e"))
        problems = check_version({**with_diagram(drawn), "both.dmn": collecting})
        return [problem.problem for problem in problems if problem.element == "a"]

    assert said() == ["Its decision collects rows of several outputs."]
    assert said(camunda__resultVariable="found") == []
