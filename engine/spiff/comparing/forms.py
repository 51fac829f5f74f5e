"""Two forms compared: their fields by key, each with what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain.said import said
from engine.spiff.comparing import wording
from engine.spiff.comparing.model import Change, ChangeKind
from engine.spiff.comparing.sequences import Names, out_of_order
from engine.spiff.comparing.trees import Leaf, Moved, Path, Whole, differing

#: what people call a keyword, by its place in the field
_NAMES: Mapping[Path, str] = {
    ("label",): said("label"), ("dateLabel",): said("label"), ("type",): said("type"), ("text",): said("text"),
    ("description",): said("description"), ("defaultValue",): said("default value"), ("readonly",): said("only shown"),
    ("disabled",): said("only shown"), ("conditional", "hide"): said("hidden if"),
    ("validate", "required"): said("required"), ("validate", "minLength"): said("least characters"),
    ("validate", "maxLength"): said("most characters"), ("validate", "min"): said("least"),
    ("validate", "max"): said("most"), ("validate", "pattern"): said("pattern"),
}  # fmt: skip
_OPTIONS = "values"


@dataclass(frozen=True, slots=True)
class _Field:
    """A component without what stands in it. `around`: the key of its group, empty for the form itself."""

    key: str
    place: int
    around: str
    says: Mapping[str, Any]


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """What isn't the same in two form-js schemas; both have a list of components."""
    if words := _words(_without_components(before), _without_components(after)):
        name = str(after.get("id", ""))
        yield Change("changed", "form", name, name, wording.bounded(words))
    old, new = ({field.key: field for field in _fields(schema["components"])} for schema in (before, after))
    moved = out_of_order(old, new)
    for key, field in new.items():
        if key not in old:
            yield _change("added", field)
        else:
            yield from _field_changed(old[key], field, moved=key in moved)
    yield from (_change("removed", field) for key, field in old.items() if key not in new)


def _fields(components: Sequence[Any]) -> Iterator[_Field]:
    """All components, those of a group behind it; no key is there twice."""
    names = Names()
    waiting: list[tuple[Any, str]] = [(component, "") for component in reversed(components)]
    place = 0
    while waiting:
        component, around = waiting.pop()
        says = component if isinstance(component, dict) else {"type": component}
        key = names.own(str(says.get("key") or says.get("id") or says.get("type", "")))
        place += 1
        yield _Field(key, place, around, _without_components(says))
        inside = says.get("components")
        waiting += [(one, key) for one in reversed(inside)] if isinstance(inside, list) else []


def _without_components(says: Mapping[str, Any]) -> dict[str, Any]:
    """What a form or component says itself; what should be its components and aren't stays."""
    return {key: value for key, value in says.items() if key != "components" or not isinstance(value, list)}


def _field_changed(old: _Field, new: _Field, *, moved: bool) -> Iterator[Change]:
    words = _words(old.says, new.says)
    if old.around != new.around:
        words.append(wording.of(said("stands in"), wording.turned(old.around or None, new.around or None)))
    if words:
        yield _change("changed", new, words)
    elif moved:
        yield _change("moved", new, [wording.position(old.place, new.place)])


def _words(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [word for found in differing(before, after) for word in _told(found)]


def _told(found: Leaf | Moved | Whole) -> Iterator[str]:
    """In words; of an option that came or went its key isn't told twice."""
    if isinstance(found, Whole):
        leaves = [leaf for leaf in found.leaves if leaf.path[:1] + leaf.path[2:] != (_OPTIONS, "value")]
        yield from (wording.of(_name(leaf.path), leaf.word) for leaf in leaves or found.leaves)
    else:
        yield wording.of(_name(found.path), found.word)


def _name(path: Path) -> str:
    """What people call what stands there; else its place, as the file says it."""
    if path[0] == _OPTIONS and len(path) > 1 and path[2:] in ((), ("label",)):
        return said("option {key}", key=wording.shown(path[1]))
    return _NAMES.get(path) or ".".join(map(wording.shown, path))


def _change(kind: ChangeKind, field: _Field, words: Sequence[str] = ()) -> Change:
    label = field.says.get("label") or field.says.get("dateLabel") or field.says.get("text") or field.key
    return Change(kind, str(field.says.get("type", "")), field.key, wording.shown(str(label)), wording.bounded(words))
