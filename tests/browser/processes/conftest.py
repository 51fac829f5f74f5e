"""A process owner at a file of the package's draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browser import Desk, sign_in
from tests.support.newcomers import Newcomer

DRAFT = "/processes/mrdoc/draft"
#: throws the draft away; the page's own token lets it
_DISCARD = """async (draft) => {
  const { revision } = await (await fetch(`${draft}/looked.json`)).json();
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const body = new URLSearchParams({ csrf, revision });
  await fetch(`${draft}/discard`, { method: "POST", body, redirect: "manual" });
}"""


@pytest.fixture
def owner(desk: Desk, newcomer: Callable[..., Newcomer]) -> Iterator[Callable[..., Page]]:
    """Process owners at a page: `owner("/processes/mrdoc", "Elsa")`. What they leave in the draft is thrown away."""
    pages: list[Page] = []

    def at(place: str, name: str = "Irene", **window: Any) -> Page:
        page = desk.visit("", "/sign-in", **window)
        sign_in(page, newcomer(name, role="owner").email)
        page.goto(place)
        pages.append(page)
        return page

    yield at
    if pages:
        pages[-1].goto(DRAFT)
        pages[-1].evaluate(_DISCARD, DRAFT)


@pytest.fixture
def open_file(owner: Callable[..., Page]) -> Callable[..., Page]:
    """A process owner at a file, its editor ready: `open_file("routing.dmn", width=390)`."""

    def at(path: str, **window: Any) -> Page:
        page = owner(f"{DRAFT}/files/{path}", **window)
        page.wait_for_selector("[data-ready]")
        return page

    return at
