"""Functions of texts (DMN 1.3, 10.3.4.3), and between texts and numbers (10.3.4.1).

Patterns are matched by RE2, in linear time: nobody who writes a table can stop the server with one.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

from engine.domain.errors import Invalid
from engine.domain.feel.durations import Months, duration_text
from engine.domain.feel.functions.function import ANY, Function
from engine.domain.feel.run import Run
from engine.domain.said import said

MAX_PATTERN = 500
#: bytes that a compiled pattern may take
MAX_MEMORY = 1 << 20

_NUMBER = re.compile(r"-?(?:[0-9]{1,400}(?:\.[0-9]{1,400})?|\.[0-9]{1,400})")
_GROUP = re.compile(r"\\(.)|\$([0-9])", re.DOTALL)


@lru_cache(maxsize=256)
def pattern(text: str) -> Any:
    """The compiled pattern; raises Invalid where RE2 can't read it."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        if len(text) <= MAX_PATTERN:
            return re2.compile(text, options)
    except re2.error:
        pass
    raise Invalid(
        said("The pattern {text} can't be read. Write a regular expression as RE2 knows them.", text=f"{text[:60]!r}")
    )


def text_of(value: Any) -> str | None:
    """A value as text: numbers without an exponent, dates and durations as ISO 8601; None for null and lists."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return _plain(value)
        case date() | time():
            return value.isoformat()
        case timedelta() | Months():
            return duration_text(value)
        case _:
            return None


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


def _number(run: Run, text: str, group: str | None = None, point: str | None = None) -> Decimal | None:
    if group not in (None, " ", ",", ".") or point not in (None, ",", ".") or (group is not None and group == point):
        return None
    plain = text.replace(group, "") if group else text
    plain = plain.replace(point, ".") if point and (point == "." or "." not in plain) else plain
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def _string(run: Run, value: Any) -> str | None:
    text = text_of(value)
    run.made(len(text or ""))
    return text


def _substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """From a position counted from 1, or from the end by a negative one."""
    if start == 0 or (length is not None and length < 1):
        return None
    first = min(int(start), len(text) + 1) - 1 if start > 0 else max(0, len(text) + max(int(start), -len(text) - 1))
    run.made(len(text))
    return text[first:] if length is None else text[first : first + int(min(length, Decimal(len(text))))]


def _case(run: Run, text: str, upper: bool) -> str:
    run.made(2 * len(text))
    return text.upper() if upper else text.lower()


def _before(run: Run, text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark and mark in text else ""


def _after(run: Run, text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


def _matches(run: Run, text: str, written: str) -> bool:
    run.made(len(text))
    return pattern(written).search(text) is not None


def _replace(run: Run, text: str, written: str, replacement: str) -> str:
    run.made(len(text))
    pieces, end = list[str](), 0
    for found in pattern(written).finditer(text):
        pieces += [text[end : found.start()], _filled(replacement, found)]
        run.made(len(pieces[-1]))
        run.spend(1 + len(pieces[-1]) // 100)
        end = found.end()
    run.made(sum(map(len, pieces)) + len(text) - end)
    return "".join([*pieces, text[end:]])


def _filled(replacement: str, found: Any) -> str:
    """The replacement with `$1` and the like filled in; `\\$` is a dollar."""

    def fill(mark: re.Match[str]) -> str:
        if mark[1]:
            return mark[1]
        number = int(mark[2])
        return (found[number] or "") if number <= found.re.groups else ""

    return _GROUP.sub(fill, replacement)


def _split(run: Run, text: str, written: str) -> list[str]:
    run.made(len(text))
    pieces, end = [], 0
    for found in pattern(written).finditer(text):
        run.spend()
        if found.end() > found.start():
            pieces.append(text[end : found.start()])
            end = found.end()
    return [*pieces, text[end:]]


FUNCTIONS = {
    "string": Function(_string, (ANY,)),
    "number": Function(_number, (str, ANY, ANY), optional=2),
    "string length": Function(lambda run, text: Decimal(len(text)), (str,)),
    "substring": Function(_substring, (str, Decimal, Decimal), optional=1),
    "substring before": Function(_before, (str, str)),
    "substring after": Function(_after, (str, str)),
    "upper case": Function(lambda run, text: _case(run, text, upper=True), (str,)),
    "lower case": Function(lambda run, text: _case(run, text, upper=False), (str,)),
    "contains": Function(lambda run, text, part: part in text, (str, str)),
    "starts with": Function(lambda run, text, part: text.startswith(part), (str, str)),
    "ends with": Function(lambda run, text, part: text.endswith(part), (str, str)),
    "matches": Function(_matches, (str, str)),
    "replace": Function(_replace, (str, str, str)),
    "split": Function(_split, (str, str)),
}
