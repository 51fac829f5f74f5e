"""The output cells of decision tables: values that are written out, of their column's type."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.feel import FeelError, parse_expression
from engine.domain.feel.syntax import Constant, Items, Name, Node
from engine.domain.said import said

_NUMBER = (Decimal, said("a number such as 5 or 1.5"))
_TYPES: dict[str, tuple[type, str]] = {
    "string": (str, said('a text between double quotes: "crm"')),
    "boolean": (bool, said("true or false")),
    "number": _NUMBER,
    "integer": _NUMBER,
    "long": _NUMBER,
    "double": _NUMBER,
    "date": (date, said('a date: date("2026-03-27")')),
    "dateTime": (datetime, said('an instant: date and time("2026-03-27T16:00:00+01:00")')),
}


def output_value(text: str, kind: str) -> Any:
    """The JSON value of an output cell in a column of type `kind`; an empty cell is null. Raises FeelError."""
    if not text.strip():
        return None
    root = parse_expression(text).root
    if isinstance(root, Name):
        raise FeelError(
            said("it is a name, and outputs are values."),
            said('Write a text between double quotes: "{text}".', text=text.strip()),
        )
    _check_type(root, kind.rsplit(":", 1)[-1])
    try:
        return _constant(root)
    except Invalid as error:
        raise FeelError(str(error), said('Write a value such as "crm", 5, true, null or ["a", "b"].')) from None


def _check_type(root: Node, kind: str) -> None:
    if kind not in _TYPES or not isinstance(root, Constant) or root.value is None:
        return
    expected, example = _TYPES[kind]
    whole = kind not in ("integer", "long") or root.value == int(root.value if isinstance(root.value, Decimal) else 0)
    if not isinstance(root.value, expected) or not whole or isinstance(root.value, bool) != (expected is bool):
        raise FeelError(
            said("it isn't of the column's type, {kind}.", kind=kind), said("Write {example}.", example=example)
        )


def _constant(node: Node) -> Any:
    match node:
        case Constant(value):
            return _json(value)
        case Items(items):
            return [_constant(item) for item in items]
        case _:
            raise Invalid(said("it isn't a value that is written out."))


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        if abs(value) >= 2**63:
            raise Invalid(said("the number has more than 18 digits."))
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
