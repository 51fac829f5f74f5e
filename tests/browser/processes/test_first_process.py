"""The tutorial "Your first process in fifteen minutes", followed step by step: every name in bold, in its order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.browser import Desk
from tests.support.journey_tickets import Ticket
from tests.support.modeling import choose, field, kept, ready, write
from tests.support.newcomers import Newcomer
from tests.support.processes import ROOT

TUTORIAL = (ROOT / "docs" / "first-process.md").read_text()


class Tutorial:
    """What the page tells people to look for, one after the other."""

    def __init__(self) -> None:
        self.block = re.findall(r"^```toml\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)[0]
        self.names: list[str] = re.findall(r"\*\*(.+?)\*\*", re.sub(r"\s+", " ", TUTORIAL.replace(self.block, "")))

    def __call__(self, name: str) -> str:
        """The next name, which has to be this one."""
        assert self.names.pop(0) == name
        return name


def labelled(page: Page, entry: str) -> str:
    """What a property is called."""
    field(page, entry)
    return page.locator(f"[data-entry-id='{entry}'] label").first.inner_text()


def begin(page: Page, says: Tutorial, kind: str) -> None:
    page.get_by_label("What").select_option(label=says(kind))
    page.get_by_label("Name").fill(says("Call back"))
    page.get_by_role("button", name=says("Begin it")).click()


def back(page: Page, says: Tutorial) -> None:
    page.get_by_role("link", name=says("Back to the draft")).click()


def draw_task(page: Page, says: Tutorial) -> str:
    """A user task on the flow; its id."""
    tool = page.locator(".djs-palette [data-action='create.task']")
    tool.hover()
    expect(page.locator(".djs-hover-tooltip")).to_contain_text(says("Create task"))
    tool.click()
    flow = page.locator("g[data-element-id='call_back_flow'] > .djs-visual > path").first.bounding_box()
    assert flow is not None
    x, y = flow["x"] + flow["width"] / 2, flow["y"] + flow["height"] / 2
    page.mouse.move(x - 40, y + 60, steps=5)
    page.mouse.move(x, y, steps=5)
    page.mouse.down()
    page.mouse.up()
    page.keyboard.type(says("Call the customer"))
    page.locator(".djs-container > svg").click(position={"x": 600, "y": 600})
    made = page.locator("g.djs-element[data-element-id^='Activity_']").first.get_attribute("data-element-id")
    assert made
    choose(page, made)
    page.locator(f".djs-context-pad.open [title='{says('Change element')}']").click()
    page.locator(".djs-popup .entry", has_text=re.compile(f"^{says('User task')}$")).first.click()
    return made


def deploy(page: Page, says: Tutorial, reason: str = "", anyway: str = "") -> None:
    expect(page.locator("[data-gate][data-ready]")).to_be_visible(timeout=60_000)
    if anyway:
        reason = says(reason)
        page.get_by_label(says("Why"), exact=True).fill(reason)
        page.get_by_label(says(anyway)).check()
    page.get_by_role("button", name=says("Deploy MRDoc support")).click()
    page.wait_for_url("**/processes/mrdoc", timeout=60_000)


def test_it_can_be_followed_from_its_first_step_to_its_last(
    desk: Desk, newcomer: Callable[..., Newcomer], opened: Callable[..., Ticket]
) -> None:
    def visit(name: str, place: str, **more: Any) -> Page:
        return desk.visit(newcomer(name, language="en", **more).email, place, language="en")

    ticket = opened("carla", "Mi richiamate?", "La fattura non torna.")  # as the demonstration has many
    ticket.done("paola", "check_request", complete="yes", category="bug_crm")
    says = Tutorial()
    page = visit("Ines", "/inbox", role="owner")
    page.get_by_role("link", name=says("Processes"), exact=True).click()
    page.get_by_role("link", name=says("MRDoc support")).first.click()
    before = page.url
    page.get_by_role("link", name=says("Draft, to change it")).click()

    begin(page, says, "Form")
    page.wait_for_selector("[data-form-editor][data-ready]")
    page.locator('.form-canvas [data-id="call_back_1"]').click(position={"x": 20, "y": 8})
    question = says("What was agreed?")
    page.get_by_label(says("Question"), exact=True).fill(question)
    expect(page.locator("[data-draft-state=kept]")).to_be_visible()
    page.get_by_role("button", name=says("As it will look")).click()
    expect(page.locator("[data-form-look]").get_by_text(question)).to_be_visible()

    back(page, says)
    begin(page, says, "Diagram")
    ready(page)
    made = draw_task(page, says)
    form = says("call_back")
    assert labelled(page, "iter-form") == says("Form")
    write(page, "iter-form", form)
    assert labelled(page, "iter-groups") == says("Groups")
    write(page, "iter-groups", says("agent@department"))
    kept(page)
    expect(page.locator("[data-problems-warnings] [data-count]")).to_have_text(says("3"))
    expect(page.locator("[data-problems-errors]")).to_be_hidden()

    back(page, says)
    page.get_by_role("link", name=says("package.toml"), exact=True).click()
    page.get_by_role("link", name=says("As text")).click()
    page.locator("[data-source][data-ready] [data-source-text]").press("Control+End")
    page.keyboard.insert_text(f"\n{says.block}")
    kept(page)
    page.get_by_role("link", name=says("Deploy …")).click()
    expect(page.get_by_text("call_back.bpmn").first).to_be_visible()
    anyway = "Deploy although scenarios fail: why is written down with your name"
    deploy(page, says, "Customers want to be called", anyway)

    page.get_by_role("link", name=says("Move those of other versions here …")).click()
    page.get_by_role("button", name=re.compile(f"^{says('Move')} ")).click()
    expect(page.locator("#migration[data-state='done']")).to_be_visible(timeout=60_000)

    agent = visit("Abel", "/inbox", role="agent", departments=["crm"])
    agent.get_by_role("link", name=says("Tickets"), exact=True).first.click()
    agent.get_by_role("link", name="Mi richiamate?").first.click()
    agent.get_by_role("button", name=says("Actions")).click()
    action = says("Call the customer back")
    agent.get_by_role("link", name=action).click()
    agent.get_by_role("dialog").get_by_role("button", name=action).click()
    task = agent.locator(".tp-task", has_text=says("Call the customer"))
    task.get_by_role("button", name=says("Claim")).click()
    agent.get_by_label(says("What was agreed?")).fill("Domani alle nove")
    agent.get_by_role("button", name=says("Complete")).click()
    expect(agent.get_by_label("What was agreed?")).to_have_count(0)
    ticket.company.settle()
    assert made not in ticket.tasks

    page.get_by_role("link", name=says("Processes"), exact=True).click()
    page.get_by_role("link", name=says("MRDoc support")).first.click()
    version = int(re.findall(r"version (\d+)", page.locator(".page-head").inner_text())[0])
    assert page.url == before
    page.locator(f"a[href='/processes/mrdoc/versions/{version - 1}']").first.click()
    page.get_by_role("button", name=says("Take this version back …")).click()
    expect(page.get_by_text("call_back.bpmn").first).to_be_visible()
    deploy(page, says)
    assert says.names == []
