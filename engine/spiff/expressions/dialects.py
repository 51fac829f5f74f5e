"""Expressions as other engines write them: `${…}` around a comparison is understood, their operators are refused."""

from __future__ import annotations

import re

from engine.domain.said import said
from engine.spiff.expressions.failures import ExpressionFailed

_FOREIGN = {"true": "True", "false": "False", "null": "None"}
_WRAPPED = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
#: a text, closed or not: an open one reaches to the end, so that reading stays linear
_STRING = r"""("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)"""
_TEXT_OR_WORD = re.compile(_STRING + r"|\b(true|false|null)\b", re.DOTALL)
_TEXT = re.compile(_STRING, re.DOTALL)
_OTHER_LANGUAGES = (
    (re.compile(r"&&"), said("'&&' isn't Python. Write 'and'.")),
    (re.compile(r"\|\|"), said("'||' isn't Python. Write 'or'.")),
    (re.compile(r"!(?!=)"), said("'!' isn't Python. Write 'not'.")),
    (re.compile(r"\bempty\b"), said("'empty' isn't Python. Write x is None, or not x.")),
    (re.compile(r"\?"), said("'? :' isn't Python. Write: a if condition else b.")),
    (re.compile(r"[$#]\{"), said("${…} stands inside the expression. Write it without.")),
    (re.compile(r"(?<![=!<>:])=(?!=)"), said("'=' compares nothing. Write '=='.")),
)


def strip(text: str) -> str:
    """`${x == 1}`, `#{x == 1}` or `x == 1` as `x == 1`. Raises ExpressionFailed on `&&`, `||`, `!` and the like."""
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped is None:
        return text.strip()
    inner = wrapped.group(1).strip()
    refuse_other_languages(inner)
    return _TEXT_OR_WORD.sub(lambda found: found.group(1) or _FOREIGN[found.group(2)], inner)


def refuse_other_languages(text: str) -> None:
    """Raises ExpressionFailed, saying what to write, if the text is in another language."""
    outside_texts = _TEXT.sub('""', text)
    for pattern, problem in _OTHER_LANGUAGES:
        if pattern.search(outside_texts):
            raise ExpressionFailed(problem)
