"""A form as somebody is about to fill it in: its form-js schema, and what its fields begin with and choose from.

What comes back is checked elsewhere (`engine.commands.forms`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor, Membership, resolve_group
from engine.domain.forms import Form
from engine.domain.packages import Package
from engine.queries.reading import Reader
from engine.queries.visibility import shown_fields
from engine.spiff.versions import PackageVersion
from engine.storage.tables import Account, Ticket
from engine.storage.tables import Membership as MembershipRow

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
    ticket = reader.tx.execute(select(Ticket.__table__).where(Ticket.id == ticket_id)).one()
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
    people = list(_members(reader, package))
    named = {"assignee": ticket.assignee_id, "requester": ticket.requester_id, "company": ticket.company_id}
    row = {"department": ticket.department, **named}
    choices = {}
    for component in components(schema):
        wanted = form.account_fields.get(component.get("key", ""))
        if wanted and (options := component.get("valuesKey")):
            group = resolve_group(wanted, row)
            members = [person for person in people if group in person.groups(package)]
            choices[str(options)] = [{"label": person.name, "value": person.id} for person in members]
    return choices


def _members(reader: Reader, package: Package) -> Iterator[Actor]:
    """The active accounts of a package by name, with what they are in it."""
    statement = (
        select(Account.id, Account.name, Account.email, Account.kind, Account.company_id, MembershipRow.__table__)
        .join(MembershipRow, MembershipRow.account_id == Account.id)
        .where(MembershipRow.package_id == package.id, Account.active)
        .order_by(Account.name, Account.id)
    )
    roles: dict[int, list[Membership]] = {}
    found: dict[int, Row[Any]] = {}
    for row in reader.tx.execute(statement):
        found[row.id] = row
        roles.setdefault(row.id, []).append(Membership(row.package_id, row.role, tuple(row.departments)))
    for key, row in found.items():
        yield Actor(key, row.name, row.email, row.kind, row.company_id, tuple(roles[key]))


def _keys(schema: Mapping[str, Any]) -> Iterator[str]:
    return (component["key"] for component in components(schema) if "key" in component)


def components(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A form's components, those of groups among them."""
    for component in schema.get("components", []):
        yield component
        yield from components(component)
