"""What somebody filled in, as its form takes it: for user tasks and actions alike. The rules: `engine.domain.forms`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.access import is_member
from engine.commands.stepping import Work
from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.spiff.versions import PackageVersion
from engine.storage.tickets.fields import ticket_of

_NOBODY = said("Nobody in this group.")


def check_form(
    work: Work,
    version: PackageVersion,
    policy_id: int | None,
    ticket: Mapping[str, Any],
    name: str,
    data: Mapping[str, Any],
) -> dict[str, Any]:
    """The data as the form takes them; without a form (an empty name) none are taken. Raises `Invalid` per field.

    `ticket` is the ticket's row: which accounts a field may name depends on it.
    """
    if not name:
        if data:
            raise Invalid(said("This takes no data."), {field: [said("There is no such field.")] for field in data})
        return {}
    package, form = version.package, version.forms[name]
    calendars = {**package.calendars, **(work.engine.policy(policy_id, work.tx).calendars if policy_id else {})}
    clean, errors = form.check(data, calendar=calendars.get(package.calendar))
    for field, group in form.account_fields.items():
        if clean.get(field) is not None and not is_member(work, package, clean[field], (group,), ticket_of(ticket)):
            errors.setdefault(field, []).append(_NOBODY)
    if errors:
        raise Invalid(said("Can't be accepted: {names}.", names=sorted(errors)), errors)
    return clean
