"""After sign-in one goes on where one was: on this site, and no other."""

from __future__ import annotations

import pytest

from web.pages.home import is_own_place


@pytest.mark.parametrize("place", ["/", "/tickets/5", "/tickets?text=a%20b&cursor=x", "/inbox/3#form"])
def test_addresses_of_iter_are_gone_to(place: str) -> None:
    assert is_own_place(place)


@pytest.mark.parametrize(
    "place",
    [
        "", "tickets", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/a\\b",
        "/\t/evil.example", "/\n//evil.example", "javascript:alert(1)", "/tickets/è", " /tickets",
    ],
)  # fmt: skip
def test_addresses_elsewhere_are_not(place: str) -> None:
    assert not is_own_place(place)
