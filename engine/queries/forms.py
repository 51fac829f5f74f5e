"""A form as somebody is about to fill it in: its form-js schema, and what its fields begin with and choose from.

What comes back is checked elsewhere (`engine.commands.forms`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor, resolve_group
from engine.domain.forms import Form
from engine.domain.packages import Package
from engine.queries.members import in_groups, members
from engine.queries.reading import Reader
from engine.queries.visibility import TICKET, shown_fields
from engine.spiff.versions import PackageVersion
from engine.storage.tables import Ticket

#: built-in fields of a ticket that a form may show or begin with
_SHOWN = ("number", "subject", "text", "status", "request_type", "category", "department", "step")


def begun(
    reader: Reader, version: PackageVersion, name: str, ticket_id: int
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """A form's schema and what it begins with; None and nothing for an empty name. The reader sees the ticket.

    Its texts are in the reader's language, where the package has one for them.

    Values are the ticket's fields of the same keys, as far as the reader may see them; under `ticket` those that a
    field only shows (`ticket.subject`); and under a field's `valuesKey` the accounts that it chooses from.
    """
    form, schema = version.forms.get(name), version.form_schema(name, reader.language)
    if form is None or schema is None:
        return None, {}
    ticket = _ticket(reader, ticket_id)
    fields = {**shown_fields(reader.actor, version.package, ticket.fields)}
    fields |= {name: getattr(ticket, name) for name in _SHOWN}
    told = {key: value for key, value in fields.items() if value not in (None, "")}
    values = {key: told[key] for key in _keys(schema) if key in told}
    if shown := {key.removeprefix("ticket.") for key in form.shown if key.startswith("ticket.")}:
        values["ticket"] = {key: told[key] for key in sorted(shown) if key in told}
    return schema, {**values, **_accounts(reader, version.package, form, schema, ticket)}


def _accounts(
    reader: Reader, package: Package, form: Form, schema: Mapping[str, Any], ticket: Row[Any]
) -> dict[str, list[dict[str, Any]]]:
    """Who may be chosen, by name, under the `valuesKey` of each field that chooses an account."""
    if not form.account_fields:
        return {}
    named = {"assignee": ticket.assignee_id, "requester": ticket.requester_id, "company": ticket.company_id}
    row = {"department": ticket.department, **named}
    groups = {wanted: resolve_group(wanted, row) for wanted in form.account_fields.values()}
    people = _people(reader, package, {group for group in groups.values() if group})
    choices = {}
    for component in components(schema):
        wanted = form.account_fields.get(component.get("key", ""))
        if wanted and (options := component.get("valuesKey")):
            chosen = [person for person in people if groups[wanted] in person.groups(package)]
            choices[str(options)] = [{"label": person.name, "value": person.id} for person in chosen]
    return choices


def _ticket(reader: Reader, ticket_id: int) -> Row[Any]:
    """Read once for all forms on it."""
    key = f"row of ticket {ticket_id}"
    if key not in reader.known:
        row = reader.known.get(TICKET.format(ticket_id))
        reader.known[key] = row or reader.tx.execute(select(Ticket.__table__).where(Ticket.id == ticket_id)).one()
    found: Row[Any] = reader.known[key]
    return found


def _people(reader: Reader, package: Package, groups: Collection[str]) -> list[Actor]:
    """Those of whom some are in the groups, read once for all forms that choose among them."""
    key = f"members of {package.id} {sorted(groups)}"
    if key not in reader.known:
        reader.known[key] = members(reader, package, in_groups(groups))
    found: list[Actor] = reader.known[key]
    return found


def _keys(schema: Mapping[str, Any]) -> Iterator[str]:
    return (component["key"] for component in components(schema) if "key" in component)


def components(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A form's components, those of groups among them."""
    for component in schema.get("components", []):
        yield component
        yield from components(component)
