"""The pages of a draft, before deploying and after: everybody can read and use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, scrolls_sideways, violations
from tests.support.modeling import kept

DRAFT = "/processes/mrdoc/draft"
VERSION = "/processes/mrdoc/versions/1"
PLACES = (
    DRAFT, f"{DRAFT}/deploying", f"{DRAFT}/scenarios", f"{VERSION}/scenarios", f"{VERSION}/differences",
    f"{VERSION}/migrating",
)  # fmt: skip
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((WIDE, "light"), (NARROW, "dark"))


def test_its_pages_can_be_read_and_used_by_everybody(owner: Callable[..., Page]) -> None:
    page = owner(f"{DRAFT}/files/mail/received.txt?as=text")
    page.wait_for_selector("[data-source][data-ready]")
    page.locator("[data-source-text]").press("Control+End")
    page.keyboard.type("A presto\n")
    kept(page)
    wrong = _seen_twice(page)
    for place in PLACES:
        page.goto(place)
        if "scenarios" in place or "deploying" in place:
            expect(page.locator("[data-gate][data-ready], [data-trial][data-ready]")).to_be_visible(timeout=60_000)
        wrong += _seen_twice(page)
    assert not wrong, "\n".join(wrong)


def _seen_twice(page: Page) -> list[str]:
    """What is wrong with a page on a wide screen in the light, and on a narrow one in the dark."""
    wrong: list[str] = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        told = violations(page) + (["it scrolls sideways"] if scrolls_sideways(page) else [])
        wrong += [f"{page.url} {width} {scheme}: {one}" for one in told]
    return wrong
