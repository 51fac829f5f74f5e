"""Two trees of JSON or TOML compared: values by their keys, entries of lists by what they are known by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.domain.said import said
from engine.spiff.comparing import wording
from engine.spiff.comparing.sequences import Names, out_of_order

#: what stands deeper is one value
MOST_DEPTH = 10
#: by what an entry of a list is known
_KNOWN_BY = ("key", "value", "id")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that isn't the same; None where there is none."""

    path: Path
    before: str | None
    after: str | None

    @property
    def word(self) -> str:
        """What it was and is."""
        return wording.turned(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry that stands elsewhere in its list; places are counted from 1."""

    path: Path
    before: int
    after: int

    @property
    def word(self) -> str:
        """Where it was and is."""
        return wording.position(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Whole:
    """A part that came or went, with all of its values."""

    path: Path
    came: bool
    leaves: tuple[Leaf, ...]


def differing(before: Any, after: Any, path: Path = ()) -> Iterator[Leaf | Moved | Whole]:
    """What isn't the same in two trees, in the order of the newer one. Raises `RecursionError` for absurd depths."""
    old, new = _branches(before, path), _branches(after, path)
    if old is None or new is None or type(before) is not type(after):
        if _plain(before) != _plain(after):
            yield Leaf(path, _shown(before), _shown(after))
        return
    for key in dict.fromkeys([*new, *old]):
        here = (*path, key)
        if key in old and key in new:
            yield from differing(old[key], new[key], here)
        else:
            came = key in new
            yield Whole(here, came, tuple(_leaves(new[key] if came else old[key], here, came)))
    if isinstance(before, list):
        yield from _moved(list(old), list(new), path)


def _branches(value: Any, path: Path) -> dict[str, Any] | None:
    """What stands in a value, by what it is known by; None for one that is told as a whole."""
    if len(path) >= MOST_DEPTH:
        return None
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        names = Names()
        return {names.own(_key(item, place)): item for place, item in enumerate(value)}
    return None


def _key(item: dict[str, Any], place: int) -> str:
    return str(next((item[name] for name in _KNOWN_BY if isinstance(item.get(name), (str, int))), f"[{place}]"))


def _leaves(value: Any, path: Path, came: bool) -> Iterator[Leaf]:
    branches = _branches(value, path)
    if branches is None:
        shown = _shown(value)
        yield Leaf(path, None, shown) if came else Leaf(path, shown, None)
        return
    for key, item in branches.items():
        yield from _leaves(item, (*path, key), came)


def _moved(before: list[str], after: list[str], path: Path) -> Iterator[Moved]:
    moved = out_of_order(before, after)
    places = {key: place for place, key in enumerate(before, 1)}
    return (Moved((*path, key), places[key], place) for place, key in enumerate(after, 1) if key in moved)


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        return ", ".join(map(_shown, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
