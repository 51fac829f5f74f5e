"""A ticket lived through at browsers: each person does their part on the pages, in their own words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import WIDE, Desk

#: what somebody gives a form: a label with what is typed or chosen; None: the label itself is chosen
Answers = dict[str, str | None]


@dataclass
class TicketAtWork:
    """A ticket that a customer opened on the page; every one of its people gets one window."""

    desk: Desk
    path: str
    width: int = WIDE
    _windows: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str, place: str = "") -> Page:
        """The ticket, or another place, as somebody sees it now."""
        self.desk.company.settle()
        if who not in self._windows:
            self._windows[who] = self.desk.visit(who, place or self.path, width=self.width)
        else:
            self._windows[who].goto(place or self.path)
        return self._windows[who]

    def at(self, when: str) -> None:
        """It is so late now; everybody opens a new window."""
        self.desk.at(when)
        self._windows.clear()

    def state(self, who: str = "paola") -> str:
        """The two words that are always shown together: request type · status."""
        pair = self.page(who).locator("main .status-pair").first
        return " · ".join(part.strip() for part in pair.inner_text().split("\n") if part.strip())

    def does(self, who: str, what: str, **window: Any) -> Page:
        """Somebody of the staff finds their user task of this ticket in the inbox, and opens it."""
        page = self.page(who, f"/inbox?text={self.number}")
        page.locator(".inbox-link", has_text=what).first.click()
        expect(page.locator("#task-title")).to_have_text(what)
        page.wait_for_selector("[data-form][data-ready], [data-form] [data-form-send]")
        return page

    def completes(self, who: str, what: str, answers: Answers) -> None:
        """Finds it, fills its form in and completes it."""
        page = self.does(who, what)
        fill(page.locator("#task [data-form]"), answers)
        number = page.locator("#task").get_attribute("data-id")
        with page.expect_response(lambda answer: answer.url.partition("?")[0].endswith("/complete")) as answered:
            page.locator("#task [data-form-send]").click()
        assert answered.value.ok, f"{what} ({number}): {answered.value.status} {answered.value.text()}"

    def decides(self, who: str, answers: Answers) -> None:
        """A customer fills in what the ticket asks of them, on its page."""
        page = self.page(who)
        fill(page.locator(".decision [data-form]"), answers)
        with page.expect_response(lambda answer: answer.url.partition("?")[0].endswith("/complete")) as answered:
            page.locator(".decision [data-form-send]").click()
        assert answered.value.ok, answered.value.text()

    def writes(self, who: str, text: str, expects: str = "", *, internal: bool = False) -> None:
        """Somebody writes a note on the ticket's page; staff says from whom an answer is expected."""
        page = self.page(who)
        composer = page.locator("#write")
        editor = composer.locator("[contenteditable=true], textarea:visible").first
        editor.click()
        page.keyboard.type(text)
        if internal:
            composer.locator("input[name=public][value='0']").check()
        if expects:
            composer.locator(f"input[name=expects][value={expects}]").check()
        composer.locator("button:not([type=button])").last.click()
        expect(page.locator("main", has_text=text).first).to_be_visible()
        page.wait_for_load_state()

    @property
    def id(self) -> int:
        """The ticket's id."""
        return int(self.path.rpartition("/")[2])

    @property
    def number(self) -> str:
        """What people call it."""
        return str(self.desk.company["admin"].asks(self.path)["number"])


def opens(desk: Desk, who: str, subject: str, text: str, width: int = WIDE, **window: Any) -> TicketAtWork:
    """A customer opens a ticket on the page."""
    page = desk.visit(who, "/tickets/new", width=width, **window)
    page.get_by_label("Oggetto").fill(subject)
    page.get_by_label("Descrizione").fill(text)
    page.get_by_role("button", name="Apri il ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+"))
    path = re.search(r"/tickets/\d+", page.url)
    assert path
    made = TicketAtWork(desk, path[0], width)
    made._windows[who] = page
    return made


def fill(form: Locator, answers: Answers) -> None:
    """Gives the fields of a form what is typed or chosen, as a person does: by their labels."""
    form.locator("input, select, textarea").first.wait_for()
    for label, value in answers.items():
        control = form.get_by_label(re.compile(re.escape(label))).first
        control.wait_for()
        if value is None:
            control.check()
        elif control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
            control.blur()
