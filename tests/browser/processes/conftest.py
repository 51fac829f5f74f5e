"""A process owner at a file of the package's draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page

from tests.support.browser import Desk
from tests.support.journeys import PACKAGE, PASSWORD, Company

DRAFT = "/processes/mrdoc/draft"


@pytest.fixture(scope="session")
def owner_account(company: Company) -> Callable[[str], str]:
    """Somebody's address who is a process owner, made the first time that one asks for them."""
    known: set[str] = set()

    def address(name: str) -> str:
        email = f"{name.lower()}@owners.example"
        if email not in known:
            known.add(email)
            values = {"email": email, "name": name, "kind": "staff", "password": PASSWORD, "language": "it"}
            made = company["admin"].sends("/accounts", values, 201)
            roles = {"roles": {"owner": []}}
            company["admin"].sends(f"/accounts/{made['id']}/memberships/{PACKAGE}", roles, 200, method="PUT")
        return email

    return address


@pytest.fixture
def owner(desk: Desk, owner_account: Callable[[str], str]) -> Iterator[Callable[..., Page]]:
    """Process owners at a page: `owner("/processes/mrdoc", "Elsa")`. What they leave in the draft is thrown away."""
    pages: list[Page] = []

    def at(place: str, name: str = "Irene", **window: Any) -> Page:
        pages.append(desk.visit(owner_account(name), place, **window))
        return pages[-1]

    yield at
    if pages:
        csrf = pages[-1].get_attribute("meta[name='csrf']", "content") or ""
        for page in pages:
            page.close()
        _discard(pages[-1].context.request, {"X-CSRF-Token": csrf, "Sec-Fetch-Site": "same-origin"})


def _discard(request: APIRequestContext, headers: dict[str, str]) -> None:
    here = request.post(f"{DRAFT}/here", data={"path": ""}, headers=headers)
    answer = request.post(
        f"{DRAFT}/discard", form={"revision": here.json()["revision"]}, headers=headers, max_redirects=0
    )
    assert answer.status == 303, answer.text()


@pytest.fixture
def open_file(owner: Callable[..., Page]) -> Callable[..., Page]:
    """A process owner at a file, its editor ready: `open_file("routing.dmn", width=390)`."""

    def at(path: str, **window: Any) -> Page:
        page = owner(f"{DRAFT}/files/{path}", **window)
        page.wait_for_selector("[data-ready]")
        return page

    return at
