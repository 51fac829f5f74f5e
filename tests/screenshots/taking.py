"""Takes the pictures in real Chromium, each person signed in once, and says what is wrong with what it sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Request, StorageState

from engine.commands.demonstration import KNOWN_PASSWORD
from tests.screenshots.finding import NOW, Stage
from tests.screenshots.pages import Shot
from tests.support.browser import EXPECTED, scrolls_sideways, sign_in, violations

#: heights of the window by its width: a desk, a telephone
HEIGHTS = {1400: 900, 390: 844}
#: pixels; more of a page isn't unrolled
TALLEST = 8_000


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    width: int
    language: str
    theme: str

    @property
    def name(self) -> str:
        """Of its folder."""
        return f"{self.width}-{self.language}-{self.theme}"


class Traffic:
    """What a page asks for, so that one can wait until it has everything."""

    def __init__(self, page: Page) -> None:
        self.page, self.worst, self._asked = page, 0, set[Request]()
        page.on("request", lambda request: self._asked.add(request))
        page.on("requestfinished", lambda request: self._asked.discard(request))
        page.on("requestfailed", lambda request: self._asked.discard(request))
        page.on("response", lambda answer: self._note(answer.status))

    def settle(self) -> None:
        """Wait until it has asked for nothing for a moment, at most ten seconds."""
        for _ in range(50):
            self.page.wait_for_timeout(200)
            if not self._asked:
                return

    def _note(self, status: int) -> None:
        self.worst = max(self.worst, status if status != 303 else 0)  # what it led to counts


@dataclass
class Photographer:
    """Takes pictures of a running server."""

    stage: Stage
    browser: Browser
    folder: Path
    #: the language in which axe looks at each page, too; none: it doesn't
    axe: str = ""
    #: what is wrong: `1400-it-light inbox: …`
    faults: list[str] = field(default_factory=list)
    _signed_in: dict[str, StorageState] = field(default_factory=dict)

    def take(self, look: Look, shots: list[Shot], tell: Callable[[str], None]) -> Iterator[tuple[Shot, Path]]:
        """The pictures of all pages in one look, as they are taken."""
        folder = self.folder / look.name
        folder.mkdir(parents=True, exist_ok=True)
        with self._windows(look) as window:
            for shot in shots:
                began, path, known = time.monotonic(), folder / f"{shot.name}.png", len(self.faults)
                page = window(shot.who)
                traffic = Traffic(page)
                self._open(page, traffic, look, shot)
                _unroll(page, look.width)
                traffic.settle()
                page.screenshot(path=path, full_page=True)
                page.close()
                tell(f"{look.name} {shot.name} {time.monotonic() - began:.1f} s")
                for fault in self.faults[known:]:
                    tell(f"  {fault}")
                yield shot, path

    def _open(self, page: Page, traffic: Traffic, look: Look, shot: Shot) -> None:
        where = f"{look.name} {shot.name}"
        page.on("pageerror", lambda error: self.faults.append(f"{where}: {error}"))
        page.on("console", lambda said: self._hear(where, said.type, said.text))
        page.goto(self.stage.fill(shot.place, shot.ticket))
        traffic.settle()
        for selector, name, value in shot.change:
            told = [name, self.stage.fill(value, shot.ticket)]
            page.eval_on_selector(selector, "(element, [name, value]) => element.setAttribute(name, value)", told)
        for selector, text in shot.fill:
            page.fill(selector, text.format(look=look.name))
        for selector in shot.click:
            page.click(selector)
            traffic.settle()
        page.evaluate("document.fonts.ready")
        if traffic.worst != shot.status:
            self.faults.append(f"{where}: {traffic.worst} at {page.url}")
        if scrolls_sideways(page):
            self.faults.append(f"{where}: it scrolls sideways")
        if self.axe == look.language:
            self.faults += [f"{where}: axe: {found}" for found in violations(page)]

    def _hear(self, where: str, kind: str, text: str) -> None:
        ours = text.startswith("Blocked script execution")  # the clock that we put into a mail's sandbox
        if kind == "error" and not ours and not text.startswith(EXPECTED):
            self.faults.append(f"{where}: {text}")

    @contextmanager
    def _windows(self, look: Look) -> Iterator[Callable[[str], Page]]:
        """Gives a new page of somebody; all pages of a person share what the browser has loaded once."""
        people: dict[str, BrowserContext] = {}

        def window(who: str) -> Page:
            if who not in people:
                people[who] = self.browser.new_context(
                    base_url=self.stage.served.url, locale=look.language, timezone_id="Europe/Rome",
                    color_scheme="dark" if look.theme == "dark" else "light", reduced_motion="reduce",
                    viewport={"width": look.width, "height": HEIGHTS.get(look.width, 900)},
                    storage_state=self._state(who) if who else None,
                )  # fmt: skip
                people[who].clock.set_fixed_time(NOW)
            return people[who].new_page()

        try:
            yield window
        finally:
            for context in people.values():
                context.close()

    def _state(self, who: str) -> StorageState:
        """What the browser keeps of somebody who has signed in, through the page."""
        if who not in self._signed_in:
            context = self.browser.new_context(base_url=self.stage.served.url)
            sign_in(context.new_page(), self.stage.addresses[who], KNOWN_PASSWORD)
            self._signed_in[who] = context.storage_state()
            context.close()
        return self._signed_in[who]


def _unroll(page: Page, width: int) -> None:
    """Make the window as high as the page, so that what sticks to its lower edge stands there; diagrams don't grow."""
    page.eval_on_selector_all(
        ".diagram-canvas", "all => all.forEach(one => one.style.height = `${one.offsetHeight}px`)"
    )
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(HEIGHTS.get(width, 900), min(height, TALLEST))})
