"""What a second XML lost of a first, as a modeler loses it that opens and saves a file."""

from __future__ import annotations

from engine.spiff.comparing.elements import Fact, differing
from engine.spiff.parsing.xml import Element, parse_xml


def lost(before: bytes, after: bytes) -> list[str]:
    """Every element, attribute, text and comment of the first that the second hasn't, or has otherwise.

    `process p / userTask a / @name: 'A' → 'B'`. What the second has more is nothing lost; nor are the names of
    prefixes, the order of attributes, and space around texts. Raises `ValueError` for what isn't XML that Iter reads.
    """
    return [_said(fact) for fact in differing(_root(before), _root(after)) if fact.before is not None]


def _root(content: bytes) -> Element:
    root, problems = parse_xml("", content, remarks=True)
    if root is None:
        raise ValueError(problems[0].problem)
    return root


def _said(fact: Fact) -> str:
    steps = [f"{step.name} {step.key}".strip() for step in fact.steps]
    place = " / ".join([*steps, f"@{fact.attribute}"] if fact.attribute else steps)
    return f"{place}: {fact.before!r} → {fact.after!r}"
