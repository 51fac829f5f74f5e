"""The values that people give a ticket's fields, checked. No transaction here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.packages import Package
from engine.domain.said import said
from engine.domain.ticket_fields import accept


def accepted_values(package: Package, given: Mapping[str, Any], allowed: Collection[str]) -> dict[str, Any]:
    """The values as a ticket keeps them. Raises `Invalid` with all that is wrong, per field."""
    errors: dict[str, list[str]] = {}
    values = {}
    for name, value in given.items():
        try:
            if name not in allowed:
                raise Invalid("", {name: [said("There is no such field, or it isn't for you to set.")]})
            values[name] = accept(package, name, value)
        except Invalid as error:
            errors.update(error.fields)
    if errors:
        raise Invalid(said("Can't be accepted: {names}.", names=sorted(errors)), errors)
    return values
