"""Writes what a settlement says of a ticket: its fields, its clocks, and when what follows these is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from sqlalchemy.exc import IntegrityError

from engine.commands import signals
from engine.commands.stepping import cases
from engine.commands.stepping.work import Work
from engine.domain import effects
from engine.domain.casework import Case, Settlement, due_of
from engine.domain.effects import Effect, Goal, Mark
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.storage import tickets, timers, user_tasks

Row = Mapping[str, Any]


def write_ticket(work: Work, row: Row, case: Case, settled: Settlement, happened: Iterable[Effect]) -> None:
    """Write the settlement of a ticket, given as its locked row. Raises `StepFailed` for what can't stand."""
    if settled.ticket:
        _write_fields(work, row, case, settled.ticket, tuple(happened))
    clocks = [cases.clock_row(case, row["id"], clock) for clock in settled.clocks]
    tickets.save_clocks(work.tx, clocks)
    for clock in clocks:
        work.journal(_told(clock), kind="clock_changed", ticket_id=row["id"], package_id=row["package_id"])
    if settled.rearm:
        marks = [Goal(goal, mark) for goal in case.clocks for mark in get_args(Mark)]
        dues = {(due.goal, due.mark): due_of(due, case, work.now) for due in marks}
        timers.rearm(work.tx, row["id"], dues)
        user_tasks.follow(work.tx, row["id"], dues)


def _write_fields(work: Work, row: Row, case: Case, changed: Mapping[str, Any], happened: tuple[Effect, ...]) -> None:
    people = [(changed[name], name) for name in ("assignee", "requester") if changed.get(name)]
    try:
        tickets.change(work.tx, row["id"], cases.columns_of(case.package, row, changed, work.now))
        tickets.involve(work.tx, row["id"], people, work.now)
    except IntegrityError as error:
        named = {name: changed[name] for name in cases.REFERENCES if changed.get(name) is not None}
        raise StepFailed(
            _changing(named, happened), said("The ticket names what doesn't exist: {named}.", named=named)
        ) from error
    shown = {name: value for name, value in changed.items() if name not in cases.UNSEEN}
    work.signal(signals.ticket_changed, ticket_id=row["id"], fields=shown)


def _told(clock: Row) -> dict[str, Any]:
    """What the journal keeps of a clock: its pauses, and the deadline that its timers follow."""
    instants = {name: clock[name] for name in ("deadline_at", "paused_since", "stopped_at") if clock[name]}
    met = {} if clock["met"] is None else {"met": clock["met"]}
    return {"goal": clock["goal"], **met, **{name: instant.isoformat() for name, instant in instants.items()}}


def _changing(fields: Mapping[str, Any], happened: tuple[Effect, ...]) -> str:
    """The element that changed one of the fields last."""
    changes = (e for e in reversed(happened) if isinstance(e, effects.TicketChanged))
    return next((e.element for e in changes if fields.keys() & e.fields.keys()), "")
