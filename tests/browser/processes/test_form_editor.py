"""A process owner builds a form: fields by drag and drop and by keys, what is wrong, as it will look, as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, scrolls_sideways, violations
from tests.support.processes import ROOT

OpenFile = Callable[..., Page]
PATH = "forms/check.form"
EVIL = "<img src=x onerror=alert(1)>"
#: opens each text in the page's editor, and gives what it would write; nothing is sent
REWRITE = """async (texts) => {
  const { editor } = document.querySelector("[data-form-editor]");
  editor.file.changed = () => {};
  const written = [];
  for (const text of texts) {
    editor.original = JSON.parse(text);
    await editor.open();
    written.push(editor.write());
  }
  return written;
}"""


def test_a_field_is_added_by_drag_and_drop_and_by_keys(open_file: OpenFile) -> None:
    page = open_file(PATH)
    _drag(page, "[data-form-part][data-field-type=number]", '.form-canvas [data-id="Field_question"]')
    page.get_by_label("Nome della variabile").fill("days")
    page.get_by_label("Non meno di").fill("1,5")
    form = _kept(page, lambda parts: {"min": 1.5} in (part.get("validate") for part in parts))
    assert [part["key"] for part in form["components"]] == ["complete", "days", "question", "category"]
    assert form["schemaVersion"] == 16
    page.get_by_role("button", name="Uno tra molti").press("Enter")
    page.get_by_role("button", name="Aggiungi una risposta").press("Enter")
    page.get_by_label("Valore 2").fill("later")
    page.get_by_role("button", name="Sposta in su", exact=True).press("Enter")
    form = _kept(page, lambda parts: parts[1]["type"] == "select" and "later" in json.dumps(parts))
    assert [choice["value"] for choice in form["components"][1]["values"]] == ["answer1", "later"]
    page.get_by_role("button", name="Annulla").click()
    _kept(page, lambda parts: parts[1]["key"] == "days")


def test_a_problem_leads_to_its_field(open_file: OpenFile) -> None:
    page = open_file(PATH)
    page.locator('.form-canvas [data-id="Field_question"]').click(position={"x": 20, "y": 8})
    page.get_by_label("Nome della variabile").fill("category")
    expect(page.get_by_text("Un altro campo ha questo nome.")).to_be_visible()
    page.get_by_label("Nascosto quando").fill('=nowhere != "no"')
    page.locator('.form-canvas [data-id="Field_complete"]').click(position={"x": 20, "y": 8})
    page.locator("[data-problems]:not([data-problems='0']) summary").click()
    assert violations(page) == []
    page.locator("[data-problems-list]").get_by_role("button", name="question").click()
    expect(page.get_by_label("Nome della variabile")).to_have_value("question")


def test_what_is_no_form_is_opened_as_its_text(open_file: OpenFile) -> None:
    page = open_file(PATH)
    page.get_by_role("link", name="Come testo").click()
    text = page.get_by_role("textbox", name=PATH)
    text.fill('{"type": "default", "components": [')
    expect(page.locator("[data-draft-state=kept]")).to_be_visible()
    page.get_by_role("link", name="Nell'editor").click()
    expect(page.get_by_text("Questo file non si può mostrare nel suo editor.")).to_be_visible()
    two = {"type": "textfield", "key": "twice", "label": EVIL}
    text.fill(json.dumps({"type": "default", "components": [two, two]}))
    expect(page.locator("[data-draft-state=kept]")).to_be_visible()
    page.get_by_role("link", name="Nell'editor").click()
    expect(page.get_by_text("Questo file non si può mostrare nel suo editor.")).to_be_visible()


def test_nothing_of_a_form_is_lost_and_its_texts_are_inert(open_file: OpenFile) -> None:
    page = open_file(PATH)
    folders = [ROOT / "workflows" / "mrdoc", *(ROOT / "tests").glob("**/*package*")]
    texts = [path.read_text("utf-8") for folder in folders for path in sorted(folder.glob("**/*.form"))]
    texts.append(json.dumps(_everything()))
    for text, written in zip(texts, page.evaluate(REWRITE, texts), strict=True):
        assert _pairs(json.loads(written)) == _pairs(json.loads(text))
    expect(page.locator(".form-canvas").get_by_text(EVIL).first).to_be_visible()
    expect(page.locator(".form-canvas img")).to_have_count(0)


def test_it_is_seen_as_it_will_look(open_file: OpenFile) -> None:
    page = open_file(PATH, width=NARROW, dark=True)
    page.locator('.form-canvas [data-id="Field_category"]').click(position={"x": 20, "y": 8})
    assert violations(page) == []
    page.get_by_role("button", name="Come apparirà").click()
    page.get_by_role("radio", name="No, mancano informazioni").check()
    expect(page.get_by_role("textbox", name=re.compile("Che cosa deve dirci"))).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)


def _drag(page: Page, part: str, field: str) -> None:
    """Drags a part from the palette to the place above a field."""
    source, target = (page.locator(selector).bounding_box() for selector in (part, field))
    assert source and target
    page.mouse.move(source["x"] + 20, source["y"] + 10)
    page.mouse.down()
    page.mouse.move(target["x"] + 40, target["y"] + 30, steps=4)
    page.mouse.move(target["x"] + 60, target["y"] + 4, steps=4)
    page.mouse.up()


def _kept(page: Page, is_there: Callable[[list[dict[str, Any]]], bool]) -> dict[str, Any]:
    """The form that the server has, once its components are as expected."""
    for _ in range(100):
        form: dict[str, Any] = page.request.get(f"/processes/mrdoc/draft/saved/{PATH}").json()
        if is_there(form["components"]):
            return form
        page.wait_for_timeout(50)
    raise AssertionError(form)


def _pairs(value: Any) -> Any:
    """A JSON value with the order of its keys."""
    if isinstance(value, dict):
        return [(key, _pairs(one)) for key, one in value.items()]
    return [_pairs(one) for one in value] if isinstance(value, list) else value


def _everything() -> dict[str, Any]:
    """Each component, with keywords that the editor doesn't show and some that the server refuses."""
    kinds = (
        "textfield", "textarea", "number", "checkbox", "checklist", "taglist", "radio", "select", "datetime", "text",
        "separator", "spacer",
    )  # fmt: skip
    said = {
        "label": EVIL,
        "dateLabel": EVIL,
        "text": EVIL,
        "description": EVIL,
        "values": [{"label": EVIL, "value": 1}],
    }
    more = {"foreign": {"a": [1, None]}, "appearance": {"suffixAdorner": "€"}, "layout": {"row": "R", "columns": 4}}
    parts = [{"type": kind, "id": f"id_{kind}", "key": f"key_{kind}", **said, **more} for kind in kinds]
    group = {"type": "group", "id": "G", "label": EVIL, "components": parts, "showOutline": False}
    components = [group, {"type": "text", "id": "T"}]
    return {"type": "default", "exporter": {"name": "x"}, "id": "F", "components": components}
