"""A process owner changes a running process: a task more, deployed, tickets moved to it, and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.journey_tickets import Ticket
from tests.support.journeys import Company
from tests.support.modeling import choose, field, kept, ready, write

DRAFT = "/processes/mrdoc/draft"
#: where on the drawing the new task goes: on the flow from the gateway to the work
ON_THE_FLOW = "which_way_to_work"


def to_assigning(opened: Callable[..., Ticket], subject: str) -> Ticket:
    """A ticket that waits for the PM to assign it."""
    ticket = opened("carla", subject, "La ricerca dei clienti non risponde.")
    ticket.done("paola", "check_request", complete="yes", category="bug_crm")
    return ticket


def assigned(company: Company, ticket: Ticket) -> set[str]:
    """The tasks that are open once it is assigned."""
    ticket.done("paola", "assign", assignee=company["bruno"].id)
    return set(ticket.tasks)


def add_task(page: Page) -> str:
    """Draws a user task on the flow; its id."""
    page.locator(".djs-palette [data-action='create.task']").click()
    flow = page.locator(f"g[data-element-id='{ON_THE_FLOW}'] > .djs-visual > path").first.bounding_box()
    assert flow is not None
    x, y = flow["x"] + flow["width"] / 2 + 20, flow["y"] + 1.5  # beside its label
    page.mouse.move(x - 40, y + 60, steps=5)
    page.mouse.move(x, y, steps=5)
    page.mouse.down()
    page.mouse.up()
    page.keyboard.type("Controlla la lavorazione")
    page.locator(".djs-container > svg").click(position={"x": 600, "y": 700})  # the ground: the name is taken
    made = page.locator("g.djs-element[data-element-id^='Activity_']").first.get_attribute("data-element-id")
    assert made
    choose(page, made)
    page.locator(".djs-context-pad.open [data-action='replace']").click()
    page.locator(".djs-popup [data-id='replace-with-user-task']").click()
    return made


def deploy(page: Page, reason: str = "", *, anyway: bool = False) -> None:
    """Presses the button of the page before deploying, once the scenarios have run."""
    expect(page.locator("[data-gate][data-ready]")).to_be_visible(timeout=60_000)
    page.get_by_label("Perché", exact=True).fill(reason)
    if anyway:
        page.get_by_label(re.compile("Pubblica anche se degli scenari non riescono")).check()
    page.get_by_role("button", name=re.compile("^Pubblica Assistenza MRDoc")).click()
    page.wait_for_url("**/processes/mrdoc")


def test_a_task_more_for_new_tickets_then_for_those_that_are_moved_and_back(
    owner: Callable[..., Page], opened: Callable[..., Ticket], company: Company
) -> None:
    old, moved = to_assigning(opened, "Resta indietro"), to_assigning(opened, "Viene spostato")
    page = owner(DRAFT)
    page.get_by_label("Che cosa").select_option("form")
    page.get_by_label("Nome").fill("Controllo interno")
    page.get_by_role("button", name="Inizia").click()
    page.wait_for_url("**/files/forms/controllo_interno.form")
    page.goto(f"{DRAFT}/files/request.bpmn")
    ready(page)
    made = add_task(page)
    choose(page, made)
    write(page, "iter-form", "controllo_interno")
    write(page, "iter-groups", "pm")
    expect(field(page, "iter-groups")).to_have_value("pm")
    kept(page)
    page.get_by_role("link", name="Pubblica …").click()
    change = page.locator(f"[data-change='{made}']")
    expect(change).to_contain_text("nuovo")
    deploy(page, "Un controllo prima della lavorazione", anyway=True)

    new = to_assigning(opened, "Passa di lì")
    assert assigned(company, new) == {made}
    assert made not in assigned(company, old)
    page.goto("/processes/mrdoc")
    version = int(re.findall(r"versione (\d+)", page.locator(".page-head").inner_text())[0])
    page.get_by_role("link", name=re.compile("^Sposta qui")).click()
    page.get_by_role("button", name=re.compile("^Sposta ")).click()
    expect(page.locator("#migration[data-state='done']")).to_be_visible(timeout=60_000)
    assert assigned(company, moved) == {made}
    new.done("paola", made, answer="Va bene")
    assert made not in new.tasks

    page.goto(f"/processes/mrdoc/versions/{version - 1}")
    page.get_by_role("button", name=re.compile("^Riprendi questa versione")).click()
    expect(page.locator(f"[data-change='{made}']")).to_contain_text("tolto")
    deploy(page, "Come prima")
    assert made not in assigned(company, to_assigning(opened, "Come prima"))
