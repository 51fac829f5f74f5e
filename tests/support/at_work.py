"""A ticket lived through at browsers: each person does their part on the pages, in their own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in
from tests.support.journey_tickets import Ticket

#: what somebody gives a form: a label with what is typed or chosen; None: the label itself is chosen
Answers = Mapping[str, str | None]


@dataclass
class Windows:
    """One window for each person, kept from ticket to ticket: they sign in once, or when their session has ended."""

    desk: Desk
    _open: dict[str, Page] = field(default_factory=dict)

    def at(self, who: str, place: str, width: int = WIDE) -> Page:
        """Somebody goes to a place; all that was to be done until then is done."""
        self.desk.company.settle()
        if who not in self._open:
            self._open[who] = self.desk.visit("", place, width=width)
        else:
            self._open[who].set_viewport_size({"width": width, "height": 900})
            self._open[who].goto(place)
        page = self._open[who]
        if "/sign-in" in page.url:
            sign_in(page, self.desk.company[who].email)
            expect(page).to_have_url(re.compile(re.escape(place) + "$"))
        return page

    def of(self, who: str) -> Page:
        """Somebody's window as it is."""
        return self._open[who]


class TicketAtWork(Ticket):
    """A ticket that a customer opened on the page. What is only set-up is done through the API, as in any `Ticket`."""

    def __init__(self, windows: Windows, path: str) -> None:
        self.windows, self.company, self.path = windows, windows.desk.company, path
        self.id = int(path.rpartition("/")[2])
        self.number = str(self.read()["number"])
        self._seen = 0

    def page(self, who: str, place: str = "", width: int = WIDE) -> Page:
        """The ticket, or another place, as somebody sees it now."""
        return self.windows.at(who, place or self.path, width)

    def shows(self, who: str = "paola", width: int = WIDE) -> str:
        """The two words that always stand together on its page: request type · status."""
        return status_on(self.page(who, width=width))

    def listed(self, who: str, what: str = "", width: int = WIDE) -> Locator:
        """What is to be done on it, as it stands in somebody's inbox."""
        page = self.page(who, f"/inbox?text={self.number}", width)
        return page.locator(".inbox-row", has_text=what)

    def does(self, who: str, what: str, width: int = WIDE) -> Page:
        """Somebody of the staff finds their user task of this ticket in the inbox, and opens it."""
        self.listed(who, what, width).locator(".inbox-link").click()
        page = self.windows.of(who)
        expect(page.locator("#task-title")).to_have_text(what)
        return page

    def completes(self, who: str, what: str, answers: Answers, width: int = WIDE) -> None:
        """Finds it, fills its form in and completes it."""
        page = self.does(who, what, width)
        send(page.locator("#task"), answers)
        expect(page.locator("#messages")).to_contain_text("Fatto.")

    def decides(self, who: str, answers: Answers, width: int = WIDE) -> Page:
        """A customer fills in, on the ticket's page, what it asks of them; the page as it is then."""
        page = self.page(who, width=width)
        send(page.locator(".decision"), answers)
        expect(page.locator(".decision")).to_have_count(0)
        return page

    def writes(self, who: str, text: str, expects: str = "", *, internal: bool = False, width: int = WIDE) -> Page:
        """Somebody writes a note on the ticket's page; staff says who reads it, and from whom an answer is expected."""
        page = self.page(who, width=width)
        composer = page.locator("#write")
        composer.locator(".editor-text, textarea:visible").first.fill(text)
        if internal:
            composer.get_by_text("Interna", exact=True).click()
        if expects:
            composer.get_by_label(expects, exact=True).check()
        composer.locator(".btn-primary").click()
        expect(page.locator(".tp-note, .said").filter(has_text=text)).to_have_count(1)
        return page

    def clock(self, goal: str, who: str = "paola", width: int = WIDE) -> Locator:
        """A promise, as the ticket's page shows it to staff."""
        return self.page(who, width=width).locator(".tp-clock", has_text=goal)

    def told(self) -> list[str]:
        """`name: subject` of the mails about it since the last look, sorted. Newcomers of other tests don't count."""
        self.company.settle()
        names = {person.email: name for name, person in self.company.people.items()}
        mails = self.company.smtp.mails
        fresh, self._seen = mails[self._seen :], len(mails)
        ours = [mail for mail in fresh if mail.subject.startswith(f"[{self.number}] ")]
        return sorted(
            f"{names[mail.recipients[0]]}: {mail.subject.partition('] ')[2]}"
            for mail in ours
            if mail.recipients[0] in names
        )


def opens(windows: Windows, who: str, subject: str, text: str, width: int = WIDE) -> TicketAtWork:
    """A customer opens a ticket on the page."""
    page = windows.at(who, "/tickets/new", width)
    page.get_by_label("Oggetto").fill(subject)
    page.get_by_label("Descrizione").fill(text)
    page.get_by_role("button", name="Apri il ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+$"))
    return TicketAtWork(windows, "/" + page.url.split("/", 3)[3])


def status_on(page: Page) -> str:
    """The two words that stand together on a ticket's page."""
    pair = page.locator("main .status-pair").first.inner_text()
    return " · ".join(part.strip() for part in pair.split("\n") if part.strip())


def send(place: Locator, answers: Answers) -> None:
    """Fills a form in and sends it; the server takes it."""
    fill(place.locator("[data-form]"), answers)
    with place.page.expect_response(
        lambda answer: answer.request.method == "POST" and "/drafts" not in answer.url
    ) as sent:
        place.locator("[data-form-send]").click()
    assert sent.value.ok, f"{sent.value.url}: {sent.value.status} {sent.value.text()}"


def fill(form: Locator, answers: Answers) -> None:
    """Gives the fields of a form what is typed or chosen, as a person does: by their labels."""
    for label, value in answers.items():
        control = form.get_by_label(re.compile(f"^{re.escape(label)}")).first
        # a field is there a moment before its form listens to it
        control.locator("xpath=ancestor::*[@data-form and @data-ready]").wait_for(state="attached")
        if value is None:
            control.check()
        elif control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
            control.blur()


def reads(page: Page, *texts: str) -> None:
    """Somebody reads these on the page as it stands, at a desk and on a phone, and needn't scroll sideways."""
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        for text in texts:
            expect(page.locator("main").get_by_text(text).filter(visible=True).first).to_be_visible()
        assert not scrolls_sideways(page), f"{page.url} at {width}"
