"""A user task with its ticket as the inbox shows them: what there is to know for doing it."""

from __future__ import annotations

from typing import Any

from engine.domain.packages import Package, goal_label
from engine.queries import notes, tickets, user_tasks
from engine.queries.people import drafts
from engine.queries.tickets import TicketView
from engine.queries.tickets.naming import field_label, shown
from engine.queries.user_tasks import Outcome
from web.pages.formatting import instant
from web.pages.visiting import Visit

#: the last notes of the ticket; all of them stand on its own page
NOTES = 5


def place_of(user_task_id: int) -> str:
    """Where the draft of a user task's form is kept."""
    return f"user-task:{user_task_id}"


def told_of(visit: Visit, user_task_id: int) -> dict[str, Any]:
    """What the templates show of a user task. Raises `NotFound`."""
    engine, actor = visit.engine, visit.actor
    task = user_tasks.one(engine, actor, user_task_id)
    ticket = tickets.one(engine, actor, task.ticket)
    package = engine.version(task.deployment).package
    open_ = task.state == "open"
    clock = next((clock for clock in ticket.clocks if clock.goal == task.goal), None)
    outcome = None if open_ else user_tasks.outcome(engine, actor, task.id)
    return {
        "chosen": task,
        "ticket": ticket,
        "package": package,
        "mine": task.assignee == actor.id,
        "paused": bool(open_ and clock and clock.paused_since),
        "facts": _facts(visit, package, ticket),
        "clocks": [(goal_label(package, clock.goal, visit.language), clock) for clock in ticket.clocks],
        "notes": notes.of_ticket(engine, actor, task.ticket, limit=NOTES, newest_first=True).items,
        "draft": drafts.of(engine, actor, place_of(task.id)) if task.takeable and task.form else None,
        "candidates": user_tasks.candidates(engine, actor, task.id) if open_ else [],
        "outcome": outcome,
        "outcome_told": outcome_told(visit, outcome),
    }


def outcome_told(visit: Visit, outcome: Outcome | None) -> str:
    """What became of a user task, in a sentence; empty where nobody was quicker."""
    if outcome is None:
        return ""
    if outcome.state == "open":
        told = visit.say("{name} has it now.", name=outcome.name)
        return told if outcome.name and not outcome.me else ""
    at = instant(outcome.closed_at) if outcome.closed_at else ""
    if outcome.state == "completed" and outcome.me:
        return visit.say("You have completed this already: {at}.", at=at)
    if outcome.state == "completed" and outcome.name:
        return visit.say("{name} has completed this: {at}.", name=outcome.name, at=at)
    return visit.say("This is no longer to be done: the process has gone on without it ({at}).", at=at)


def _facts(visit: Visit, package: Package, ticket: TicketView) -> list[tuple[str, Any]]:
    """The ticket's fields that hold something: (label, value)."""
    built_in = {"category": ticket.category, "department": ticket.department}
    values = {**built_in, **ticket.fields}
    told = [
        (field_label(package, name, visit.language), shown(package, name, value, visit.language, {}))
        for name, value in values.items()
    ]
    return [(label, value) for label, value in told if value not in ("", None)]
