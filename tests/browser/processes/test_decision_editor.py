"""A process owner changes decisions: rules, what is wrong with them, and service levels that are only shown."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, violations
from tests.support.processes import ROOT

OpenFile = Callable[..., Page]
#: opens each text in the page's editor, and gives what it would write; nothing is sent
REWRITE = """async (texts) => {
  const { editor } = document.querySelector("[data-decision-editor]");
  editor.file.changed = () => {};
  const written = [];
  for (const text of texts) {
    await editor.open(text);
    written.push(await editor.write());
  }
  return written;
}"""


def test_a_rule_is_changed_and_kept(open_file: OpenFile) -> None:
    page = open_file("routing.dmn")
    _write(page, "routing_rule_4_out_1", '"site"')
    _kept(page, r'routing_rule_4_out_1">\s*<text>"site"')
    expect(page.locator("[data-draft-state=kept]")).to_be_visible()
    undo = page.get_by_role("button", name="Annulla")
    while undo.is_enabled():  # each letter is a step
        undo.click()
    _kept(page, r'routing_rule_4_out_1">\s*<text>"crm"')


def test_a_problem_leads_to_its_rule(open_file: OpenFile) -> None:
    page = open_file("routing.dmn")
    _write(page, "routing_rule_2_out_1", "crm(")
    page.get_by_role("button", name="Diagramma", exact=True).click()
    page.locator("[data-problems]:not([data-problems='0']) summary").click()
    page.locator("[data-problems-list]").get_by_role("button").first.click()
    expect(page.locator("[data-row-id=routing_rule_2] :focus")).to_be_visible()


def test_service_levels_are_only_shown(open_file: OpenFile) -> None:
    page = open_file("sla.dmn?as=text")
    expect(page.get_by_text("Questa tabella contiene i livelli di servizio.")).to_be_visible()
    expect(page.locator("[data-decision-canvas] [contenteditable]")).to_have_count(0)
    assert violations(page) == []


def test_nothing_of_a_decision_is_lost(open_file: OpenFile) -> None:
    page = open_file("routing.dmn")
    paths = [*(ROOT / "workflows").glob("**/*.dmn"), *(ROOT / "tests").glob("**/*.dmn")]
    texts = [path.read_text("utf-8") for path in paths]
    for path, text, written in zip(paths, texts, page.evaluate(REWRITE, texts), strict=True):
        assert _parts(ET.fromstring(written)) == _parts(ET.fromstring(text)), path


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (NARROW, True)])
def test_everybody_can_use_it(open_file: OpenFile, width: int, dark: bool) -> None:
    page = open_file("routing.dmn", width=width, dark=dark)
    assert violations(page) == []
    page.get_by_role("button", name="Diagramma", exact=True).click()
    expect(page.locator(".dmn-definitions")).to_be_visible()
    assert violations(page) == []


def _write(page: Page, cell: str, text: str) -> None:
    page.locator(f"[data-element-id={cell}]").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def _kept(page: Page, pattern: str) -> str:
    """The file that the server has, once it is as expected."""
    for _ in range(100):
        text = page.request.get("/processes/mrdoc/draft/saved/routing.dmn").text()
        if re.search(pattern, text):
            return text
        page.wait_for_timeout(50)
    raise AssertionError(text)


def _parts(element: ET.Element) -> Any:
    """An element with its attributes, its text and all that is in it, in order; a default of DMN's is left out."""
    attributes = sorted({*element.attrib.items()} - {("hitPolicy", "UNIQUE")})
    return element.tag, attributes, (element.text or "").strip(), [_parts(one) for one in element]
