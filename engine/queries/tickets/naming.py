"""What a ticket's fields and their values are called, in the reader's language. No statement here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.domain.forms.wording import labels_of
from engine.domain.packages import Choice, Package, Status, text
from engine.domain.said import said
from engine.domain.storable import read_id
from engine.queries.elements import find_element
from engine.queries.forms import components
from engine.spiff.versions import PackageVersion

#: Iter's own fields; the others are the package's
BUILT_IN = {
    "subject": said("Subject"), "text": said("Text"), "status": said("Status"), "request_type": said("Request type"),
    "category": said("Category"), "department": said("Department"), "assignee": said("Assignee"),
    "requester": said("Requester"), "company": said("Company"), "step": said("Step"),
}  # fmt: skip
#: fields whose value is an account
PEOPLE = frozenset({"assignee", "requester"})
YES, NO = said("yes"), said("no")


def field_label(package: Package, name: str, language: str) -> str:
    """What a field is called; a built-in one in Iter's own words, that the face translates."""
    declared = package.fields.get(name)
    if declared is not None:
        return text(declared.label, language, package.language)
    return BUILT_IN.get(name, name)


def shown(package: Package, name: str, value: Any, language: str, people: Mapping[int, str]) -> Any:
    """A field's value for people: a text (a label where it is a key), a date or an instant; empty for none.

    `people`: names of accounts by id.
    """
    if value in (None, ""):
        return ""
    if name in PEOPLE:
        return people.get(account_id(value), "")
    choices = _choices(package, name)
    if choices is not None:
        found = choices.get(str(value))
        return text(found.label, language, package.language) if found else str(value)
    return _as(getattr(package.fields.get(name), "type", "text"), value)


def account_id(value: Any) -> int:
    """The account that a value names: an id, or its digits (what an expression gave); 0 for none."""
    if isinstance(value, str):
        return read_id(value) or 0
    return value if type(value) is int else 0


def given_answers(
    version: PackageVersion, form: str, data: Mapping[str, Any], people: Mapping[int, str], language: str
) -> list[tuple[str, Any]]:
    """What somebody filled in, as (label, value) in the form's order; what was left empty isn't told."""
    known, schema = version.forms.get(form), version.form_schema(form, language)
    if known is None or schema is None:
        return []
    labels = labels_of(schema)
    options = {
        component.get("key", ""): {str(option.get("value")): option.get("label", "") for option in component["values"]}
        for component in components(schema)
        if isinstance(component.get("values"), list)
    }
    answers = []
    for field in known.fields:
        value = data.get(field.key)
        if value not in (None, "", [], False):
            named = people.get(value, value) if field.key in known.account_fields else value
            answers.append((labels.get(field.key) or field.key, _answer(options.get(field.key, {}), named)))
    return answers


def form_of(version: PackageVersion, element: str) -> str:
    """The form that a user task shows."""
    found = find_element(version.definitions, element)
    return found[1].form if found else ""


def _choices(package: Package, name: str) -> Mapping[str, Status | Choice] | None:
    built_in: dict[str, Mapping[str, Status | Choice]] = {
        "status": package.statuses, "request_type": package.request_types, "category": package.categories,
        "department": package.departments,
    }  # fmt: skip
    if name in built_in:
        return built_in[name]
    if name == "step":
        return {step.key: step for step in package.steps}
    declared = package.fields.get(name)
    return {choice.key: choice for choice in declared.choices} if declared and declared.type == "choice" else None


def _as(kind: str, value: Any) -> Any:
    """A stored value by its type; one that doesn't fit it (any more) as text."""
    if isinstance(value, bool):
        return YES if value else NO
    try:
        if kind == "date":
            return date.fromisoformat(value)
        if kind == "datetime":
            return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    return value if isinstance(value, int | float) else str(value)


def _answer(options: Mapping[Any, str], value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(_answer(options, item)) for item in value)
    if isinstance(value, bool):
        return YES if value else NO
    return options.get(str(value), value if isinstance(value, int | float) else str(value))
