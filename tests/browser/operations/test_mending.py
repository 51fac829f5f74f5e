"""Operators at their browsers: what stands still is found, understood and mended; nothing is cancelled by accident."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browser import scrolls_sideways, violations
from tests.support.mill import Mill

Visit = Callable[..., Page]


def in_order(page: Page) -> None:
    """Nothing for axe, nothing beyond the edge."""
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_an_incident_is_found_understood_and_mended_by_other_values(mill: Mill, visit: Visit) -> None:
    ticket = mill.order("Rye for Friday")
    mill.fill(ticket, 0, 409)
    page = visit("marta", "/operations", language="en")
    in_order(page)
    page.get_by_role("link", name=re.compile("^Incidents [0-9]")).click()
    expect(page.get_by_role("heading", name="Incidents", level=1)).to_be_visible()
    in_order(page)
    page.get_by_role("row").filter(has_text="Rye for Friday").get_by_role("link", name="It divides by zero.").click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    expect(page.get_by_text("The script reads or computes something")).to_be_visible()
    expect(page.locator("[data-diagram][data-drawn]")).to_be_visible()
    expect(page.locator("[data-element-id=share].is-stuck")).to_be_visible()
    in_order(page)
    page.get_by_label("Value of sacks").fill("none")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Write a number").first).to_be_visible()
    expect(page.get_by_label("Value of sacks")).to_have_value("none")
    page.get_by_label("Value of sacks").fill("6")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It was tried again, and went on.")).to_be_visible()
    expect(page.get_by_text("Rye for Friday")).to_have_count(0)
    page.goto(f"/operations/instances/{mill.instance(ticket)}")
    expect(page.get_by_text("Await the cart").first).to_be_visible()


def test_a_failing_webhook_is_shown_and_tried_again(mill: Mill, visit: Visit) -> None:
    mill.partner.answer(404)
    ticket = mill.order("Oats for the horses")
    page = visit("marta", "/operations/jobs?state=failed", language="en")
    row = page.get_by_role("row").filter(has_text="Ask the scales")
    expect(row.get_by_text("127.0.0.1 answered 404")).to_be_visible()
    row.get_by_role("link", name="Call another system").click()
    expect(page.get_by_text("Oats for the horses")).to_be_visible()
    in_order(page)
    page.get_by_role("button", name="Try again now").click()
    expect(page.get_by_text("It is tried again now.")).to_be_visible()
    mill.company.settle()
    page.reload()
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    mill.fill(ticket, 4)


def test_a_refused_mail_is_read_and_sent_again(mill: Mill, visit: Visit) -> None:
    mill.company.smtp.fail("550 no such user")
    mill.order("Barley for soup")
    page = visit("marta", "/operations/mails", language="en", width=390)
    page.get_by_label("State").select_option("failed")
    expect(page).to_have_url(re.compile("state=failed"))
    in_order(page)
    page.get_by_role("link", name="we grind").first.click()
    expect(page.get_by_text("550 no such user")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Barley for soup")).to_be_visible()
    in_order(page)
    page.get_by_role("button", name="Send again now").click()
    mill.company.settle()
    page.reload()
    expect(page.locator(".state").get_by_text("Sent")).to_be_visible()


def test_cancelling_asks_with_the_name_and_says_what_cannot_be_undone(mill: Mill, visit: Visit) -> None:
    ticket = mill.order("Spelt nobody wants")
    page = visit("marta", f"/operations/instances/{mill.instance(ticket)}", language="en")
    page.get_by_role("link", name="Cancel …").click()
    expect(page.get_by_text("This can't be undone.")).to_be_visible()
    in_order(page)
    page.get_by_label("Reason").fill("Ordered twice")
    page.get_by_role("button", name=re.compile("Cancel “Milling” of M-")).click()
    expect(page.get_by_text("The process is cancelled.")).to_be_visible()
    expect(page.get_by_text("Ordered twice")).to_be_visible()
    expect(page.get_by_role("link", name="Cancel …")).to_have_count(0)
    page.get_by_text("The same in words").click()
    expect(page.get_by_text("It ended on")).to_be_visible()


def test_the_diagram_shows_where_it_stands_and_opens_what_is_called(mill: Mill, visit: Visit) -> None:
    ticket = mill.order("Wheat for bread")
    mill.fill(ticket, 6)
    page = visit("marta", f"/operations/instances/{mill.instance(ticket)}", language="en", dark=True)
    drawn = page.locator("[data-diagram]")
    expect(drawn).to_have_attribute("data-drawn", "packing.bpmn")
    expect(page.locator("[data-element-id=await_cart].is-standing")).to_be_visible()
    expect(page.get_by_role("img", name="Stands here: Await the cart")).to_be_visible()
    expect(page.locator("a.bjs-powered-by")).to_be_visible()
    page.locator("[data-element-id=await_cart]").hover()
    expect(page.locator("[data-diagram-note]")).to_contain_text("Waits for a message")
    page.get_by_role("button", name="Milling").click()
    expect(drawn).to_have_attribute("data-drawn", "milling.bpmn")
    expect(page.locator("[data-element-id=m3].is-passed")).to_be_attached()
    expect(page.get_by_text("onerror=alert(1)").first).to_be_visible()  # a text, and nothing else
    page.get_by_role("button", name=re.compile("Show what is inside: Pack")).click()
    expect(drawn).to_have_attribute("data-drawn", "packing.bpmn")
    in_order(page)


def test_a_diagram_is_moved_by_the_keyboard_and_fits_a_phone(mill: Mill, visit: Visit) -> None:
    ticket = mill.order("Millet for birds")
    page = visit("marta", f"/operations/instances/{mill.instance(ticket)}", language="en", width=390)
    page.locator("[data-diagram]").scroll_into_view_if_needed()
    expect(page.locator("[data-element-id=fill].is-standing")).to_be_in_viewport()
    view = page.locator("[data-diagram-canvas] .viewport").first
    before = view.get_attribute("transform")
    page.locator(".djs-container > svg").focus()
    page.keyboard.press("+")
    assert view.get_attribute("transform") != before
    larger = view.get_attribute("transform")
    page.keyboard.press("ArrowLeft")
    assert view.get_attribute("transform") != larger
    page.get_by_role("button", name="Fill the window").click()
    expect(page.locator("[data-diagram-frame].is-full")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-diagram-frame].is-full")).to_have_count(0)
    in_order(page)


def test_variables_are_changed_for_a_reason(mill: Mill, visit: Visit) -> None:
    ticket = mill.order("Buckwheat")
    mill.fill(ticket, 6)
    page = visit("marta", f"/operations/instances/{mill.instance(ticket)}", language="en")
    page.locator("summary").filter(has_text="Packing").click()
    form = page.locator("form").filter(has=page.get_by_label("Value of each")).last
    form.get_by_label("Value of each").fill("25")
    form.get_by_label("Reason").fill("Larger sacks came")
    form.get_by_role("button", name="Change variables").click()
    expect(page.get_by_text("The variables are changed.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Variables changed by hand")).to_contain_text("Larger sacks came")


def test_whoever_operates_nothing_finds_nothing(mill: Mill, visit: Visit) -> None:
    ticket = mill.order("Corn")
    instance = mill.instance(ticket)
    for place in ("/operations", "/operations/incidents", f"/operations/instances/{instance}"):
        page = visit("paola", place, language="en")
        expect(page.get_by_role("heading", level=1)).to_contain_text("")
        assert page.request.get(place).status == 404
    assert visit("carla", "/tickets").request.get(f"/instances/{instance}/diagram.json").status == 404
