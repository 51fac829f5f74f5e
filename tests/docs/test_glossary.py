"""The glossary is in order, and a word stands in it once."""

from __future__ import annotations

import re

from tests.support.documents import ROOT


def test_words_are_in_order_and_unique() -> None:
    words = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert words == sorted(set(words), key=str.casefold)
    assert len(words) > 40


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    listed = re.findall(r"\]\((\d{4}[^)]*)\)", (folder / "README.md").read_text())
    assert listed == records
