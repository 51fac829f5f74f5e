"""An owner changes a diagram: it is kept, what is wrong stands on its shape, names complete, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import violations
from tests.support.modeling import choose, field, kept, ready, save, write
from tests.support.processes import ROOT
from tests.support.xml_equality import lost

DRAFT = "/processes/mrdoc/draft"
#: key that takes away what is chosen
DELETE = "Delete"
#: mistakes in request.bpmn, each of its own kind: what is chosen, in which field, what is written or picked there; on
#: which shape it then stands, and a part of what is said there
MISTAKES = [
    ("assign", "iter-groups", "nobodys", "assign", "Il gruppo 'nobodys' non nomina un ruolo."),
    ("route", "iter-decision", "", "route", "Non nomina una decisione."),
    ("classify", "calledElement", "classificazione", "classify", "Non esiste: processo 'classificazione'."),
    ("work", "iter-calledElement", "", "work", "Non nomina un processo."),
    ("warn_assign", "iter-mailTo", "everybody", "warn_assign", "Non esiste: destinatario 'everybody'."),
    ("tell_assignee", "iter-mail", "", "tell_assignee", "Ha un destinatario, ma non nomina un testo di e-mail."),
    ("request_open", "request_open-extensionProperty-0-value", "aperto", "request_open", "Non esiste: stato 'aperto'."),
    ("back_to_pm", "iter-clockStop", "urgenza", "back_to_pm", "Non esiste: obiettivo 'urgenza'."),
    ("assign_warning", "timerEventDefinitionValue", "fra due giorni", "assign_warning",
     "'fra due giorni' non è leggibile"),
    ("note_while_assigning", "messageRef", "", "note_while_assigning", "L'evento non nomina un messaggio."),
    ("assign_overdue_to_escalate_assign", DELETE, "", "assign_overdue",
     "Nessun flusso esce da 'Presa in carico scaduta'."),
    ("escalate_assign_to_assign_escalated", DELETE, "", "assign_escalated",
     "Nessun flusso porta a 'Ritardo segnalato'."),
    ("which_way_to_quote", "conditionType", "", "which_way_to_quote",
     "Un flusso che esce dal gateway 'Che cosa serve?' non ha una condizione"),
    ("which_way_to_development", "conditionExpression", "ticket.accettato == True", "which_way_to_development",
     "ticket.accettato"),
]  # fmt: skip
TWO_STARTS = ("Participant_request", "'Gestione della richiesta' ha 2 eventi di inizio.")

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
#: written by the Camunda Modeler 5, and never touched by another hand
AS_WRITTEN = "returns.bpmn"
OPEN_AND_SAVE = """async (diagram) => {
  const { modeling } = document.querySelector("[data-modeler]");
  modeling.locked = true; // nothing of it is kept
  const { warnings } = await modeling.modeler.importXML(diagram);
  return { warnings: warnings.map((warning) => warning.message), xml: await modeling.write() };
}"""

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


def test_mistakes_stand_on_their_shapes_and_in_the_list_until_they_are_undone(edit: Edit) -> None:
    page = edit("request.bpmn")
    for chosen, entry, value, _, _ in MISTAKES:
        choose(page, chosen)
        if entry == DELETE:
            page.keyboard.press(DELETE)
        else:
            write(page, entry, value)
    _draw_a_second_start(page)
    save(page)
    assert violations(page) == []
    page.locator("[data-problems] summary").click()
    for shape, told in [*((shape, told) for *_, shape, told in MISTAKES), TWO_STARTS]:
        expect(_sign(page, shape)).to_have_accessible_name(re.compile(re.escape(told)))
        page.locator("[data-problems-list] li", has_text=told).get_by_role("button").click()
        expect(page.locator(f"g.djs-element[data-element-id='{shape}']")).to_have_class(re.compile("selected"))
    _sign(page, "route").click()
    expect(
        page.locator("[data-problems-list] li", has_text="Indirizza al reparto").get_by_role("button")
    ).to_be_focused()
    undo = page.get_by_role("button", name="Annulla")
    while undo.is_enabled():
        undo.click()
    save(page)
    expect(page.locator("[data-problems='0']")).to_be_visible()
    expect(page.locator(".djs-overlays .sign")).to_have_count(0)


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


def test_two_owners_are_told_of_each_other_and_lose_nothing(edit: Edit) -> None:
    irene, elsa = edit("request.bpmn"), edit("request.bpmn", "Elsa")
    choose(elsa, "assign")
    write(elsa, "iter-groups", "manager")
    save(elsa)
    expect(elsa.locator("[data-draft-others]")).to_contain_text("Irene")
    choose(irene, "assign")
    write(irene, "iter-groups", "pm")
    expect(irene.get_by_role("alert").filter(has_text="Qualcun altro ha cambiato questo file")).to_be_visible()
    irene.get_by_role("button", name="Salva la mia al suo posto").click()
    kept(irene)
    assert 'candidateGroups="pm"' in elsa.request.get(f"{DRAFT}/saved/request.bpmn").text()


def test_nothing_is_lost_on_the_way_through_the_modeler(edit: Edit) -> None:
    page, wrong = edit("request.bpmn"), []
    for path in DIAGRAMS:
        before = path.read_bytes()
        after = page.evaluate(OPEN_AND_SAVE, before.decode())
        if not after["warnings"]:  # else it is only shown, and says why: see the next test
            wrong += [f"{path.name}: {told}" for told in lost(before, after["xml"].encode())]
        if path.name == AS_WRITTEN:
            assert after["xml"].encode() == before
    assert not wrong, "\n".join(wrong)


def test_what_would_be_lost_is_told_and_not_saved_by_itself(edit: Edit) -> None:
    page = edit("request.bpmn")
    page.evaluate("""async () => {
      const { modeling } = document.querySelector("[data-modeler]");
      const unknown = "<!-- ours --><bpmn:unheardOf /><bpmn:startEvent";
      await modeling.open((await modeling.write()).replace("<bpmn:startEvent", unknown));
    }""")
    told = page.get_by_role("alert").filter(has_text="andrebbero perse")
    expect(told).to_contain_text("unheardOf")
    expect(told).to_contain_text("<!-- ours -->")
    choose(page, "assign")
    write(page, "iter-groups", "pm")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("button", name="Annulla")).to_be_enabled()
    expect(page.locator("[data-draft-state='fresh']")).to_be_attached()  # nothing is to be sent, now or soon
    page.get_by_role("button", name="Modifica comunque").click()
    save(page)


def _sign(page: Page, shape: str) -> Locator:
    return page.locator(f".djs-overlays[data-container-id='{shape}'] .sign-error")


def _draw_a_second_start(page: Page) -> None:
    """In the pool's upper right corner, where nothing stands."""
    page.locator(".djs-palette [data-action='create.start-event']").click()
    pool = page.locator("g[data-element-id='Participant_request'] > .djs-visual").bounding_box()
    assert pool
    x, y = pool["x"] + pool["width"] - 60, pool["y"] + 40
    page.mouse.move(x - 20, y, steps=3)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.up()
    page.keyboard.press("Escape")  # it is given no name
