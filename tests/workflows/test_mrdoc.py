"""MRDoc's process package is whole: deployable, drawn in full, every path proved. What Iter does isn't tested here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.domain.packages import text
from engine.spiff.scenarios import Report, run_package
from engine.spiff.versions import PackageVersion, check_version, read_version

WORKFLOWS = Path(__file__).parents[2] / "workflows"
FOLDER = WORKFLOWS / "mrdoc"
DIAGRAMS = sorted(path.name for path in FOLDER.glob("*.bpmn"))
SCENARIOS = sorted(f"scenarios/{path.name}" for path in FOLDER.glob("scenarios/*.yaml"))
TEMPLATES = sorted(WORKFLOWS.glob("element-templates/*.json"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
#: the nine, as the guide writes them
CATEGORIES = [
    "Quantificazione nuovo sviluppo",
    "Problema bloccante CRM",
    "Problema bloccante sito",
    "Nuovo sviluppo sito",
    "Nuovo sviluppo CRM",
    "Formazione/informazione CRM",
    "Formazione/informazione sito",
    "Bug CRM",
    "Bug sito",
]
STATUSES = ["IN ATTESA RISPOSTA MR DOC", "IN ATTESA RISPOSTA CLIENTE", "APERTO", "CHIUSO", "ANNULLATO"]
REQUEST_TYPES = ["RICHIESTA ASSISTENZA", "RICHIESTA NUOVO SVILUPPO"]
#: labels that aren't questions: they join, fork, or wait for whoever comes first
PLAIN_GATEWAYS = {"Confermata", "Esito", "Prossima nota", "Stima e dialogo", "Lavoro e dialogo"}


@cache
def files() -> dict[str, bytes]:
    """The package's files by their path inside it."""
    return {str(path.relative_to(FOLDER)): path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.is_file()}


@cache
def version() -> PackageVersion:
    """The package, read and checked."""
    return read_version(files())


@cache
def report() -> Report:
    """What all scenarios gave together."""
    return run_package(version())


def elements(name: str, *kinds: str) -> Iterator[Any]:
    """Elements of a diagram by kind."""
    return etree.fromstring(files()[name]).iter(*(BPMN + kind for kind in kinds))


def test_nothing_is_wrong_with_it() -> None:
    assert check_version(files()) == []


@pytest.mark.parametrize("path", SCENARIOS)
def test_scenario(path: str) -> None:
    result = next(result for result in report().results if result.file == path)
    assert [f"line {found.line}, {found.step}: {found.problem}" for found in result.differences] == []


def test_every_flow_and_element_is_covered() -> None:
    assert report().to_json()["coverage"]["missing"] == []


def test_every_row_of_the_guide_has_a_scenario() -> None:
    assert {re.split(r"[-/]", path)[1] for path in SCENARIOS} >= {f"m{row}" for row in range(1, 10)}


def test_words_are_those_of_the_guide() -> None:
    package = version().package
    assert [text(choice.label, "it") for choice in package.categories.values()] == CATEGORIES
    assert [text(status.label, "it") for status in package.statuses.values()] == STATUSES
    assert [text(choice.label, "it") for choice in package.request_types.values()] == REQUEST_TYPES


def test_form_of_the_check_offers_the_nine_categories() -> None:
    form = json.loads(files()["forms/check.form"])
    offered = next(part["values"] for part in form["components"] if part.get("key") == "category")
    labels = {key: text(choice.label, "it") for key, choice in version().package.categories.items()}
    assert {choice["value"]: choice["label"] for choice in offered} == labels


def test_every_label_is_also_in_english() -> None:
    package = version().package
    groups: list[Any] = [
        package.statuses, package.request_types, package.categories, package.fields, package.departments,
        package.roles, package.actions,
    ]  # fmt: skip
    labels = [entry.label for group in groups for entry in group.values()] + [step.label for step in package.steps]
    assert [label for label in [package.title, *labels] if set(label) != {"it", "en"}] == []


@pytest.mark.parametrize("name", DIAGRAMS)
def test_everything_is_drawn(name: str) -> None:
    root = etree.fromstring(files()[name])
    drawn = {shape.get("bpmnElement") for shape in root.iter(DI + "BPMNShape", DI + "BPMNEdge")}
    process = root.find(BPMN + "process")
    unseen = ("process", "laneSet", "documentation", "extensionElements", "conditionExpression")
    visible = {e.get("id") for e in process.iter() if e.get("id") and str(e.tag).startswith(BPMN)} - {
        e.get("id") for e in process.iter() if etree.QName(e).localname.endswith((*unseen, "EventDefinition"))
    }
    assert visible - drawn == set()
    assert drawn - visible - {root.find(BPMN + "collaboration").get("id")} == {
        e.get("id") for e in root.find(BPMN + "collaboration")
    }


@pytest.mark.parametrize("name", DIAGRAMS)
def test_everything_is_labelled(name: str) -> None:
    kinds = ("Task", "Activity", "subProcess", "Gateway", "Event")
    named = [e for e in elements(name, "*") if etree.QName(e).localname.endswith(kinds)]
    assert [e.get("id") for e in named if not e.get("name")] == []


@pytest.mark.parametrize("name", DIAGRAMS)
def test_gateways_ask_and_flows_answer(name: str) -> None:
    flows = {flow.get("id"): flow for flow in elements(name, "sequenceFlow")}
    for gateway in elements(name, "exclusiveGateway"):
        outgoing = [flows[reference.text] for reference in gateway.iter(BPMN + "outgoing")]
        if len(outgoing) > 1:
            assert gateway.get("name").endswith("?"), gateway.get("id")
            assert all(flow.get("name") for flow in outgoing), gateway.get("id")
            assert gateway.get("default"), gateway.get("id")
        else:
            assert gateway.get("name") in PLAIN_GATEWAYS


def test_every_mail_is_used_and_has_both_forms() -> None:
    used = set(re.findall(r'name="mail" value="(\w+)"', " ".join(files()[name].decode() for name in DIAGRAMS)))
    written = {Path(path).stem for path in files() if path.startswith("mail/")}
    assert written == used | {version().package.mail.note}
    assert all(f"mail/{name}.html" in files() for name in written)
    assert all(f"mail/en/{name}.html" in files() for name in written)


@pytest.mark.parametrize(("language", "greeting"), [("it", "Gentile Carla Rossi,"), ("en", "Dear Carla Rossi,")])
@pytest.mark.parametrize("name", sorted({path.stem for path in FOLDER.glob("mail/*.txt")}))
def test_mail_can_be_written(name: str, language: str, greeting: str) -> None:
    """With as little as a ticket has: no assignee, no deadline, no answer in a field that may stay empty."""
    text, written_in = version().mail(name, language)
    mail = text.render(_sparse_values())
    assert written_in == language
    assert mail.subject.startswith("[MR-2026-00001] ")
    assert greeting in mail.text and greeting in mail.html
    assert "{{" not in mail.text + mail.html
    assert "<script>" not in mail.html
    assert "None" not in mail.text


def test_everything_that_people_read_is_there_in_english() -> None:
    assert [problem for problem in check_version(files()) if problem.severity == "warning"] == []
    assert list(version().translations) == list(version().translated_mails) == ["en"]


def _sparse_values() -> dict[str, Any]:
    package = version().package
    words = ("status_label", "request_type_label", "category_label", "department_label", "assignee_name")
    hostile = "Testo <script>alert(1)</script>\nseconda riga"
    ticket = dict.fromkeys((*package.fields, *words), "") | {
        "number": "MR-2026-00001", "subject": hostile, "url": "https://iter.example/tickets/1",
        "quote_text": hostile, "quote_amount": 900, "quote_days": 4.5,
    }  # fmt: skip
    recipient = {"name": "Carla Rossi", "email": "carla@example.com", "kind": "customer"}
    note = {"text": hostile, "author": "Bruno", "public": True, "at": datetime(2026, 3, 27, 16, tzinfo=UTC)}
    values = {"reason": hostile, "question": hostile, "instructions": None, "agreed_date": "2026-03-31"}
    return {**values, "ticket": ticket, "recipient": recipient, "note": note, "deadlines": {}}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_element_template_is_for_the_camunda_modeler(path: Path) -> None:
    template = json.loads(path.read_text())
    assert template["id"] == f"iter.{path.stem}"
    assert all(kind.startswith("bpmn:") for kind in template["appliesTo"])
    kinds = {"property", "camunda:property", "camunda:inputParameter"}
    assert {entry["binding"]["type"] for entry in template["properties"]} <= kinds
