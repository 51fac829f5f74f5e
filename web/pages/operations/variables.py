"""Variables in a form: each with its name, kind and text; and which of them somebody changed. Pure parsing."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.said import Said, said
from web.pages.visiting import Form


def mark(kind: str, text: str) -> str:
    """Tells whether a variable was changed in the form, without writing it there twice."""
    return hashlib.sha256(f"{kind}:{text}".encode()).hexdigest()[:16]


def changed(form: Form, group: str) -> dict[str, Any]:
    """The variables of a group that were changed or added, as values. Raises `Invalid` with what can't be read.

    Fields: `<group>.name`, `<group>.kind`, `<group>.text` and `<group>.mark`, each as often as there are variables.
    """
    columns = [form.all(f"{group}.{part}") for part in ("name", "kind", "text", "mark")]
    if len({len(column) for column in columns}) > 1:
        raise Invalid(said("Some values can't be read."))
    values: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, kind, given, was in zip(*columns, strict=True):
        text = given.replace("\r\n", "\n")
        if not name.strip() or mark(kind, text) == was:
            continue
        try:
            values[name.strip()] = _value(kind, text)
        except (ValueError, RecursionError):
            wrong[f"{group}.{name.strip()}"] = [_hint(kind)]
    if wrong:
        raise Invalid(said("Some values can't be read."), wrong)
    return values


def placed(wrong: Mapping[str, list[str]], **groups: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a command found wrong with variables, under the names of their fields: `{"given": {…}, "seen": {…}}`."""
    fields: dict[str, list[str]] = {}
    for name, texts in wrong.items():
        group = next((f"{group}." for group, values in groups.items() if name in values), "")
        fields[group + name] = list(texts)
    return fields


def _value(kind: str, text: str) -> Any:
    match kind:
        case "nothing":
            return None
        case "boolean":
            return _TRUTHS[text.strip().lower()] if text.strip().lower() in _TRUTHS else _refuse()
        case "number":
            return _number(text.strip())
        case "list" | "record":
            value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
            return value if isinstance(value, list if kind == "list" else dict) else _refuse()
    return text


_TRUTHS = {"true": True, "false": False}


def _number(text: str) -> int | float:
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 18:
        return int(text)
    return _finite(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse()


def _refuse(_: str = "") -> Any:
    raise ValueError


def _hint(kind: str) -> Said:
    match kind:
        case "boolean":
            return said("Write true or false.")
        case "number":
            return said("Write a number, with a point before its decimals.")
        case "list":
            return said('Write a list as JSON, like [1, "two"].')
    return said('Write a record as JSON, like {"name": "value"}.')
