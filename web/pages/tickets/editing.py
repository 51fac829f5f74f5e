"""Editing a ticket's fields in place, one at a time; of two people at one field the second is told of the first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.commands import tickets as commands
from engine.commands.tickets import ChangedMeanwhile
from engine.domain.errors import Invalid
from engine.queries import tickets
from engine.queries.reading import reading
from engine.queries.tickets import people
from engine.queries.tickets.naming import shown
from web.pages.rendering import render
from web.pages.tickets.fields import Editing, open_field
from web.pages.tickets.page import page
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("ticket fields")


@pages.get("/tickets/<id:ticket_id>/edit/<key:name>", to="staff")
def edit(visit: Visit, ticket_id: int, name: str) -> Answer:
    """The form of one field: in its place on the page, or on the whole page where no script runs."""
    opened = open_field(visit, ticket_id, name)
    if visit.wants_part:
        return render("tickets/_edit.html", ticket=tickets.one(visit.engine, visit.actor, ticket_id), editing=opened)
    return page(visit, ticket_id, editing=opened)


@pages.post("/tickets/<id:ticket_id>/edit/<key:name>", to="staff")
def save(visit: Visit, ticket_id: int, name: str) -> Answer:
    """Change the field; what is wrong, and what somebody else has changed, is told at the field."""
    given, seen = visit.form.text("value"), _unwritten(visit.form.text("seen"))
    with reading(visit.engine, visit.actor, visit.language):
        before = open_field(visit, ticket_id, name)
    value = _value(visit, before.kind, given)
    try:
        commands.edit(visit.engine, visit.actor, ticket_id, {name: value}, {name: seen})
    except Invalid as error:
        wrong = tuple(error.fields.get(name, [str(error)]))
        return _again(visit, ticket_id, before, 422, given=given, seen=json.dumps(seen), errors=wrong)
    except ChangedMeanwhile as error:
        now = _in_words(visit, ticket_id, name, error.values[name])
        return _again(visit, ticket_id, before, 409, given=given, seen=json.dumps(error.values[name]), meanwhile=now)
    anchor = "request-text" if name == "text" else f"field-{name}"
    return visit.see(f"/tickets/{ticket_id}#{anchor}", visit.say("Saved: {field}.", field=before.label))


def _value(visit: Visit, kind: str, given: str) -> Any:
    """What the control sent, as the command takes it; a text that can't be read goes on, and is told to be wrong."""
    try:
        match kind:
            case "number" if given.strip():
                number = float(given.strip().replace(",", "."))
                return int(number) if number.is_integer() else number
            case "boolean":
                return {"true": True, "false": False}.get(given)
            case "datetime" if given:
                return datetime.fromisoformat(given).replace(tzinfo=visit.zone).isoformat()
    except (ValueError, OverflowError):
        return given
    return given.strip() if kind == "line" else given


def _unwritten(seen: str) -> Any:
    try:
        return json.loads(seen) if len(seen) < 100_000 else None
    except (ValueError, RecursionError):
        return None


def _in_words(visit: Visit, ticket_id: int, name: str, value: Any) -> Any:
    with reading(visit.engine, visit.actor, visit.language):
        package = tickets.package_of(visit.engine, visit.actor, ticket_id)
        named: Mapping[int, str] = {}
        if name == "assignee":
            named = {person.id: person.name for person in people.colleagues(visit.engine, visit.actor, ticket_id)}
        return shown(package, name, value, visit.language, named) or visit.say("empty")


def _again(visit: Visit, ticket_id: int, before: Editing, status: int, **changes: Any) -> Answer:
    return page(visit, ticket_id, status=status, editing=replace(before, **changes))
