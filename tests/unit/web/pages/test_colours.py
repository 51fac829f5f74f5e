"""Any colour of a package gives readable text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from web.pages.colours import CONTRAST, contrast, rules

COLOUR = st.from_regex(r"[0-9a-f]{6}", fullmatch=True)


def _variables(rule: str) -> dict[str, str]:
    found = dict(re.findall(r"--([a-z-]+):#([0-9a-f]+)", rule))
    return {name: value * 2 if len(value) == 3 else value for name, value in found.items()}


@given(COLOUR)
def test_what_stands_on_a_colour_can_be_read(colour: str) -> None:
    assert contrast(colour, _variables(rules([colour]))["on-colour"]) >= CONTRAST


@given(COLOUR)
def test_text_in_the_colour_can_be_read_on_light_and_dark_pages(colour: str) -> None:
    found = _variables(rules([colour]))
    assert contrast(found["ink-light"], "f1f5f9") >= CONTRAST
    assert contrast(found["ink-dark"], "1f2937") >= CONTRAST


def test_contrast_is_that_of_the_standard() -> None:
    assert round(contrast("000000", "ffffff"), 2) == 21
    assert round(contrast("767676", "ffffff"), 2) == 4.54


def test_each_colour_has_a_class() -> None:
    assert re.findall(r"\.(colour-\w+)\{", rules(["b45309", "1d4ed8"])) == ["colour-b45309", "colour-1d4ed8"]
