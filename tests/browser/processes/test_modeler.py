"""An owner changes a diagram: it is kept, what is wrong stands on its shape, names complete, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import violations
from tests.support.modeling import choose, field, kept, ready, write
from tests.support.processes import ROOT
from tests.support.xml_equality import lost

DRAFT = "/processes/mrdoc/draft"
#: each makes one mistake in request.bpmn: what is chosen, in which field, what is written or picked there
MISTAKES = [
    ("assign", "iter-groups", "nobodys"),
    ("assign", "iter-clockStart", "no_such_goal"),
    ("assign", "iter-mailTo", "everybody"),
    ("assign", "iter-form", ""),
    ("route", "iter-decision", ""),
    ("classify", "iter-calledElement", ""),
]

#: the processes of a package, and what other modelers write; those of the dialects that have a drawing
DIAGRAMS = [
    *sorted((ROOT / "workflows").glob("*/*.bpmn")),
    *sorted((ROOT / "tests/packages").glob("*/*.bpmn")),
    *(
        path
        for path in sorted((ROOT / "tests/unit/spiff/dialects").glob("*/*.bpmn"))
        if b"BPMNPlane" in path.read_bytes()
    ),
]
OPEN_AND_SAVE = """async (diagram) => {
  const { modeling } = document.querySelector("[data-modeler]");
  modeling.locked = true; // nothing of it is kept
  const { warnings } = await modeling.modeler.importXML(diagram);
  return { warnings: warnings.map((warning) => warning.message), xml: await modeling.write() };
}"""

TAGS = '<img src=x onerror="alert(1)">'

Edit = Callable[..., Page]


@pytest.fixture
def edit(owner: Callable[..., Page]) -> Edit:
    """Owners at a diagram in the modeler: `edit("request.bpmn")`."""

    def at(path: str, name: str = "Irene", **window: Any) -> Page:
        page = owner(f"{DRAFT}/files/{path}", name, **window)
        ready(page)
        return page

    return at


def test_what_is_changed_is_kept_and_found_again(edit: Edit) -> None:
    page = edit("request.bpmn")
    choose(page, "assign")
    write(page, "iter-groups", "pm")
    kept(page)
    page.reload()
    ready(page)
    choose(page, "assign")
    expect(field(page, "iter-groups")).to_have_value("pm")
    page.goto(DRAFT)
    expect(page.locator(".draft-file", has_text="request.bpmn")).to_contain_text("Irene")


def test_mistakes_stand_on_their_shapes_with_what_to_do(edit: Edit) -> None:
    page = edit("request.bpmn")
    for element, entry, value in MISTAKES:
        choose(page, element)
        write(page, entry, value)
    kept(page)
    for element in {element for element, _, _ in MISTAKES}:
        expect(page.locator(f".djs-overlays[data-container-id='{element}'] .sign-error")).to_be_visible()
    page.locator(".djs-container > svg").click(position={"x": 600, "y": 700})  # the ground: nothing is chosen
    page.locator(".djs-overlays[data-container-id='route'] .sign-error").click()
    line = page.locator("[data-problems-list] li", has_text="Indirizza al reparto").first
    expect(line).to_be_visible()
    choose(page, "assign")
    line.get_by_role("button").click()
    expect(page.locator("g[data-element-id='route']")).to_have_class(re.compile("selected"))


def test_names_complete_while_one_types(edit: Edit) -> None:
    page = edit("request.bpmn")
    choose(page, "assign")
    place = field(page, "iter-assignee")
    place.press_sequentially("=ticket.req")
    expect(page.get_by_role("option", name="ticket.requester")).to_be_visible()
    place.press("Enter")
    expect(place).to_have_value(re.compile(r"^=ticket\.request"))
    groups = field(page, "iter-groups")
    groups.press_sequentially("pm, ag")
    page.get_by_role("option", name=re.compile("^agent@department")).click()
    expect(groups).to_have_value("pm, agent@department")


def test_names_with_markup_are_inert_wherever_they_are_shown(edit: Edit) -> None:
    page = edit("request.bpmn")
    page.on("dialog", lambda dialog: pytest.fail(f"it ran: {dialog.message}"))
    choose(page, "assign")
    write(page, "name", TAGS)
    write(page, "iter-groups", TAGS)
    kept(page)
    expect(page.locator("[data-problems-list]")).to_contain_text("<img src=x")
    page.get_by_role("link", name="Pubblica …").click()
    expect(page.locator("[data-change='assign']")).to_contain_text("<img src=x")
    assert page.locator("img[src='x']").count() == 0


def test_two_owners_are_told_of_each_other_and_lose_nothing(edit: Edit) -> None:
    irene, elsa = edit("request.bpmn"), edit("request.bpmn", "Elsa")
    choose(elsa, "assign")
    write(elsa, "iter-groups", "manager")
    kept(elsa)
    expect(elsa.locator("[data-draft-others]")).to_contain_text("Irene")
    choose(irene, "assign")
    write(irene, "iter-groups", "pm")
    expect(irene.get_by_role("alert").filter(has_text="Qualcun altro ha cambiato questo file")).to_be_visible()
    irene.get_by_role("button", name="Salva la mia al suo posto").click()
    kept(irene)
    elsa.reload()
    ready(elsa)
    choose(elsa, "assign")
    expect(field(elsa, "iter-groups")).to_have_value("pm")


def test_nothing_is_lost_on_the_way_through_the_modeler(edit: Edit) -> None:
    page = edit("request.bpmn")
    wrong = []
    for path in DIAGRAMS:
        before = path.read_bytes()
        after = page.evaluate(OPEN_AND_SAVE, before.decode())
        if not after["warnings"]:  # else it is only shown, and says why: see the next test
            wrong += [f"{path.name}: {told}" for told in lost(before, after["xml"].encode())]
    assert not wrong, "\n".join(wrong)


def test_what_would_be_lost_is_told_and_not_saved_by_itself(edit: Edit) -> None:
    page = edit("request.bpmn")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("""async () => {
      const { modeling } = document.querySelector("[data-modeler]");
      const xml = (await modeling.write()).replace("<bpmn:startEvent", "<bpmn:unheardOf /><bpmn:startEvent");
      await modeling.open(xml);
    }""")
    expect(page.get_by_role("alert").filter(has_text="andrebbero perse")).to_be_visible()
    choose(page, "assign")
    write(page, "iter-groups", "pm")
    page.wait_for_timeout(1_500)
    assert not [address for address in sent if "/files/" in address]
    page.get_by_role("button", name="Modifica comunque").click()
    kept(page)


def test_the_modeler_can_be_read_by_everybody(edit: Edit) -> None:
    page = edit("request.bpmn")
    choose(page, "assign")
    assert violations(page) == []
