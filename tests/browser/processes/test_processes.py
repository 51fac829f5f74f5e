"""A process owner looks at what is in force: diagrams, tables, forms, texts, earlier versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, Desk, scrolls_sideways, sign_in, violations
from tests.support.newcomers import Newcomer

Visit = Callable[..., Page]
FILES = ("routing.dmn", "forms/estimate.form", "package.toml", "mail/received.txt")


@pytest.fixture
def visit(desk: Desk, newcomer: Callable[..., Newcomer]) -> Visit:
    """A process owner at a page: `visit("/processes", width=390)`."""

    def at(place: str, **window: Any) -> Page:
        page = desk.visit("", "/sign-in", **window)
        sign_in(page, newcomer("Irene", role="owner").email)
        page.goto(place)
        return page

    return at


def test_the_diagrams_of_a_package_are_walked_through(visit: Visit) -> None:
    page = visit("/processes")
    page.get_by_role("link", name="Processi").click()
    page.get_by_role("row").get_by_role("link", name="Assistenza MRDoc").click()
    expect(page.locator("[data-diagram][data-drawn='mrdoc.bpmn']")).to_be_visible()
    page.get_by_role("button", name="Mostra che cosa c'è dentro: Gestione della richiesta").click()
    expect(page.locator("[data-diagram][data-drawn='request.bpmn']")).to_be_visible()
    page.get_by_role("button", name="Quotazione", exact=True).click()
    expect(page.locator("[data-diagram][data-drawn='quotation.bpmn']")).to_be_visible()
    page.get_by_text("Lo stesso in parole").click()
    expect(page.locator(".diagram-words li").first).to_be_visible()


def test_a_form_can_be_tried_and_sends_nothing(visit: Visit) -> None:
    page = visit("/processes/mrdoc")
    page.locator("summary", has_text="Moduli").click()
    page.locator(".shelf-files a[title='forms/estimate.form']").click()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("Sì").check()
    expect(page.get_by_label(re.compile("Importo"))).to_be_visible()
    assert "POST" not in sent


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read_and_used_by_everybody(visit: Visit, width: int, dark: bool) -> None:
    page = visit("/processes/mrdoc", width=width, dark=dark)
    expect(page.locator("[data-diagram][data-drawn]")).to_be_visible()
    version = "/processes/mrdoc/versions/1"
    for place in ("/processes", version, *(f"{version}/files/{file}" for file in FILES)):
        page.goto(place)
        if place.endswith(".form"):
            page.wait_for_selector("[data-ready]")
        assert violations(page) == [], place
        assert not scrolls_sideways(page), place
