"""Which values a ticket's fields take. How fields come to change is `casework`'s business, who sees them the roles'."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.packages import BUILT_IN_FIELDS, Field, Package
from engine.domain.said import said
from engine.domain.storable import MAX_ID
from engine.domain.time.durations import parse_instant
from engine.domain.time.zones import find_zone

#: what a ticket is known by: never changed
FIXED = ("id", "number", "opened_at")
_ACCOUNTS = ("assignee", "requester", "company")


def accept(package: Package, name: str, value: Any) -> Any:
    """The value as a ticket keeps it (JSON; days and instants as ISO text). Raises `Invalid`, with the field's name.

    None and an empty text both empty a field: keys of the package become "", everything else None.
    """
    try:
        return _accept(package, name, value)
    except Invalid as error:
        raise Invalid(said("{name}: {error}", name=name, error=str(error)), {name: [str(error)]}) from None


def _accept(package: Package, name: str, value: Any) -> Any:
    if name in FIXED:
        raise Invalid(said("This field of a ticket never changes."))
    if name == "status":
        return _one_of(package.statuses, value)
    if name in _ACCOUNTS:
        return None if value in (None, "") else _whole(value)
    if name in BUILT_IN_FIELDS:
        keys = {
            "request_type": package.request_types,
            "category": package.categories,
            "department": package.departments,
        }.get(name)
        if keys is None:
            return _text(value)
        return "" if value in (None, "") else _one_of(keys, value)
    if name not in package.fields:
        raise Invalid(said("Expected a built-in field of a ticket, or one that the package declares."))
    return None if value in (None, "") else _declared(package, package.fields[name], value)


def _declared(package: Package, field: Field, value: Any) -> Any:
    if field.type == "choice":
        return _one_of([choice.key for choice in field.choices], value)
    if field.type == "datetime":
        return parse_instant(_text(value), find_zone(package.time_zone)).isoformat()
    return _READERS[field.type](value)


def _one_of(keys: Collection[str], value: Any) -> str:
    if not isinstance(value, str) or value not in keys:
        raise Invalid(said("Expected one of {names}, but got {value}.", names=list(keys), value=f"{value!r:.80}"))
    return value


def _whole(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if type(value) is not int or not 0 < value <= MAX_ID:
        raise Invalid(said("Expected the number of an account or company, but got {value}.", value=f"{value!r:.80}"))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid(said("Expected a text, but got {value}.", value=f"{value!r:.80}"))
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Invalid(said("Expected a number, but got {value}.", value=f"{value!r:.80}"))
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid(said("Expected true or false, but got {value}.", value=f"{value!r:.80}"))
    return value


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise Invalid(said("Expected a date like 2026-03-27, but got {value}.", value=f"{value!r:.80}")) from None


_READERS: dict[str, Callable[[Any], Any]] = {"text": _text, "number": _number, "boolean": _boolean, "date": _date}
