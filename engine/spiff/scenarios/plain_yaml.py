"""YAML as plain data with line numbers: no aliases, no tags, no key twice, no dates out of texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.domain.said import Said, said

#: bytes
MAX_BYTES = 200_000
MAX_DEPTH = 30

Path = tuple[str | int, ...]

#: libyaml where it is there: ten times as quick
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class NotPlainError(Exception):
    """The file isn't YAML as we read it."""

    def __init__(self, problem: Said, line: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


@dataclass
class Plain:
    """The data, and the 1-based line of everything in it."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of the nearest thing around a place that has one."""
        return next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 0)


def load(content: bytes) -> Plain:
    """The data of one document. Raises `NotPlainError`."""
    if len(content) > MAX_BYTES:
        raise NotPlainError(
            said("the file has {count:,} bytes; at most {most:,} are read", count=len(content), most=MAX_BYTES)
        )
    plain = Plain()
    try:
        text = content.decode("utf-8-sig")
        _check_events(text)
        node = yaml.compose(text, Loader=_LOADER)
        plain.data = _value(node, (), plain.lines) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise NotPlainError(said("the file isn't YAML: {reason}", reason=reason), _line(mark) if mark else 0) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise NotPlainError(said("the file can't be read ({reason})", reason=type(error).__name__)) from error
    return plain


def _check_events(text: str) -> None:
    """Refuse what would cost much or refers to elsewhere, before anything is built of it."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NotPlainError(said("anchors and aliases aren't read; write it out"), _line(event.start_mark))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise NotPlainError(said("this is nested too deeply"), _line(event.start_mark))


def _line(mark: Any) -> int:
    """A mark's line as people count."""
    return int(mark.line) + 1


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    line = _line(node.start_mark)
    lines.setdefault(path, line)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = _line(key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            raise NotPlainError(said("a key must be a text"), line)
        key = key_node.value
        if key in found:
            raise NotPlainError(said("the key `{key}` stands twice", key=key[:60]), line)
        lines[(*path, key)] = line
        found[key] = _value(value_node, (*path, key), lines)
    return found


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    text: str = node.value
    if getattr(node, "style", None):  # quoted or block; a plain one has None or ""
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
