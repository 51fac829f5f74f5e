"""Two `package.toml` compared: settings by their dotted keys, entries of lists by their `key`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.spiff.comparing import wording
from engine.spiff.comparing.model import Change
from engine.spiff.comparing.trees import Leaf, Moved, Path, Whole, differing


def changed_settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """What isn't the same in two trees of settings: `statuses.open.label.it`."""
    return map(_change, differing(before, after))


def _change(found: Leaf | Moved | Whole) -> Change:
    key = _dotted(found.path)
    if isinstance(found, Whole):
        words = [_word(leaf, len(found.path)) for leaf in found.leaves]
        return Change("added" if found.came else "removed", "setting", key, key, wording.bounded(words))
    return Change("moved" if isinstance(found, Moved) else "changed", "setting", key, key, (found.word,))


def _word(leaf: Leaf, around: int) -> str:
    """A value of something that came or went, by its key there."""
    return wording.of(_dotted(leaf.path[around:]), leaf.word) if leaf.path[around:] else leaf.word


def _dotted(path: Path) -> str:
    return ".".join(map(wording.shown, path)).replace(".[", "[")
