"""The fields of a ticket as its page shows them, and the form in which one of them is edited in its place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.commands.tickets.editing import EDITABLE
from engine.domain.errors import Forbidden, NotFound
from engine.domain.packages import Package, text
from engine.domain.said import said
from engine.queries import tickets
from engine.queries.tickets import people
from engine.queries.tickets.naming import field_label, shown
from web.pages.visiting import Visit

#: built-in fields beside the package's own; the subject and the text are edited where they stand
BESIDE = ("category", "department", "assignee")


@dataclass(frozen=True, slots=True)
class Row:
    """A field as the page shows it: its value in words, and whether the reader may edit it."""

    name: str
    label: str
    value: Any
    editable: bool


@dataclass(frozen=True, slots=True)
class Editing:
    """A field whose form is open: with what is given, what is wrong with it, and what somebody else made of it."""

    name: str
    label: str
    kind: str
    #: as the form's control takes it
    given: str
    #: what the field held when it was read, as JSON
    seen: str
    options: list[tuple[str, str]] = field(default_factory=list)
    errors: tuple[str, ...] = ()
    #: the value that stands meanwhile, in words, where somebody else changed it
    meanwhile: Any = None


def fields_of(visit: Visit, package: Package, ticket: tickets.TicketView) -> list[Row]:
    """The fields that stand beside the conversation. Accounts are told by the names that the ticket brings."""
    may = visit.actor.may("hand_over", package)
    people = {ticket.assignee: ticket.assignee_name} if ticket.assignee else {}
    values = {**{name: getattr(ticket, name) for name in BESIDE}, **ticket.fields}
    return [
        Row(name, visit.say(field_label(package, name, visit.language)),
            shown(package, name, value, visit.language, people), may)
        for name, value in values.items()
        if name != "category" or package.categories
    ]  # fmt: skip


def open_field(visit: Visit, ticket_id: int, name: str) -> Editing:
    """A field's form as it begins. Raises `NotFound` for one that isn't there or isn't the reader's to see."""
    ticket = tickets.one(visit.engine, visit.actor, ticket_id)
    package = tickets.package_of(visit.engine, visit.actor, ticket_id)
    if name not in EDITABLE and name not in ticket.fields:
        raise NotFound(said("There is no such field."))
    if not visit.actor.may("hand_over", package):
        raise Forbidden(said("Your roles don't allow you to edit tickets."))
    value = getattr(ticket, name) if name in EDITABLE else ticket.fields[name]
    kind = _kind(package, name)
    return Editing(
        name, visit.say(field_label(package, name, visit.language)), kind, _written(visit, kind, value),
        json.dumps(value), _options(visit, package, ticket_id, name),
    )  # fmt: skip


def _kind(package: Package, name: str) -> str:
    """The control that a field is edited with."""
    if name in ("category", "department", "assignee"):
        return "choice"
    if name in ("subject", "text"):
        return {"subject": "line", "text": "rich"}[name]
    return {"text": "area"}.get(package.fields[name].type, package.fields[name].type)


def _options(visit: Visit, package: Package, ticket_id: int, name: str) -> list[tuple[str, str]]:
    if name == "assignee":
        found = people.colleagues(visit.engine, visit.actor, ticket_id)
        return [(str(person.id), person.name) for person in found]
    if name in package.fields and package.fields[name].type == "boolean":
        return [("true", visit.say(said("yes"))), ("false", visit.say(said("no")))]
    choices: Any = {"category": package.categories.values(), "department": package.departments.values()}.get(name)
    if choices is None:
        choices = package.fields[name].choices if name in package.fields else ()
    return [(choice.key, text(choice.label, visit.language, package.language)) for choice in choices]


def _written(visit: Visit, kind: str, value: Any) -> str:
    """A stored value as its control takes it."""
    if value is None:
        return ""
    if kind == "datetime":
        return datetime.fromisoformat(value).astimezone(visit.zone).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
