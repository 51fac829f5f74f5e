"""Reads a form-js schema and says all that keeps it from being deployed. What values it accepts stands in `values`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import Problem
from engine.domain.feel import Expression, FeelError, parse_expression
from engine.domain.forms.components import DATA, KEYWORDS, SCHEMA, STATIC
from engine.domain.forms.model import Form, FormField
from engine.domain.forms.rules import read_rules
from engine.domain.forms.source import FormSource
from engine.domain.said import said

#: bytes
MAX_BYTES = 500_000
MAX_FIELDS = 300
MAX_DEPTH = 10
#: names of expressions that are Iter's own
RESERVED = ("ticket", "now", "working", "deadline", "warning", "completed_by")

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_SHOWN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,3}")


@dataclass
class _Reading:
    source: FormSource
    fields: list[FormField] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    conditions: list[tuple[str, Expression]] = field(default_factory=list)


def read_form(path: str, content: bytes) -> tuple[Form | None, list[Problem]]:
    """The form in a file of the package (`forms/check.form`), and every problem; None where there is one."""
    source = FormSource(path)
    schema = source.parse(content, MAX_BYTES)
    if schema is None:
        return None, source.problems
    source.unknown("", schema, SCHEMA)
    if schema.get("type") != "default" or not isinstance(schema.get("components"), list):
        source.report(
            "", said("This isn't a form-js form (type `default` with `components`)."), said("Export it from form-js.")
        )
        return None, source.problems
    reading = _Reading(source)
    for component, hide in _components(reading, schema["components"], (), 0):
        if len(reading.fields) + len(reading.shown) > MAX_FIELDS:
            source.report(
                "", said("The form has more than {max_fields} fields.", max_fields=MAX_FIELDS), said("Split it.")
            )
            break
        _read_component(reading, component, hide)
    _check_conditions(reading)
    if source.problems:
        return None, source.problems
    return Form(path, tuple(reading.fields), schema, tuple(reading.shown)), []


def _components(
    reading: _Reading, components: list[Any], hide: tuple[str, ...], depth: int
) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """The components, those of groups included, with the conditions under which each is hidden."""
    for component in components:
        if not isinstance(component, dict) or not isinstance(component.get("type"), str):
            reading.source.report(
                "", said("A component is no object with a `type`."), said("Export the form from form-js.")
            )
            continue
        kind, name = component["type"], _name(component)
        if kind not in KEYWORDS:
            reading.source.report(
                name,
                said("The component `{kind}` isn't supported.", kind=kind[:60]),
                said("Use one of: {names}.", names=[*DATA, *STATIC]),
            )
            continue
        reading.source.unknown(name, component, KEYWORDS[kind])
        own = (*hide, *_hide_text(reading.source, name, component))
        yield component, own
        if kind == "group":
            if depth >= MAX_DEPTH or not isinstance(component.get("components"), list):
                reading.source.report(
                    name, said("A group has no components, or is nested too deeply."), said("Flatten the form.")
                )
            else:
                yield from _components(reading, component["components"], own, depth + 1)


def _name(component: dict[str, Any]) -> str:
    """How problems call a component."""
    return str(component.get("key") or component.get("id") or component.get("type", ""))[:100]


def _hide_text(source: FormSource, name: str, component: dict[str, Any]) -> tuple[str, ...]:
    conditional = component.get("conditional")
    if conditional in (None, {}):
        return ()
    if not isinstance(conditional, dict) or set(conditional) != {"hide"} or not isinstance(conditional["hide"], str):
        source.report(
            name, said("`conditional` may hold `hide` with a condition, nothing else."), said('Write {"hide": "=…"}.')
        )
        return ()
    return (conditional["hide"],) if conditional["hide"].strip() else ()


def _read_component(reading: _Reading, component: dict[str, Any], hide: tuple[str, ...]) -> None:
    name = _name(component)
    condition = _condition(reading, name, hide)
    if condition is not None:
        reading.conditions.append((name, condition))
    if component["type"] in STATIC:
        return
    source, key = reading.source, component.get("key")
    only_shown = [word for word in ("readonly", "disabled") if _flag(source, name, component, word)]
    if not isinstance(key, str) or not (_SHOWN_KEY if only_shown else _KEY).fullmatch(key):
        source.report(name, said("The field's key isn't an identifier."), said("Use letters, digits and _ only."))
    elif key in {item.key for item in reading.fields} or key in reading.shown:
        source.report(name, said("The key `{name}` stands twice.", name=key), said("Give each field a key of its own."))
    elif only_shown:
        reading.shown.append(key)
    elif key in RESERVED or keyword.iskeyword(key):
        source.report(name, said("`{name}` can't be a variable's name.", name=key), said("Choose another key."))
    else:
        rules = read_rules(source, name, component)
        reading.fields.append(FormField(key, _label(component), rules, condition))


def _flag(source: FormSource, name: str, component: dict[str, Any], word: str) -> bool:
    value = component.get(word, False)
    if not isinstance(value, bool):
        source.report(
            name, said("`{word}` must be true or false.", word=word), said("Expressions aren't evaluated there.")
        )
    return value is True


def _label(component: dict[str, Any]) -> str:
    return str(component.get("label") or component.get("dateLabel") or component["key"])


def _condition(reading: _Reading, name: str, hide: tuple[str, ...]) -> Expression | None:
    """One condition out of the field's own and those of the groups that it stands in."""
    if not hide:
        return None
    parts = []
    for text in hide:
        try:
            parts.append(parse_expression(text).text.strip().removeprefix("="))
        except FeelError as error:
            reading.source.report(
                name,
                said("The condition `{text}` can't be read: {problem}", text=text[:200], problem=error.problem),
                error.remedy,
            )
            return None
    return parse_expression(parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts))


def _check_conditions(reading: _Reading) -> None:
    known = {item.key for item in reading.fields}
    for name, condition in reading.conditions:
        for unknown in sorted(condition.names - known):
            reading.source.report(
                name,
                said("The condition reads `{unknown}`, which is no field of this form.", unknown=unknown),
                said("Use the form's own keys."),
            )
