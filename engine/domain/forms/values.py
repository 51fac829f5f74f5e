"""What a single field accepts. Types are exact: "5" is no number, 1 is not true."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from engine.domain.forms.patterns import Pattern
from engine.domain.said import said
from engine.domain.time.calendars import Calendar

DataType = Literal["textfield", "textarea", "number", "checkbox", "checklist", "taglist", "radio", "select", "datetime"]

#: characters of a text whose form says nothing of its length
MAX_TEXT = {"textfield": 4_000, "textarea": 50_000}
#: beyond it a JSON number is no longer exact in a browser
MAX_NUMBER = 2**53
MAX_ITEMS = 1_000

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{2,30}")


@dataclass(frozen=True, slots=True)
class FieldRules:
    """What a form says of a field's value."""

    type: DataType
    required: bool = False
    #: bounds of a number
    low: float | None = None
    high: float | None = None
    decimals: int | None = None
    step: float | None = None
    #: lengths of a text, in characters
    shortest: int = 0
    longest: int | None = None
    pattern: Pattern | None = None
    written_as: Literal["", "email", "phone"] = ""
    #: values to choose from
    choices: tuple[str | int | float | bool, ...] = ()
    #: group that the chosen account must belong to; the value is the account's id
    account: str = ""
    working_day: bool = False


def read_value(rules: FieldRules, value: Any) -> tuple[Any, str]:
    """The value in its plain form (empty ones are None; a checkbox is true or false), and what is wrong with its type.

    The second is empty where the type is right. A blank text, a list with nothing in it and null are all empty.
    """
    if rules.type == "checkbox":
        return (
            (False, "") if value is None else (value, "" if isinstance(value, bool) else said("Answer true or false."))
        )
    if value is None or value == "" or value == []:
        return None, ""
    if rules.account:
        good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < MAX_NUMBER
        return value, "" if good else said("Choose a person.")
    return _READERS[rules.type](rules, value)


def problem_of(rules: FieldRules, value: Any, calendar: Calendar | None) -> str:
    """Why a value of the right type isn't accepted; empty where it is."""
    if value is None or (rules.type == "checkbox" and value is False):
        return said("This field is needed.") if rules.required else ""
    if isinstance(value, str) and rules.type in MAX_TEXT:
        return _text_problem(rules, value)
    if rules.type == "number":
        return _number_problem(rules, value)
    if rules.working_day and calendar is not None:
        return _day_problem(date.fromisoformat(value), calendar)
    return ""


def _read_text(rules: FieldRules, value: Any) -> tuple[Any, str]:
    if not isinstance(value, str):
        return value, said("Write a text.")
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if _UNFIT.search(value) or (rules.type == "textfield" and "\n" in value):
        return value, said("This text holds characters that can't be stored, or line breaks.")
    if len(value) > MAX_TEXT[rules.type]:
        return value, said("Write at most {longest} characters.", longest=MAX_TEXT[rules.type])
    return (value if value.strip() else None), ""


def _read_number(rules: FieldRules, value: Any) -> tuple[Any, str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value, said("Write a number.")
    if abs(value) > MAX_NUMBER or not math.isfinite(value):
        return value, said("Write a number.")
    return value, ""


def _read_choice(rules: FieldRules, value: Any) -> tuple[Any, str]:
    return value, "" if _among(value, rules.choices) else said("Choose one of the values offered.")


def _read_choices(rules: FieldRules, value: Any) -> tuple[Any, str]:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        return value, said("Give a list of values.")
    if not all(_among(item, rules.choices) for item in value):
        return value, said("Choose one of the values offered.")
    return value, "" if len(set(value)) == len(value) else said("A value stands twice.")


def _read_date(rules: FieldRules, value: Any) -> tuple[Any, str]:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            date.fromisoformat(value)
            return value, ""
    except ValueError:
        pass
    return value, said("Write a date: 2026-03-27.")


_READERS = {
    "textfield": _read_text, "textarea": _read_text, "number": _read_number, "radio": _read_choice,
    "select": _read_choice, "checklist": _read_choices, "taglist": _read_choices, "datetime": _read_date,
}  # fmt: skip


def _among(value: Any, choices: tuple[Any, ...]) -> bool:
    """Whether it is one of the choices, of the same type: True is not 1."""
    return any(type(value) is type(choice) and value == choice for choice in choices)


def _text_problem(rules: FieldRules, value: str) -> str:
    if len(value) < rules.shortest:
        return said("Write at least {shortest} characters.", shortest=rules.shortest)
    if rules.longest is not None and len(value) > rules.longest:
        return said("Write at most {longest} characters.", longest=rules.longest)
    if rules.pattern is not None and not rules.pattern.found_in(value):
        return said("This isn't written as expected.")
    if rules.written_as and not (_EMAIL if rules.written_as == "email" else _PHONE).fullmatch(value):
        return said("Write a mail address.") if rules.written_as == "email" else said("Write a telephone number.")
    return ""


def _number_problem(rules: FieldRules, value: float) -> str:
    if rules.low is not None and value < rules.low:
        return said("Not less than {low}.", low=f"{rules.low:g}")
    if rules.high is not None and value > rules.high:
        return said("Not more than {high}.", high=f"{rules.high:g}")
    if rules.decimals is not None and _decimals(value) > rules.decimals:
        return said("At most {decimals} decimals.", decimals=rules.decimals)
    if rules.step is not None and Fraction(str(value)) % Fraction(str(rules.step)):
        return said("Only multiples of {step}.", step=f"{rules.step:g}")
    return ""


def _decimals(value: float) -> int:
    """How many digits stand after the point, as a number is written."""
    return -int(Decimal(str(value)).normalize().as_tuple().exponent)


def _day_problem(day: date, calendar: Calendar) -> str:
    if calendar.is_working(day):
        return ""
    return said("This isn't a working day. The nearest is {day}.", day=calendar.nearest_working_day(day))
