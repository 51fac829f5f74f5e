"""Every text has its translation, no translation is left over, and each puts in the same values as the English."""

from __future__ import annotations

import importlib.util
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "web" / "translations").glob("*.po"))


@cache
def tool() -> ModuleType:
    """What `make texts` runs."""
    spec = importlib.util.spec_from_file_location("texts_tool", ROOT / "build" / "texts.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalogue(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes()), abort_invalid=True)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def english(message: Message) -> str:
    return message.id[1] if isinstance(message.id, tuple) else message.id


def names(text: str) -> set[tuple[str, str]]:
    """The placeholders of a text, with how they are written; a text that is no pattern has none."""
    try:
        return {(name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def spared(message: Message) -> set[tuple[str, str]]:
    """What a plural form may leave out: one needn't be counted."""
    return {("n", "")} if isinstance(message.id, tuple) else set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_catalogue_says_all_that_is_said_and_nothing_else(path: Path) -> None:
    said = {message.id for message in tool().extracted() if message.id}
    written = {message.id for message in catalogue(path) if message.id}
    assert sorted(map(str, said - written)) == [], "run `make texts`, and translate"
    assert sorted(map(str, written - said)) == [], "run `make texts`"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_catalogue_leaves_nothing_untranslated(path: Path) -> None:
    left = [message.id for message in catalogue(path) if message.id and (message.fuzzy or not all(texts(message)))]
    assert left == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_translation_puts_in_the_same_values(path: Path) -> None:
    wrong = [
        (message.id, text)
        for message in catalogue(path)
        if message.id
        for text in texts(message)
        if text and names(text) | spared(message) != names(english(message)) | spared(message)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_catalogue_has_the_plural_forms_that_its_language_has(path: Path) -> None:
    read = catalogue(path)
    assert read.num_plurals == Catalog(locale=path.stem).num_plurals
    assert all(len(texts(message)) == read.num_plurals for message in read if isinstance(message.id, tuple))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_spaces_at_the_ends_are_kept(path: Path) -> None:
    """Some texts are put in behind others."""
    wrong = [
        message.id
        for message in catalogue(path)
        if message.id
        for text in texts(message)
        if text and (english(message)[:1] == " ", english(message)[-1:] == " ") != (text[:1] == " ", text[-1:] == " ")
    ]
    assert wrong == []


def test_every_kind_of_call_is_found() -> None:
    said = {message.id for message in tool().extracted()}
    assert "Conflict" in said, "said"
    assert "just now" in said, "say"
    assert ("Done with {n} ticket.", "Done with {n} tickets.") in said, "say_number"
    assert "My account" in said, "_ in a template"


def test_updating_keeps_the_header_and_what_is_translated() -> None:
    made, before = tool(), FILES[0].read_text(encoding="utf-8")
    texts = Catalog()
    for text in ("Conflict", "A new text"):
        texts.add(text)
    after = made.updated(before, texts)
    assert made.header_of(after) == made.header_of(before)
    found = {message.id: message.string for message in read_po(BytesIO(after.encode())) if message.id}
    assert found == {"Conflict": "Conflitto", "A new text": ""}
