"""Expressions as other engines write them: `${…}` around a comparison is understood, other languages are refused."""

from __future__ import annotations

import builtins
import keyword
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
    (
        re.compile(r"[\w)\]\"'] +(?:eq|ne|lt|le|gt|ge|div|mod) +[\w([\"'-]"),
        said("'eq', 'lt', 'div' and the like aren't Python. Write ==, !=, <, <=, >, >=, / or %."),
    ),
    (re.compile(r"[$#]\{"), said("${…} stands inside the expression. Write it without.")),
    (re.compile(r"(?<![=!<>:])=(?!=)"), said("'=' compares nothing. Write '=='.")),
)
#: what is called: `bean.method(`, `prefix:function(`, `function(`
_CALLED = re.compile(r"(?<![\w.:])([A-Za-z_]\w*(?:(?:\[[^\[\]]*\])?[.:]\w+)*)\s*\(")
_KNOWN_CALLS = frozenset({*dir(builtins), *keyword.kwlist, "working", "deadline", "warning"})


def strip(text: str) -> str:
    """`${x == 1}`, `#{x == 1}` or `x == 1` as `x == 1`.

    Raises ExpressionFailed on `&&`, `||`, `!` and the like, and on what calls Java.
    """
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped is None:
        return text.strip()
    inner = wrapped.group(1).strip()
    refuse_other_languages(inner)
    _refuse_calls(inner)
    return _TEXT_OR_WORD.sub(lambda found: found.group(1) or _FOREIGN[found.group(2)], inner)


def refuse_other_languages(text: str) -> None:
    """Raises ExpressionFailed, saying what to write, if the text is in another language."""
    outside_texts = _TEXT.sub('""', text)
    for pattern, problem in _OTHER_LANGUAGES:
        if pattern.search(outside_texts):
            raise ExpressionFailed(problem)


def _refuse_calls(text: str) -> None:
    """In `${…}` a call is one of Java: only functions that Iter has under the same name are understood."""
    for found in _CALLED.finditer(_TEXT.sub('""', text)):
        if found.group(1) not in _KNOWN_CALLS:
            called = found.group(1)
            raise ExpressionFailed(
                said("'{called}(…)' calls Java. Write it in Python without ${{…}}, or draw a job.", called=called)
            )
