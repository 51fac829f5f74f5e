"""Takes the pictures in real Chromium, each person signed in once, and says what is wrong with what it sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState

from engine.commands.demonstration import KNOWN_PASSWORD
from tests.screenshots.finding import NOW, Stage
from tests.screenshots.pages import Shot
from tests.support.browser import EXPECTED, scrolls_sideways, sign_in, violations

#: heights of the window by its width: a desk, a telephone
HEIGHTS = {1400: 900, 390: 844}
#: pixels; more of a page isn't unrolled
TALLEST = 4_000


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


@dataclass
class Photographer:
    """Takes pictures of a running server."""

    stage: Stage
    browser: Browser
    folder: Path
    axe: bool = False
    #: what is wrong: `1400-it-light inbox: …`
    faults: list[str] = field(default_factory=list)
    _signed_in: dict[str, StorageState] = field(default_factory=dict)

    def take(self, look: Look, shots: list[Shot], tell: Callable[[str], None]) -> Iterator[tuple[Shot, Path]]:
        """The pictures of all pages in one look, as they are taken."""
        folder = self.folder / look.name
        folder.mkdir(parents=True, exist_ok=True)
        for shot in shots:
            began, path, known = time.monotonic(), folder / f"{shot.name}.png", len(self.faults)
            with self._window(look, shot.who) as page:
                self._open(page, look, shot)
                _unroll(page, look.width)
                page.screenshot(path=path, full_page=True)
            tell(f"{look.name} {shot.name} {time.monotonic() - began:.1f} s")
            for fault in self.faults[known:]:
                tell(f"  {fault}")
            yield shot, path

    def _open(self, page: Page, look: Look, shot: Shot) -> None:
        where = f"{look.name} {shot.name}"
        page.on("pageerror", lambda error: self.faults.append(f"{where}: {error}"))
        page.on("console", lambda said: self._hear(where, said.type, said.text))
        answer = page.goto(self.stage.fill(shot.place, shot.ticket), wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        for selector in shot.click:
            page.click(selector)
            page.wait_for_load_state("networkidle")
        expected = {"error-missing": 404, "error-forbidden": 403}.get(shot.name, 200)
        if answer is None or answer.status != expected:
            self.faults.append(f"{where}: {answer and answer.status} at {page.url}")
        if scrolls_sideways(page):
            self.faults.append(f"{where}: it scrolls sideways")
        if self.axe:
            self.faults += [f"{where}: axe: {found}" for found in violations(page, without=".djs-container")]

    def _hear(self, where: str, kind: str, text: str) -> None:
        ours = text.startswith("Blocked script execution")  # the clock that we put into a mail's sandbox
        if kind == "error" and not ours and not text.startswith(EXPECTED):
            self.faults.append(f"{where}: {text}")

    @contextmanager
    def _window(self, look: Look, who: str) -> Iterator[Page]:
        context = self.browser.new_context(
            base_url=self.stage.served.url, viewport={"width": look.width, "height": HEIGHTS.get(look.width, 900)},
            locale=look.language, color_scheme="dark" if look.theme == "dark" else "light", timezone_id="Europe/Rome",
            reduced_motion="reduce", storage_state=self._state(who) if who else None,
        )  # fmt: skip
        try:
            context.clock.set_fixed_time(NOW)
            yield context.new_page()
        finally:
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
    """Make the window as high as the page, so that what sticks to its lower edge stands there."""
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(HEIGHTS.get(width, 900), min(height, TALLEST))})
