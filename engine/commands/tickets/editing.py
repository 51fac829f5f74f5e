"""Editing a ticket's fields by hand, and watching it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.access import find_actor, hold_ticket
from engine.commands.engine import Engine
from engine.commands.stepping import Work, load_case, working, write_ticket
from engine.commands.tickets.values import accepted_values
from engine.domain.actors import Actor
from engine.domain.casework import settle
from engine.domain.effects import TicketChanged
from engine.domain.errors import Forbidden, Invalid, StepFailed
from engine.domain.packages import Package
from engine.domain.said import said
from engine.domain.storable import LINE, TEXT, check_texts, check_values
from engine.storage import tickets

#: fields that people may edit beside the package's own; the others follow from the process
EDITABLE = frozenset({"subject", "text", "category", "department", "assignee"})


def edit(engine: Engine, actor: Actor, ticket_id: int, fields: Mapping[str, Any]) -> None:
    """Change fields of a ticket by hand; clocks and timers follow. The status follows from the process alone.

    Staff who may hand over. Raises `Invalid` per field, `NotFound`, `Forbidden`.
    """
    given = check_values(fields)
    limits = {"subject": (LINE, True), "text": (TEXT, False)}
    check_texts({name: (given[name], *limit) for name, limit in limits.items() if name in given})
    with working(engine, actor, "tickets.edit") as work:
        held = hold_ticket(work, ticket_id)
        if not actor.may("hand_over", held.package):
            raise Forbidden(said("Your roles don't allow you to edit tickets."))
        accepted = accepted_values(held.package, given, EDITABLE | held.package.fields.keys())
        _require_colleague(work, held.package, accepted.get("assignee"))
        case = load_case(engine, work.tx, held.row, held.row["deployment_id"], held.policy_id)
        changed = TicketChanged(id=f"edit:{ticket_id}", token=0, element="", fields=accepted)
        try:
            write_ticket(work, held.row, case, settle(case, [changed], work.now), [changed])
        except StepFailed as failure:
            raise Invalid(failure.problem, {name: [failure.problem] for name in accepted}) from failure
        work.journal({"fields": accepted}, ticket_id=ticket_id, package_id=held.package.id)


def _require_colleague(work: Work, package: Package, account_id: Any) -> None:
    """An assignee works with the package: whoever is assigned sees the ticket."""
    if account_id is None:
        return
    other = find_actor(work, account_id)
    if other is None or other.kind != "staff" or not other.roles(package):
        raise Invalid(said("Can't be accepted: assignee."), {"assignee": [said("Nobody of that number works here.")]})


def watch(engine: Engine, actor: Actor, ticket_id: int) -> None:
    """Be involved in a ticket that one sees: its mails come from now on. Raises `NotFound`."""
    with working(engine, actor, "tickets.watch") as work:
        held = hold_ticket(work, ticket_id)
        tickets.involve(work.tx, ticket_id, [(actor.id, "watcher")], work.now)
        work.journal({}, ticket_id=ticket_id, package_id=held.package.id)
