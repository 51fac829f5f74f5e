"""Every page is photographed by `make screenshots`, or said not to be one."""

from __future__ import annotations

from tests.screenshots.__main__ import page_routes
from tests.screenshots.pages import NOT_PHOTOGRAPHED, SHOTS, unlisted


def test_a_picture_is_taken_of_every_page() -> None:
    missing, gone = unlisted(page_routes())
    assert missing == [], "add these pages to tests/screenshots/pages.py"
    assert gone == [], "these pages aren't there any more"


def test_names_of_pictures_are_unique_and_each_page_is_in_one_list_only() -> None:
    names = [shot.name for shot in SHOTS]
    assert len(names) == len(set(names))
    assert {shot.route for shot in SHOTS}.isdisjoint(NOT_PHOTOGRAPHED)
