"""Writes what a settlement says of a ticket: its fields, its clocks, and when what follows these is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, get_args

from sqlalchemy.exc import IntegrityError

from engine.commands import announcements
from engine.commands.stepping import cases
from engine.commands.stepping.work import Work
from engine.domain import effects
from engine.domain.casework import Case, Settlement, due_of
from engine.domain.effects import Effect, Goal, Mark
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.storage import tickets, timers, user_tasks
from engine.storage.tickets import search
from engine.storage.tickets.fields import REFERENCES, UNSEEN

Row = Mapping[str, Any]


def write_ticket(work: Work, row: Row, case: Case, settled: Settlement, happened: Iterable[Effect]) -> None:
    """Write the settlement of a ticket, given as its locked row. Raises `StepFailed` for what can't stand."""
    goals = [Goal(goal, mark) for goal in case.clocks for mark in get_args(Mark)] if settled.rearm else []
    dues: Mapping[tuple[str, str], datetime | None] = {
        (due.goal, due.mark): due_of(due, case, work.now) for due in goals
    }
    nearest = _nearest(dues) if settled.rearm else {}
    if settled.ticket:
        _write_fields(work, row, case, settled.ticket, nearest, tuple(happened))
    elif nearest:
        tickets.change(work.tx, row["id"], nearest)
    clocks = [cases.clock_row(case, row["id"], clock) for clock in settled.clocks]
    tickets.save_clocks(work.batch, clocks)
    for clock in clocks:
        work.journal(_told(clock), kind="clock_changed", ticket_id=row["id"], package_id=row["package_id"])
    if settled.rearm:
        timers.rearm(work.tx, row["id"], dues)
        user_tasks.follow(work.tx, row["id"], dues)


def _nearest(dues: Mapping[tuple[str, str], datetime | None]) -> dict[str, Any]:
    """The columns that say which of a ticket's deadlines comes first: lists are sorted by it."""
    deadlines = [(due, goal) for (goal, mark), due in dues.items() if mark == "deadline" and due]
    deadline, goal = min(deadlines, default=(None, ""))
    return {"deadline_at": deadline, "deadline_goal": goal}


def _write_fields(
    work: Work, row: Row, case: Case, changed: Mapping[str, Any], nearest: Row, happened: tuple[Effect, ...]
) -> None:
    people = [(changed[name], name) for name in ("assignee", "requester") if changed.get(name)]
    try:
        tickets.change(work.tx, row["id"], {**cases.columns_of(case.package, row, changed, work.now), **nearest})
        tickets.involve(work.tx, row["id"], people, work.now)
    except IntegrityError as error:
        named = {name: changed[name] for name in REFERENCES if changed.get(name) is not None}
        raise StepFailed(
            _changing(named, happened), said("The ticket names what doesn't exist: {named}.", named=named)
        ) from error
    search.follow(work.tx, row["id"], changed)
    shown = {name: value for name, value in changed.items() if name not in UNSEEN}
    work.announce(announcements.ticket_changed, ticket_id=row["id"], fields=shown)


def _told(clock: Row) -> dict[str, Any]:
    """What the journal keeps of a clock: its pauses, and the deadline that its timers follow."""
    instants = {name: clock[name] for name in ("deadline_at", "paused_since", "stopped_at") if clock[name]}
    met = {} if clock["met"] is None else {"met": clock["met"]}
    return {"goal": clock["goal"], **met, **{name: instant.isoformat() for name, instant in instants.items()}}


def _changing(fields: Mapping[str, Any], happened: tuple[Effect, ...]) -> str:
    """The element that changed one of the fields last."""
    changes = (e for e in reversed(happened) if isinstance(e, effects.TicketChanged))
    return next((e.element for e in changes if fields.keys() & e.fields.keys()), "")
