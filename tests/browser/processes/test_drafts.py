"""The pages of a draft, before deploying and after: everybody can read and use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, scrolls_sideways, violations
from tests.support.modeling import kept

DRAFT = "/processes/mrdoc/draft"
VERSION = "/processes/mrdoc/versions/1"
PLACES = (
    DRAFT, f"{DRAFT}/deploying", f"{DRAFT}/scenarios", f"{VERSION}/scenarios", f"{VERSION}/differences",
    f"{VERSION}/migrating",
)  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (NARROW, True)])
def test_its_pages_can_be_read_and_used_by_everybody(owner: Callable[..., Page], width: int, dark: bool) -> None:
    page = owner(f"{DRAFT}/files/mail/received.txt?as=text", width=width, dark=dark)
    page.wait_for_selector("[data-source][data-ready]")
    page.locator("[data-source-text]").press("Control+End")
    page.keyboard.type("A presto\n")
    kept(page)
    assert violations(page) == []
    for place in PLACES:
        page.goto(place)
        if "scenarios" in place or "deploying" in place:
            expect(page.locator("[data-gate][data-ready], [data-trial][data-ready]")).to_be_visible(timeout=60_000)
        assert violations(page) == [], place
        assert not scrolls_sideways(page), place
