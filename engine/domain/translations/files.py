"""The translations among a package's files: which files count, and what they make of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from engine.domain.errors import Problem
from engine.domain.package_files.tables import LANGUAGE
from engine.domain.packages import Package
from engine.domain.said import said
from engine.domain.translations.po import Entry, read_po

FOLDER = "translations"
#: bytes of one file; several times what a large package says
MAX_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Translation:
    """What a package says in one more language."""

    language: str
    path: str
    entries: tuple[Entry, ...] = ()
    _texts: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def find(self, text: str, *contexts: str) -> str | None:
        """The text in this language: as it is meant in one of the contexts, else anywhere; None where it has none."""
        for context in (*contexts, ""):
            if (context, text) in self._texts:
                return self._texts[context, text]
        return None


def read_translations(
    files: Mapping[str, bytes], package: Package | None = None
) -> tuple[dict[str, Translation], list[Problem]]:
    """All translations of a package by language (`translations/en.po`), and what is wrong with their files."""
    found: dict[str, Translation] = {}
    problems: list[Problem] = []
    for path in sorted(path for path in files if path.endswith(".po")):
        language = PurePosixPath(path).stem
        problems += wrong_place(path, package)
        entries, wrong = _entries(path, files[path])
        problems += wrong
        texts = {(entry.context, entry.text): entry.translation for entry in entries if _counts(entry)}
        found[language] = Translation(language, path, tuple(entries), texts)
    return found, problems


def wrong_place(path: str, package: Package | None) -> Iterator[Problem]:
    """A po file whose name tells no other language than the package's own."""
    name = PurePosixPath(path)
    if str(name.parent) != FOLDER or not LANGUAGE.fullmatch(name.stem):
        told = said("A po file stands in translations/ and is called by its language.")
        yield Problem(path, told, said("Call it translations/en.po, for example."))
    elif package is not None and name.stem == package.language:
        told = said("The package's texts are in the language `{language}` already.", language=name.stem)
        yield Problem(path, told, said("Remove the file."))


def _entries(path: str, content: bytes) -> tuple[list[Entry], list[Problem]]:
    if len(content) > MAX_BYTES:
        told = said("The file has {size:,} bytes; at most {most:,} are read.", size=len(content), most=MAX_BYTES)
        return [], [Problem(path, told, said("Shorten it."))]
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return [], [Problem(path, said("The file isn't UTF-8 text."), said("Save it as UTF-8."))]
    return read_po(path, text)


def _counts(entry: Entry) -> bool:
    return bool(entry.translation.strip()) and not entry.fuzzy
