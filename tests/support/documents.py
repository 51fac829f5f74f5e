"""The project's documents, for tests that hold them against the code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(page for folder in ("docs", "deploy", "workflows") for page in (ROOT / folder).rglob("*.md")),
    ]
)


def reference(page: str) -> str:
    """The text of a reference page."""
    return (REFERENCE / f"{page}.md").read_text()


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def code_spans(text: str) -> set[str]:
    """Everything that stands in `backticks`."""
    return set(re.findall(r"`([^`\n]+)`", text))


def python_files(*folders: str) -> list[Path]:
    """Python files of folders of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
