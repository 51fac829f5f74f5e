"""Two po files compared: translations by the text that is translated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.domain.said import said
from engine.domain.translations.po import Entry
from engine.spiff.comparing import wording
from engine.spiff.comparing.model import Change, ChangeKind


def changed_translations(before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[Change]:
    """What isn't the same in the entries of two files."""
    old, new = ({(entry.context, entry.text): entry for entry in entries} for entries in (before, after))
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        words = list(_words(was, now))
        if words:
            kind: ChangeKind
            kind = "added" if was is None else "removed" if now is None else "changed"
            label = " · ".join(wording.shown(part) for part in reversed(key) if part)
            yield Change(kind, "text", key[1], label, tuple(words))


def _words(before: Entry | None, after: Entry | None) -> Iterator[str]:
    was, now = (None if entry is None else entry.translation for entry in (before, after))
    if was != now:
        yield wording.turned(was, now)
    if (before is not None and before.fuzzy) != (after is not None and after.fuzzy):
        yield wording.of(said("guessed by a tool"), said("yes") if after is not None and after.fuzzy else said("no"))
