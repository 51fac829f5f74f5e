"""Browsers as people call them."""

from __future__ import annotations

import pytest

from web.pages.account.agents import browser_and_system, is_handheld

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {WEBKIT} Version/18.0 Mobile/15E148 Safari/604.1"
ANDROID = f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/140.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "told", "handheld"),
    [
        (FIREFOX, ("Firefox", "Linux"), False),
        (EDGE, ("Edge", "Windows"), False),
        (IPHONE, ("Safari", "iPhone"), True),
        (ANDROID, ("Chrome", "Android"), True),
        ("<script>", ("", ""), False),
        ("", ("", ""), False),
    ],
)
def test_a_browser_is_told_by_what_it_says_of_itself(agent: str, told: tuple[str, str], handheld: bool) -> None:
    assert browser_and_system(agent) == told
    assert is_handheld(agent) == handheld
