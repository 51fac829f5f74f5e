"""Cuts a FEEL text into tokens. What they mean together is the parser's business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.domain.errors import Invalid
from engine.domain.said import said

#: characters; cells and conditions are a line, seldom two
MAX_LENGTH = 4_000

Kind = Literal["text", "number", "name", "sign", "end"]

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![\w]))
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>\.\.|<=|>=|!=|[<>=()\[\],.?-])""",
    re.VERBOSE | re.DOTALL,
)
#: decisions calculate, conditions don't
_CALCULATING = re.compile(_TOKEN.pattern.replace("[<>=()", r"\*\*|[+*/@<>=()"), re.VERBOSE | re.DOTALL)
_GAP = re.compile(r"\s*")
#: comments as in Java (DMN 1.3, 10.3.1.2)
_GAP_WITH_COMMENTS = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "/": "/", "'": "'"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_REMEDIES = {
    "'": said('Texts stand between double quotes: "a".'),
    "&": said("Write 'and'."),
    "|": said("Write 'or'."),
    "!": said("Write not(…), or != for 'not equal'."),
    "$": said("Write the condition without ${…}."),
    '"': said("Close the text with a double quote."),
    "+": said("Compute the value beforehand; no arithmetic is done here."),
    "*": said("Compute the value beforehand; no arithmetic is done here."),
    "/": said("Compute the value beforehand; no arithmetic is done here."),
}
#: in decisions; they calculate
_REMEDIES_CALCULATING = _REMEDIES | {
    "{": said("Name a variable that holds the record; records can't be written here."),
    ":": said("Write a function's values in their order, without names."),
    "%": said("Write modulo(a, b)."),
    "^": said("Write **."),
}


class FeelError(Invalid):
    """A text isn't FEEL, or uses a part of FEEL that Iter doesn't read."""

    def __init__(self, problem: str, remedy: str, position: int = 0) -> None:
        super().__init__(said("{problem} {remedy}", problem=problem, remedy=remedy))
        self.problem = problem
        self.remedy = remedy
        #: 0-based character at which it was noticed
        self.position = position


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `text` is its value with quotes and escapes removed."""

    kind: Kind
    text: str
    position: int


def tokens(source: str, *, calculating: bool = False) -> list[Token]:
    """The text's tokens with an `end` token after the last; with signs of arithmetic on demand. Raises FeelError."""
    pattern = _CALCULATING if calculating else _TOKEN
    if len(source) > MAX_LENGTH:
        raise FeelError(
            said(
                "The text has {count:,} characters; at most {max_length:,} are read.",
                count=len(source),
                max_length=MAX_LENGTH,
            ),
            said("Divide it over several rows."),
        )
    gap = _GAP_WITH_COMMENTS if calculating else _GAP
    found, position = [], _skip(gap, source, 0)
    while position < len(source):
        match = pattern.match(source, position)
        if match is None:
            raise _unreadable(source, position, _REMEDIES_CALCULATING if calculating else _REMEDIES)
        found.append(_token(match))
        position = _skip(gap, source, match.end())
    return [*found, Token("end", "", len(source))]


def _skip(gap: re.Pattern[str], source: str, position: int) -> int:
    match = gap.match(source, position)
    return match.end() if match else position


def _token(match: re.Match[str]) -> Token:
    text = match.group()
    if match.group("text") is not None:
        return Token("text", _unescape(text[1:-1], match.start()), match.start())
    if match.group("number") is not None:
        return Token("number", text, match.start())
    return Token("name" if match.group("name") is not None else "sign", text, match.start())


def _unescape(text: str, position: int) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) == 5:
            return chr(int(code[1:], 16))
        if code not in _ESCAPES:
            raise FeelError(
                said("The escape '\\{code}' isn't known.", code=code), said("Write \\\\ for a backslash."), position
            )
        return _ESCAPES[code]

    found = _ESCAPE.sub(replace, text)
    try:
        found = found.encode("utf-16", "surrogatepass").decode("utf-16")  # two halves are one character
    except UnicodeDecodeError:
        found = "\0"
    if "\0" in found:
        raise FeelError(
            said("The text holds a character that can't be stored (\\u0000, or half a pair)."),
            said("Leave it out."),
            position,
        )
    return found


def _unreadable(source: str, position: int, remedies: Mapping[str, str]) -> FeelError:
    sign = source[position]
    remedy = remedies.get(
        sign, said('Write texts as "a", numbers as 1.5, and conditions with = != < <= > >= and or not().')
    )
    return FeelError(said("'{text}' can't be read.", text=source[position : position + 10]), remedy, position)
