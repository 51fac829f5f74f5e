"""Links between documents lead somewhere, to a heading too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.documents import DOCUMENTS, ROOT, headings

LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(document: Path) -> None:
    broken = [
        link for link in LINK.findall(_without_code(document.read_text())) if not _leads_somewhere(document, link)
    ]
    assert broken == []


def test_every_document_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    new = {ROOT / "README.md"}
    while new:
        seen |= new
        links = {(page.parent / link.partition("#")[0]).resolve() for page in new for link in _local_links(page)}
        new = {path for path in links if path.suffix == ".md"} - seen
    assert [
        str(page.relative_to(ROOT)) for page in DOCUMENTS if page.is_relative_to(ROOT / "docs") and page not in seen
    ] == []


def _local_links(page: Path) -> list[str]:
    return [link for link in LINK.findall(page.read_text()) if "://" not in link and not link.startswith("#")]


def _leads_somewhere(document: Path, link: str) -> bool:
    if re.match(r"(https?|mailto):", link):
        return True
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    return target.exists() and (not anchor or anchor in headings(target))


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)
