"""What Iter reads in a diagram, what it documents, what its templates offer and what its diagrams use are the same."""

from __future__ import annotations

import json
import re

from lxml import etree

from tests.support.documents import ROOT, code_spans, python_files, reference

DOCUMENTED = {name.rpartition(":")[2].partition("<")[0] for name in code_spans(reference("extension-properties"))}
SOURCE = "\n".join(path.read_text() for path in python_files("engine/spiff"))
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"


def _known(name: str) -> bool:
    return name in DOCUMENTED or name.partition(".")[0] + "." in DOCUMENTED


def test_every_property_that_is_read_is_documented() -> None:
    read = set(re.findall(r'properties\.(?:get|pop)\("(\w+)"', SOURCE)) | set(re.findall(r'\btake\("(\w+)"', SOURCE))
    assert len(read) > 5
    assert {name for name in read if not _known(name)} == set()


def test_every_documented_property_is_read() -> None:
    rows = re.findall(r"^\| `(\w+)(?:\.<\w+>)?` \|", reference("extension-properties"), re.MULTILINE)
    assert len(rows) > 10
    assert [name for name in rows if f'"{name}' not in SOURCE] == []


def test_element_templates_offer_documented_properties_only() -> None:
    offered = {
        binding["name"]
        for path in (ROOT / "workflows" / "element-templates").glob("*.json")
        for template in _templates(json.loads(path.read_text()))
        for binding in (item["binding"] for item in template["properties"])
        if binding["type"] == "camunda:property"
    }
    assert offered
    assert {name for name in offered if not _known(name)} == set()


def test_diagrams_use_documented_properties_only() -> None:
    used = {
        item.get("name", "")
        for path in (ROOT / "workflows").rglob("*.bpmn")
        for item in etree.parse(path).iter(f"{CAMUNDA}property")
    }
    assert used
    assert {name for name in used if not _known(name)} == set()


def _templates(content: object) -> list[dict[str, list[dict[str, dict[str, str]]]]]:
    return content if isinstance(content, list) else [content]  # type: ignore[list-item]
