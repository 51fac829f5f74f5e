"""A TOML file as a tree with line numbers, refused quickly where it is hostile. It knows no key of ours."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import Problem, Severity
from engine.domain.said import said

#: bytes; ten times the largest package known
MAX_BYTES = 100_000
#: characters; the TOML parser takes quadratic time for some long lines
MAX_LINE = 6_000
MAX_BRACKETS = 50
MAX_TEXT = 4_000
#: further ones would only bury the first
MAX_PROBLEMS = 200
MAX_NESTING = 10

Path = tuple[str | int, ...]

HEADER = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*(?:=|\.)""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass
class Source:
    """The file that is being read, and the problems found so far."""

    file: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether so much was found that more would not help."""
        return len(self.problems) >= MAX_PROBLEMS

    def report(self, path: Path, problem: str, remedy: str, severity: Severity = "error") -> None:
        """Note a problem at a place of the tree; its line is that of the nearest place that has one."""
        if self.full:
            return
        line = next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 0)
        self.problems.append(Problem(self.file, problem, remedy, element=dotted(path), line=line, severity=severity))


def dotted(path: Path) -> str:
    """A place as people write it: `statuses[2].colour`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def parse(file: str, content: bytes) -> tuple[dict[str, Any] | None, Source]:
    """The tree of the file, None where it can't be read; the source holds the reason."""
    source = Source(file)
    if len(content) > MAX_BYTES:
        source.report(
            (),
            said(
                "The file has {count:,} bytes; at most {max_bytes:,} are read.", count=len(content), max_bytes=MAX_BYTES
            ),
            said("Shorten it."),
        )
        return None, source
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        source.report((), said("The file isn't UTF-8 (byte {start}).", start=error.start), said("Save it as UTF-8."))
        return None, source
    if nested := next((n for n, line in enumerate(text.splitlines(), 1) if _hostile(line)), 0):
        source.problems.append(_at(file, said("The line is too long or nests too deeply."), said("Divide it."), nested))
        return None, source
    source.lines = lines_of(text)
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        reason = str(error)[:200] or type(error).__name__
        line = int(found[1]) if found else 0
        source.problems.append(
            _at(file, said("The file isn't TOML: {reason}", reason=reason), said("Correct it there."), line)
        )
        return None, source
    return (tree, source) if _only_plain(tree, source) else (None, source)


def lines_of(text: str) -> dict[Path, int]:
    """1-based lines of headers and keys, as far as a look at each line tells."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    at: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            at = _placed(tuple(part.strip("\"'") for part in _PART.findall(header[2])), counts)
            if header[1] == "[[":
                counts[at] = counts.get(at, -1) + 1
                at = (*at, counts[at])
            lines.setdefault(at, number)
        elif key := _KEY.match(line):
            lines.setdefault((*at, key[1].strip("\"'")), number)
    return lines


def _placed(parts: tuple[str, ...], counts: Mapping[Path, int]) -> Path:
    """A header's parts with the index of the list entries that they stand in."""
    path: Path = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path])
    return (*path, *parts[-1:])


def _hostile(line: str) -> bool:
    """Whether a line would keep the TOML parser busy: too long, too nested, too many parts in a key."""
    return (
        len(line) > MAX_LINE
        or line.count("[") + line.count("{") > MAX_BRACKETS
        or line.partition("=")[0].count(".") > MAX_BRACKETS
    )


def _at(file: str, problem: str, remedy: str, line: int) -> Problem:
    return Problem(file, problem, remedy, line=line)


def _only_plain(tree: dict[str, Any], source: Source) -> bool:
    """No text with control characters or of absurd length, nothing nested too deeply."""
    before = len(source.problems)
    stack: list[tuple[Path, Any]] = [((), tree)]
    while stack:
        path, value = stack.pop()
        if len(path) > MAX_NESTING:
            source.report(path, said("This is nested too deeply."), said("Flatten it."))
        elif isinstance(value, dict):
            stack.extend(((*path, key), item) for key, item in value.items())
        elif isinstance(value, list):
            stack.extend(((*path, index), item) for index, item in enumerate(value))
        elif isinstance(value, str) and (_CONTROL.search(value) or len(value) > MAX_TEXT):
            source.report(
                path,
                said("This text holds control characters, or is longer than {max_text:,}.", max_text=MAX_TEXT),
                said("Shorten or clean it."),
            )
    return len(source.problems) == before
