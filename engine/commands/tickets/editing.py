"""Editing a ticket's fields by hand. Of two people who edit the same field, the second is told of the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.access import Held, find_actor, hold_ticket
from engine.commands.engine import Engine
from engine.commands.stepping import Work, ask_conditions, load_case, working, write_ticket
from engine.commands.tickets.values import accepted_values
from engine.domain.actors import Actor
from engine.domain.casework import settle
from engine.domain.effects import TicketChanged
from engine.domain.errors import Conflict, Forbidden, Invalid, StepFailed
from engine.domain.packages import Package
from engine.domain.said import said
from engine.domain.storable import LINE, TEXT, check_texts, check_values
from engine.storage.tickets.fields import ticket_of

#: fields that people may edit beside the package's own; the others follow from the process
EDITABLE = frozenset({"subject", "text", "category", "department", "assignee"})


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the same fields since they were read; `values` are those that stand now."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(said("Somebody else has changed this meanwhile. Nothing was overwritten."))
        self.values = dict(values)


def edit(
    engine: Engine, actor: Actor, ticket_id: int, fields: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> None:
    """Change fields of a ticket by hand; clocks and timers follow. The status follows from the process alone.

    `seen`: what the fields held when they were read. Staff who may hand over. Raises `Invalid` per field, `NotFound`,
    `Forbidden`, `ChangedMeanwhile`.
    """
    given = check_values(fields)
    limits = {"subject": (LINE, True), "text": (TEXT, False)}
    check_texts({name: (given[name], *limit) for name, limit in limits.items() if name in given})
    with working(engine, actor, "tickets.edit") as work:
        held = hold_ticket(work, ticket_id)
        if not actor.may("hand_over", held.package):
            raise Forbidden(said("Your roles don't allow you to edit tickets."))
        accepted = accepted_values(held.package, given, EDITABLE | held.package.fields.keys())
        before = _before(held, accepted, seen or {})
        if before == accepted:
            return
        _require_colleague(work, held.package, accepted.get("assignee"))
        case = load_case(engine, work.tx, held.row, held.row["deployment_id"], held.policy_id)
        changed = TicketChanged(id=f"edit:{ticket_id}", token=0, element="", fields=accepted)
        try:
            write_ticket(work, held.row, case, settle(case, [changed], work.now), [changed])
        except StepFailed as failure:
            raise Invalid(failure.problem, {name: [failure.problem] for name in accepted}) from failure
        told = {"fields": accepted, "before": before}
        work.journal(told, ticket_id=ticket_id, package_id=held.package.id)
        ask_conditions(work, ticket_id)


def _before(held: Held, accepted: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields hold now. Raises `ChangedMeanwhile` where it is neither what was seen nor what is wanted."""
    ticket = ticket_of(held.row)
    before = {name: ticket.get(name) for name in accepted}
    changed = {name: now for name, now in before.items() if name in seen and now not in (seen[name], accepted[name])}
    if changed:
        raise ChangedMeanwhile(changed)
    return before


def _require_colleague(work: Work, package: Package, account_id: Any) -> None:
    """An assignee works with the package: whoever is assigned sees the ticket."""
    if account_id is None:
        return
    other = find_actor(work, account_id)
    if other is None or other.kind != "staff" or not other.roles(package):
        raise Invalid(said("Can't be accepted: assignee."), {"assignee": [said("Nobody of that number works here.")]})
