"""A form as the server knows it, and the checking of data as a whole. Single values are `values`' business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.feel import Expression
from engine.domain.forms.values import FieldRules, problem_of, read_value
from engine.domain.said import said
from engine.domain.time.calendars import Calendar

#: what an expression may suppose of a field's value. Of a number that it is whole: then more can be done with it
_PYTHON = {
    "textfield": "str", "textarea": "str", "number": "int", "checkbox": "bool", "datetime": "str",
    "checklist": "list[Any]", "taglist": "list[Any]", "account": "int",
}  # fmt: skip

_UNKNOWN = said("The form has no such field.")
_SHOWN_ONLY = said("This field is shown only; it takes no value.")
_HIDDEN = said("This field isn't asked for with these answers; leave it out.")


@dataclass(frozen=True, slots=True)
class FormField:
    """One field that carries data."""

    key: str
    label: str
    rules: FieldRules
    #: hidden while this holds; None for always shown
    hide: Expression | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """All fields of a form that carry data, in order. `schema` is what the browser shows."""

    path: str
    fields: tuple[FormField, ...]
    schema: Mapping[str, Any]
    #: keys of fields that only show a value (readonly, disabled): they carry no data
    shown: tuple[str, ...] = ()

    @property
    def keys(self) -> dict[str, str]:
        """The keys that become variables, with the Python types that the check of expressions supposes.

        What was left empty is None all the same: whether a value is there isn't a matter of its type.
        """
        return {item.key: _python_type(item.rules) for item in self.fields}

    @property
    def account_fields(self) -> dict[str, str]:
        """Fields whose value is an account's id → the group that it must belong to (`agent@department`)."""
        return {item.key: item.rules.account for item in self.fields if item.rules.account}

    def hidden(self, data: Mapping[str, Any]) -> frozenset[str]:
        """The keys that are hidden for these data; a hidden field counts as null in the others' conditions."""
        hidden: frozenset[str] = frozenset()
        for _ in range(len(self.fields) + 1):
            names = {item.key: None if item.key in hidden else data.get(item.key) for item in self.fields}
            now = frozenset(item.key for item in self.fields if item.hide is not None and item.hide.holds(names))
            if now == hidden:
                break
            hidden = now
        return hidden

    def check(
        self, data: Mapping[str, Any], *, calendar: Calendar | None = None
    ) -> tuple[dict[str, Any], dict[str, list[str]]]:
        """The clean data, and what is wrong per field (empty where all is well).

        The clean data hold every key of the form: null where nothing was filled in or the field is hidden, so that
        what a form asks for always becomes a variable. `calendar` is the one whose working days date fields obey.
        """
        by_key = {item.key: item for item in self.fields}
        errors: dict[str, list[str]] = {
            str(key)[:100]: [_SHOWN_ONLY if key in self.shown else _UNKNOWN] for key in data if key not in by_key
        }
        values: dict[str, Any] = {}
        for key, item in by_key.items():
            value, problem = read_value(item.rules, data.get(key))
            values[key] = None if problem else value
            if problem:
                errors[key] = [problem]
        hidden = self.hidden(values)
        for key, item in by_key.items():
            if key in hidden:
                if _given(data.get(key)):
                    errors[key] = [_HIDDEN]
            elif key not in errors and (problem := problem_of(item.rules, values[key], calendar)):
                errors[key] = [problem]
        return {key: None if key in hidden else value for key, value in values.items()}, errors


def _given(value: Any) -> bool:
    """Whether something was filled in; a browser sends empty texts and unticked boxes for what nobody touched."""
    return value is not None and value is not False and value != "" and value != []


def _python_type(rules: FieldRules) -> str:
    if rules.type in ("radio", "select") and not rules.account:
        types = {type(choice).__name__ for choice in rules.choices}
        return types.pop() if len(types) == 1 else "Any"
    return _PYTHON["account" if rules.account else rules.type]
