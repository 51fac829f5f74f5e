"""From a component's keywords to the rules that its value obeys."""

from __future__ import annotations

import math
import re
from typing import Any, Literal, cast

from engine.domain.forms.components import ONLY_REQUIRED, PROPERTIES, VALIDATIONS
from engine.domain.forms.patterns import Pattern
from engine.domain.forms.source import FormSource
from engine.domain.forms.values import DataType, FieldRules, problem_of, read_value
from engine.domain.said import said

MAX_CHOICES = 1_000
CHOOSING = ("radio", "select", "checklist", "taglist")

_GROUP = re.compile(r"[a-z][a-z0-9_]*(@(department|company))?")


def read_rules(source: FormSource, name: str, component: dict[str, Any]) -> FieldRules:
    """The rules of a component that carries data; what is wrong with it is reported to the source."""
    kind: DataType = component["type"]
    validate = _object(source, name, component, "validate")
    source.unknown(name, validate, VALIDATIONS.get(kind, ONLY_REQUIRED), "validate.")
    properties = _object(source, name, component, "properties")
    source.unknown(name, properties, PROPERTIES.get(kind, ()), "properties.")
    account = _account(source, name, component, properties)
    if kind == "datetime" and component.get("subtype", "date") != "date":
        source.report(name, said("Only dates are supported, not times."), said('Write "subtype": "date".'))
    rules = FieldRules(
        type=kind,
        required=validate.get("required", False) is True,
        low=_number(source, name, validate, "min"),
        high=_number(source, name, validate, "max"),
        decimals=_count(source, name, component, "decimalDigits"),
        step=_number(source, name, component, "increment"),
        shortest=_count(source, name, validate, "minLength") or 0,
        longest=_count(source, name, validate, "maxLength"),
        pattern=_pattern(source, name, validate.get("pattern")),
        written_as=_written_as(source, name, validate.get("validationType")),
        choices=() if account or kind not in CHOOSING else _choices(source, name, component.get("values")),
        account=account,
        working_day=_yes(source, name, properties, "workingDay"),
    )
    _check_together(source, name, rules, validate)
    _check_default(source, name, rules, component.get("defaultValue"))
    return rules


def _object(source: FormSource, name: str, component: dict[str, Any], key: str) -> dict[str, Any]:
    value = component.get(key) or {}
    if not isinstance(value, dict):
        source.report(name, said("`{name}` must be an object.", name=key), said("Export the form from form-js."))
        return {}
    return value


def _account(source: FormSource, name: str, component: dict[str, Any], properties: dict[str, Any]) -> str:
    if "account" not in properties:
        if component["type"] == "select" and "valuesKey" in component:
            source.report(
                name, said("`valuesKey` is for choosing an account only."), said('Add properties {"account": "agent"}.')
            )
        return ""
    group = properties["account"]
    if not isinstance(group, str) or not _GROUP.fullmatch(group):
        source.report(name, said("`properties.account` must name a group."), said("Write agent, or agent@department."))
        return ""
    if component.get("values"):
        source.report(name, said("A field that chooses an account has no `values` of its own."), said("Remove them."))
    return group


def _number(source: FormSource, name: str, values: dict[str, Any], key: str) -> float | None:
    value = values.get(key)
    if value in (None, ""):
        return None
    try:
        number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        source.report(
            name,
            said("`{name}` must be a number; expressions aren't evaluated there.", name=key),
            said("Write a number."),
        )
        return None
    return number


def _count(source: FormSource, name: str, values: dict[str, Any], key: str) -> int | None:
    number = _number(source, name, values, key)
    if number is not None and (number < 0 or number != int(number)):
        source.report(name, said("`{name}` must be a whole number, not negative.", name=key), said("Correct it."))
        return None
    return None if number is None else int(number)


def _pattern(source: FormSource, name: str, text: Any) -> Pattern | None:
    if text in (None, ""):
        return None
    try:
        return Pattern(text if isinstance(text, str) else "(")
    except ValueError as error:
        source.report(
            name,
            said("The pattern can't be used: {error}.", error=str(error)),
            said("Look-around and references back aren't supported: they can't be matched in linear time."),
        )
        return None


def _written_as(source: FormSource, name: str, value: Any) -> Literal["", "email", "phone"]:
    if value not in (None, "", "custom", "email", "phone"):
        source.report(
            name,
            said("The validation type `{value}` isn't known.", value=str(value)[:40]),
            said("Use email, phone or custom."),
        )
    return cast(Literal["", "email", "phone"], value if value in ("email", "phone") else "")


def _choices(source: FormSource, name: str, values: Any) -> tuple[str | int | float | bool, ...]:
    if not isinstance(values, list) or not values or len(values) > MAX_CHOICES:
        source.report(
            name,
            said("There must be between 1 and {max_choices} `values` to choose from.", max_choices=MAX_CHOICES),
            said("List them."),
        )
        return ()
    found: list[str | int | float | bool] = []
    for item in values:
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, (str, int, float)) or value == "" or not isinstance(item.get("label", ""), str):
            source.report(
                name, said("Each of `values` needs a label and a value."), said('Write {"label": "…", "value": "…"}.')
            )
        elif value in found:
            source.report(name, said("The value `{value}` stands twice.", value=str(value)[:60]), said("Remove one."))
        else:
            found.append(value)
    return tuple(found)


def _yes(source: FormSource, name: str, values: dict[str, Any], key: str) -> bool:
    value = values.get(key, False)
    if value not in (True, False, "true", "false"):
        source.report(name, said("`properties.{name}` must be true or false.", name=key), said("Correct it."))
    return value in (True, "true")


def _check_together(source: FormSource, name: str, rules: FieldRules, validate: dict[str, Any]) -> None:
    if not isinstance(validate.get("required", False), bool):
        source.report(name, said("`required` must be true or false."), said("Expressions aren't evaluated there."))
    if rules.low is not None and rules.high is not None and rules.low > rules.high:
        source.report(name, said("`min` is greater than `max`: no number fits."), said("Correct one."))
    if rules.longest is not None and rules.shortest > rules.longest:
        source.report(name, said("`minLength` is greater than `maxLength`: no text fits."), said("Correct one."))
    if rules.step is not None and rules.step <= 0:
        source.report(name, said("`increment` must be greater than zero."), said("Correct it."))


def _check_default(source: FormSource, name: str, rules: FieldRules, default: Any) -> None:
    """A default that the field wouldn't accept is a mistake, not a value."""
    if default is None or source.problems:
        return
    value, problem = read_value(rules, default)
    if problem or (value is not None and problem_of(rules, value, None)):
        source.report(
            name, said("The `defaultValue` isn't one that the field accepts."), problem or said("Correct it.")
        )
