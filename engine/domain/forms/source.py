"""A form's file as JSON with the problems found in it; hostile JSON is refused quickly. It knows no component."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from engine.domain.errors import Problem
from engine.domain.said import said

_NAMED = re.compile(r'"(?:key|id|type)"\s*:\s*("(?:[^"\\]|\\.)*")')
#: further ones would only bury the first
MAX_PROBLEMS = 200

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass
class FormSource:
    """The file that is being read, and the problems found so far."""

    path: str
    text: str = ""
    problems: list[Problem] = field(default_factory=list)

    def parse(self, content: bytes, most: int) -> dict[str, Any] | None:
        """The object in the file; None where it can't be read, with the reason among the problems."""
        if len(content) > most:
            self.report(
                "",
                said("The file has {count:,} bytes; at most {most:,} are read.", count=len(content), most=most),
                said("Split the form."),
            )
            return None
        try:
            self.text = content.decode("utf-8-sig")
            tree = json.loads(self.text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 0)
            reason = str(error)[:200] if isinstance(error, ValueError) else said("it is nested too deeply")
            self.problems.append(
                Problem(
                    self.path, said("The file isn't JSON: {reason}", reason=reason), said("Export it anew."), line=line
                )
            )
            return None
        if not isinstance(tree, dict):
            self.report("", said("The file holds no JSON object."), said("Export the form from form-js."))
            return None
        if _has_control(tree):
            self.report("", said("A text of the form holds control characters."), said("Remove them."))
            return None
        return tree

    @property
    def full(self) -> bool:
        """Whether so much was found that more would not help."""
        return len(self.problems) >= MAX_PROBLEMS

    def report(self, name: str, problem: str, remedy: str) -> None:
        """Note a problem of a component, or of the form as a whole (empty name)."""
        if self.full:
            return
        line = self._lines.get(json.dumps(name), 0) if name else 0
        self.problems.append(Problem(self.path, problem, remedy, element=name, line=line))

    @cached_property
    def _lines(self) -> dict[str, int]:
        """1-based lines in which names, as JSON writes them, stand first."""
        lines: dict[str, int] = {}
        for number, line in enumerate(self.text.split("\n"), 1):
            for name in _NAMED.findall(line):
                lines.setdefault(name, number)
        return lines

    def unknown(self, name: str, values: dict[str, Any], known: Sequence[str], where: str = "") -> None:
        """Report keywords that the server doesn't check."""
        for key in values:
            if key not in known and not self.full:
                near = difflib.get_close_matches(key[:60], known, 1)
                hint = said(" Did you mean `{near}`?", near=near[0]) if near else ""
                remedy = said("Remove it. Known are: {names}.", names=list(known)) if known else said("Remove it.")
                self.report(
                    name,
                    said("`{where}{name}` isn't supported here.{hint}", where=where, name=key[:60], hint=hint),
                    remedy,
                )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:60]!r} stands twice in an object")
        found[key] = value
    return found


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} isn't a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _has_control(tree: dict[str, Any]) -> bool:
    stack: list[Any] = [tree]
    while stack:
        value = stack.pop()
        if isinstance(value, str) and _CONTROL.search(value.replace("\r\n", "\n")):
            return True
        if isinstance(value, dict):
            stack.extend([*value, *value.values()])
        elif isinstance(value, list):
            stack.extend(value)
    return False
