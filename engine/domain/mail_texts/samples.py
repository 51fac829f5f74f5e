"""An invented ticket for a mail text to be looked at with: every name that it reads has a value. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import ResourceLimitError

from engine.domain.mail_texts.texts import MailFailed, MailText, RenderedMail
from engine.domain.packages import Choice, Field, Package, Status, format_number, text


def render_sample(
    mail: MailText, package: Package, language: str, at: datetime, example: Mapping[str, str]
) -> RenderedMail:
    """The mail about an invented ticket, as its reader would get it.

    `example` has the invented subject, text, names (`requester`, `assignee`, `company`) and mail address; `at` is the
    instant of all times, in the zone in which they are told. What the process would have set is shown as its name.
    Raises `MailFailed` where no such value fits what the text does with it.
    """
    for filler in (_named, lambda name: at, lambda name: 1):
        try:
            return mail.render(_values(mail, package, language, at, example, filler))
        except MailFailed as error:
            failed = error
            if isinstance(error.__cause__, ResourceLimitError):
                break
    raise failed


def _named(name: str) -> str:
    return f"‹{name}›"


def _values(
    mail: MailText, package: Package, language: str, at: datetime, example: Mapping[str, str], filler: Any
) -> dict[str, Any]:
    ticket: dict[str, Any] = {
        "id": 1, "number": format_number(package.number, at.year, 42),
        "subject": example["subject"], "text": example["text"],
        "requester": 1, "assignee": 2, "company": 3, "opened_at": at, "url": "https://iter.example/tickets/1",
        "requester_name": example["requester"], "assignee_name": example["assignee"],
        "company_name": example["company"],
    }  # fmt: skip
    lists: dict[str, Mapping[str, Choice | Status]] = {
        "status": package.statuses, "request_type": package.request_types, "category": package.categories,
        "department": package.departments,
    }  # fmt: skip
    for name, catalogue in lists.items():
        first = next(iter(catalogue.values()), None)
        ticket |= {name: first.key if first else "", f"{name}_label": _label(first, package, language)}
    for field in package.fields.values():
        ticket |= _field(field, package, language, at)
    values: dict[str, Any] = {
        "ticket": ticket, "deadlines": {},
        "package": {"id": package.id, "title": text(package.title, language, package.language)},
        "recipient": {"name": example["requester"], "email": example["address"], "kind": "customer"},
        "note": {"text": example["text"], "author": example["assignee"], "public": True, "at": at, "attachments": []},
    }  # fmt: skip
    for path in _read(mail):
        value = at + timedelta(days=2) if path[0] == "deadlines" else filler(".".join(path))
        _set(values, path, value)
    return values


def _field(field: Field, package: Package, language: str, at: datetime) -> dict[str, Any]:
    """The field's value, and its word where it is chosen from a list."""
    if field.type == "choice":
        return {field.key: field.choices[0].key, f"{field.key}_label": _label(field.choices[0], package, language)}
    called = text(field.label, language, package.language)
    known: dict[str, Any] = {"number": 3, "boolean": True, "date": date.isoformat(at.date()), "datetime": at}
    return {field.key: known.get(field.type, _named(called))}


def _label(one: Choice | Status | None, package: Package, language: str) -> str:
    return text(one.label, language, package.language) if one else ""


def _read(mail: MailText) -> Iterator[tuple[str, ...]]:
    """The names that the mail reads, longest last: `("quote", "amount")`."""
    templates: list[BoundTemplate] = [part for part in (mail.subject, mail.text, mail.html) if part is not None]
    found = {
        tuple(str(part) for part in use.segments)
        for template in templates for uses in template.analyze().globals.values() for use in uses
    }  # fmt: skip
    return iter(sorted(found, key=len))


def _set(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Give the name a value where it has none; a name that has parts, and no value yet, becomes a table of them."""
    for part in path[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        values = inner
    values.setdefault(path[-1], value)
