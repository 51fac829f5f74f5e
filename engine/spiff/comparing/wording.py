"""How a change is put into words: `name: ‘A’ → ‘B’`. What is compared isn't known here."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.said import Said, said
from engine.spiff.comparing.model import MOST_WORDS

#: characters of a value that are shown, and how many of them come before the first that isn't the same
MOST_CHARACTERS = 120
_BEFORE = 30


def turned(before: str | None, after: str | None) -> Said:
    """What a value was and is; None for one that isn't there. Of long ones the part that isn't the same is shown."""
    if before is None or after is None:
        return _came_or_went(before, after)
    long = max(len(before), len(after)) > MOST_CHARACTERS
    start = max(0, _first_unlike(before, after) - _BEFORE) if long else 0
    return said("‘{before}’ → ‘{after}’", before=shown(before, start), after=shown(after, start))


def of(what: str, change: str) -> Said:
    """A change of a named part."""
    return said("{what}: {change}", what=what, change=change)


def position(before: int, after: int) -> Said:
    """That something stands elsewhere in its list; counted from 1."""
    return of(said("position"), turned(str(before), str(after)))


def bounded(words: Sequence[str], more: int = 0) -> tuple[str, ...]:
    """The first words, and how many more there are; `more` that nobody has put into words."""
    left = len(words[MOST_WORDS:]) + more
    return (*words[:MOST_WORDS], *([said("… and {count} more", count=left)] if left else []))


def shown(text: str, start: int = 0) -> str:
    """A value in one line, cut where it is long; texts with a key keep it."""
    if isinstance(text, Said) or (not start and len(text) <= MOST_CHARACTERS and "\n" not in text):
        return text
    end = start + MOST_CHARACTERS
    cut = ("…" if start else "") + text[start:end] + ("…" if len(text) > end else "")
    return cut.replace("\n", "⏎")


def _first_unlike(one: str, other: str) -> int:
    """The first place at which two texts aren't the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _came_or_went(before: str | None, after: str | None) -> Said:
    if before:
        return said("‘{before}’ → none", before=shown(before))
    if after:
        return said("none → ‘{after}’", after=shown(after))
    return said("added") if before is None else said("removed")
