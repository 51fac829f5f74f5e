"""People at their browsers: real Chromium, signed in through the sign-in page, and what a page may not do."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.support.journeys import PASSWORD, Company
from tests.support.processes import ROOT

WIDE, NARROW = 1400, 390
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
#: what reads style sheets as texts is for rules that it isn't asked for, and for sounds, of which Iter has none
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
#: what Chromium writes to the console for an answer that a test provokes on purpose
EXPECTED = "Failed to load resource: the server responded with a status of"
#: milliseconds that something may take to appear or be used; a busy machine takes its time
PATIENCE = 15_000

expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine, in the build that has no windows: it costs a fraction of the other."""
    program = shutil.which("chromium-headless-shell")
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@dataclass
class Desk:
    """The people of a company, each with windows of their own; faults that their pages made."""

    company: Company
    browser: Browser
    faults: list[str] = field(default_factory=list)
    _signed_in: dict[str, StorageState] = field(default_factory=dict)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def visit(
        self,
        name: str = "",
        place: str = "/",
        *,
        width: int = WIDE,
        height: int = 900,
        language: str = "it",
        dark: bool = False,
    ) -> Page:
        """A window of `name`'s (signed in; of nobody's where empty) at a place of Iter's. Windows share nothing.

        Whom the company doesn't know is named by their address.
        """
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        context = self.browser.new_context(
            base_url=self.company.served.url, viewport={"width": width, "height": height}, color_scheme=scheme,
            locale=language, storage_state=self._state(name, language) if name else None, reduced_motion="reduce",
            timezone_id="Europe/Rome", accept_downloads=True,
        )  # fmt: skip
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        self._watch(page)
        page.goto(place)
        return page

    def leave(self) -> None:
        """Closes all windows."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _state(self, name: str, language: str) -> StorageState:
        """What the browser keeps of a person who has signed in once, through the page."""
        if name not in self._signed_in:
            context = self.browser.new_context(base_url=self.company.served.url, locale=language)
            page = context.new_page()
            sign_in(page, name if "@" in name else self.company[name].email)
            self._signed_in[name] = context.storage_state()
            context.close()
        return self._signed_in[name]

    def at(self, when: str) -> None:
        """It is so late now; sessions have ended meanwhile, so that everybody signs in anew."""
        self.company.at(when)
        self._signed_in.clear()

    def forget(self, name: str) -> None:
        """The next window of theirs signs in anew (their session was ended)."""
        self._signed_in.pop(name, None)

    def _watch(self, page: Page) -> None:
        """Whatever a page reports as an error is one: a script's, or one of the Content-Security-Policy."""
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message.type, message.text))

    def _heard(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(EXPECTED) and "ERR_CONNECTION_REFUSED" not in text:
            self.faults.append(f"{page.url}: {text}")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the sign-in page, from wherever the page is; ends when the next page is there."""
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url or "/code" in url)


def violations(page: Page, *, without: str = "") -> list[str]:
    """What axe finds wrong with the page (WCAG 2.2 AA and its own good practice), outside of `without` (a selector)."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "([without, options]) => axe.run(without ? {exclude: [[without]]} : document, options)", [without, AXE_OPTIONS]
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {[node['target'] for node in rule['nodes'][:5]]}"
        for rule in found["violations"]
    ]


def becomes(page: Page, condition: Callable[[], bool], what: str) -> None:
    """Waits until something is so outside of the page, which goes on meanwhile. Raises `TimeoutError`."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"It didn't become so: {what}")
        page.wait_for_timeout(50)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def screenshot(page: Page, path: Path) -> None:
    """The whole page as a picture."""
    page.screenshot(path=path, full_page=True)
