"""How much a package may hold of each kind of file, told before any is read: whoever asks for a check mustn't stop us.

Single files have limits of their own where they are read.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.errors import Problem
from engine.domain.said import said

#: bytes of all files of a kind together; ten times the largest package known
MAX_BYTES: Mapping[tuple[str, ...], int] = {
    (".bpmn",): 4_000_000,
    (".dmn",): 1_000_000,
    (".form",): 1_000_000,
    (".txt", ".html"): 1_000_000,
    (".yaml",): 1_000_000,
}
#: tags ({{ … }} and {% … %}) of all mail texts together
MAX_TAGS = 5_000


def check_sizes(files: Mapping[str, bytes]) -> list[Problem]:
    """What there is too much of; empty where the package can be read in a short time."""
    problems = []
    for suffixes, most in MAX_BYTES.items():
        size = sum(len(content) for path, content in files.items() if path.endswith(suffixes))
        if size > most:
            told = said(
                "The package has {size:,} bytes of {names} files; at most {most:,} are read.",
                size=size,
                names=" and ".join(suffixes),
                most=most,
            )
            problems.append(Problem("", told, said("Divide the package, or remove what isn't needed.")))
    tags = sum(content.count(b"{{") + content.count(b"{%") for path, content in files.items() if _is_mail(path))
    if tags > MAX_TAGS:
        told = said("The mail texts have {tags:,} tags; at most {max_tags:,} are read.", tags=tags, max_tags=MAX_TAGS)
        problems.append(Problem("", told, said("Shorten them.")))
    return problems


def _is_mail(path: str) -> bool:
    return path.startswith("mail/") and path.endswith((".txt", ".html"))
