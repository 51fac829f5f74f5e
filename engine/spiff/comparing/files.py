"""The files of two versions compared, each as what it is; what can't be read, and what is only written, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from engine.domain.forms.reading import MAX_BYTES as LARGEST_FORM
from engine.domain.forms.source import FormSource
from engine.domain.package_files.reading import FILE as SETTINGS
from engine.domain.package_files.source import parse
from engine.domain.translations.files import MAX_BYTES as LARGEST_TRANSLATION
from engine.domain.translations.po import Entry, read_po
from engine.spiff.comparing.decisions import changed_decisions
from engine.spiff.comparing.diagrams import changed_elements
from engine.spiff.comparing.forms import changed_fields
from engine.spiff.comparing.model import MOST_CHANGES, MOST_LINES, Change, Differences, FileDifference
from engine.spiff.comparing.settings import changed_settings
from engine.spiff.comparing.texts import changed_lines
from engine.spiff.comparing.translations import changed_translations
from engine.spiff.parsing.xml import Element, parse_xml

#: elements of an XML file, those of its drawing among them; a larger one is compared as text
MOST_ELEMENTS = 40_000
#: written by modelers: where nothing in them has changed, their lines say nothing
_DRAWN = (".bpmn", ".dmn", ".form")


def compare(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Differences:
    """What isn't the same in the files of two versions, by path. It takes as long as they are, whatever they hold."""
    paths = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return Differences(tuple(_file(path, before.get(path), after.get(path)) for path in paths))


def _file(path: str, before: bytes | None, after: bytes | None) -> FileDifference:
    if before is None or after is None:
        return FileDifference(path, "added" if before is None else "removed")
    changes = _changes(path, before, after)
    if changes or (changes is not None and path.endswith(_DRAWN)):
        more = max(0, len(changes) - MOST_CHANGES)
        return FileDifference(path, "changed", changes=tuple(changes[:MOST_CHANGES]), left_out=more)
    lines = changed_lines(before, after)
    more = max(0, len(lines) - MOST_LINES)
    return FileDifference(path, "changed", text=tuple(lines[:MOST_LINES]), left_out=more)


def _changes(path: str, before: bytes, after: bytes) -> list[Change] | None:
    """What isn't the same in what two files say; None where one of them can't be read, or they are texts."""
    kind = next((kind for kind in _KINDS if path == kind or (kind.startswith(".") and path.endswith(kind))), None)
    if kind is None:
        return None
    read, changed = _KINDS[kind]
    try:
        old, new = read(path, before), read(path, after)
        return None if old is None or new is None else list(changed(old, new))
    except (RecursionError, ValueError):  # too deep, or a number that is too long to be told
        return None


def _xml(path: str, content: bytes) -> Element | None:
    root = parse_xml(path, content, remarks=True)[0]
    return None if root is None or next(islice(root.iter(), MOST_ELEMENTS, None), None) is not None else root


def _form(path: str, content: bytes) -> dict[str, Any] | None:
    schema = FormSource(path).parse(content, LARGEST_FORM)
    return schema if schema is not None and isinstance(schema.get("components"), list) else None


def _settings(path: str, content: bytes) -> dict[str, Any] | None:
    return parse(path, content)[0]


def _entries(path: str, content: bytes) -> list[Entry] | None:
    if len(content) > LARGEST_TRANSLATION:
        return None
    try:
        entries, problems = read_po(path, content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        return None
    return None if problems else entries


#: by how a path ends, or a whole path: how such a file is read, and what is compared then
_KINDS: Mapping[str, tuple[Callable[[str, bytes], Any], Callable[[Any, Any], Iterator[Change]]]] = {
    ".bpmn": (_xml, changed_elements),
    ".dmn": (_xml, changed_decisions),
    ".form": (_form, changed_fields),
    ".po": (_entries, changed_translations),
    SETTINGS: (_settings, changed_settings),
}
