"""Reads a po file as gettext's tools write it: entries with their lines, and every line that isn't one.

The file comes from outside: it is read line by line in linear time, and what isn't needed (plural forms) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.domain.errors import Problem
from engine.domain.said import Said, said

#: further ones would only bury the first
MAX_PROBLEMS = 50

_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr|msgid_plural|msgstr\[\d+\])\s*)?"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "r": "\r"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class Entry:
    """One text with its translation; `context` is empty where it is meant wherever the text stands."""

    line: int
    context: str = ""
    text: str = ""
    translation: str = ""
    #: a tool guessed it: nobody has read it yet
    fuzzy: bool = False


@dataclass
class _Reading:
    path: str
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    entry: Entry | None = None
    #: the keyword that the next bare text goes on with
    part: str = ""
    fuzzy: bool = False

    def report(self, line: int, problem: Said, remedy: Said) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.path, problem, remedy, line=line))

    def line(self, number: int, text: str) -> None:
        stripped = text.strip()
        if not stripped or stripped.startswith("#"):
            self._between(stripped)
            return
        found = _LINE.fullmatch(stripped)
        if found is None:
            self.report(number, said("This isn't a line of a po file."), said('Write msgid "…" or msgstr "…" there.'))
            return
        keyword, written = found.groups()
        if keyword is not None and keyword not in ("msgctxt", "msgid", "msgstr"):
            self.report(number, said("Plural forms aren't used here."), said("Write one msgid and one msgstr."))
            self.part = ""
            return
        if keyword:
            self._begin(number, keyword)
        self._add(number, written)

    def _between(self, stripped: str) -> None:
        """An empty line or a remark: the entry is at its end."""
        self._finish()
        if stripped.startswith("#,"):
            self.fuzzy = "fuzzy" in stripped

    def _begin(self, number: int, keyword: str) -> None:
        follows = {"msgctxt": ("",), "msgid": ("", "msgctxt"), "msgstr": ("msgid",)}
        if keyword != "msgstr" and self.part == "msgstr":
            self._finish()
        if self.part not in follows[keyword]:
            self.report(number, said("`{keyword}` can't stand here.", keyword=keyword), _ORDER)
        if self.entry is None:
            self.entry, self.fuzzy = Entry(number, fuzzy=self.fuzzy), False
        self.part = keyword

    def _add(self, number: int, written: str) -> None:
        try:
            text = _ESCAPE.sub(_unescaped, written)
        except KeyError as error:
            remedy = said("Write a backslash as \\\\.")
            self.report(number, said("The escape '\\{code}' isn't known.", code=str(error.args[0])), remedy)
            return
        if _CONTROL.search(text):
            self.report(number, said("The text holds control characters."), said("Remove them."))
        if self.entry is None or not self.part:
            self.report(number, said("The text belongs to no entry."), _ORDER)
        elif self.part == "msgctxt":
            self.entry.context += text
        elif self.part == "msgid":
            self.entry.text += text
        else:
            self.entry.translation += text

    def _finish(self) -> None:
        if self.entry is not None and self.part:
            if self.part != "msgstr":
                self.report(self.entry.line, said("The entry has no msgstr."), _ORDER)
            self.entries.append(self.entry)
        self.entry, self.part = None, ""


_ORDER = said("Write msgctxt where it is needed, then msgid, then msgstr.")


def read_po(path: str, text: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of a po file in order, without its header, and every line that can't be read."""
    reading = _Reading(path)
    for number, line in enumerate(text.split("\n"), 1):
        reading.line(number, line)
    reading.line(0, "")
    return list(_twice(reading)), reading.problems


def _twice(reading: _Reading) -> Iterator[Entry]:
    seen: dict[tuple[str, str], int] = {}
    for entry in reading.entries:
        if not entry.text:
            continue
        key = (entry.context, entry.text)
        if key in seen:
            told = said("“{text}” is translated in line {line} already.", text=entry.text[:60], line=seen[key])
            reading.report(entry.line, told, said("Remove one, or tell them apart by msgctxt."))
        seen[key] = entry.line
        yield entry


def _unescaped(found: re.Match[str]) -> str:
    return _ESCAPES[found.group(1)]
