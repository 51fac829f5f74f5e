"""What effects mean for a ticket: its fields, its clocks, when its timers are due. No storage; scenarios use it too.

The one place that says so: commands write what a `Settlement` holds, and decide nothing of it themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.domain import clocks, effects
from engine.domain.actors import resolve_group
from engine.domain.clocks import Clock
from engine.domain.errors import Invalid, StepFailed
from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.domain.policies import Policy
from engine.domain.ticket_fields import accept
from engine.domain.time.calendars import Calendar, always, find_calendar
from engine.domain.time.durations import WorkingDuration
from engine.domain.time.zones import find_zone

#: what a ticket carries for its clocks and its line of steps, and no expression reads
_BOOKKEEPING = ("status_since", "status_seconds", "steps_passed")


@dataclass
class Case:
    """A ticket with what is needed to say what happens to it."""

    package: Package
    #: the version that new clocks are started under
    policy: Policy
    #: built-in and declared fields, flat; with `status_since` (datetime) and `status_seconds`, the working time spent
    #: in each status before that: {status: {calendar: seconds}}
    ticket: dict[str, Any]
    #: the last run of each goal's clock
    clocks: dict[str, Clock] = field(default_factory=dict)
    #: earlier versions of the policy by number, as far as clocks that run were started under them
    earlier_policies: Mapping[int, Policy] = field(default_factory=dict)

    @property
    def calendars(self) -> dict[str, Calendar]:
        """Every calendar by key: the policy's before the package's."""
        return _calendars(self.package, self.policy)

    def calendars_of(self, clock: Clock) -> dict[str, Calendar]:
        """The calendars of the policy that the clock was started under."""
        return _calendars(self.package, self.earlier_policies.get(clock.policy_version, self.policy))


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is to be written after a step."""

    #: fields of the ticket with new values, `step`, `status_since` and `status_seconds` among them
    ticket: Mapping[str, Any]
    #: clocks that are new, changed, or due at another time than before
    clocks: tuple[Clock, ...]
    #: token → when its timer is due; None: not armed. One entry for every `TimerSet`.
    dues: Mapping[int, datetime | None]
    #: whether timers for goals that were set in earlier steps must be computed again (`due_of`)
    rearm: bool


def settle(case: Case, happened: Iterable[effects.Effect], now: datetime) -> Settlement:
    """Apply the effects of a step to the case, in their order. Raises `StepFailed`; the case is then to be dropped.

    Timers are computed from how the case stands at the end.
    """
    before_ticket, before_clocks = dict(case.ticket), dict(case.clocks)
    waiting: dict[int, effects.TimerSet] = {}
    dues: dict[int, datetime | None] = {}
    for effect in happened:
        try:
            _apply(case, effect, now)
        except Invalid as error:
            raise StepFailed(effect.element, str(error), effect.token) from error
        if isinstance(effect, effects.TimerSet):
            waiting[effect.token], dues[effect.token] = effect, None
        elif isinstance(effect, effects.TimerCancelled):
            waiting.pop(effect.token, None)
    for token, timer in waiting.items():
        dues[token] = _due(case, timer, now)
    ticket = {name: value for name, value in case.ticket.items() if before_ticket.get(name) != value}
    changed = tuple(
        clock
        for goal, clock in case.clocks.items()
        if clock != before_clocks.get(goal) or (clock.running and clock.row.not_before in ticket)
    )
    return Settlement(ticket, changed, dues, rearm=bool(changed))


def due_of(due: effects.Due, case: Case, now: datetime) -> datetime | None:
    """When a timer that is set now is due; None where its goal has no clock, or one that is paused or stopped.

    Raises `Invalid` where working time can't be told.
    """
    match due:
        case effects.At(instant):
            return instant
        case effects.Day(day):
            calendar = find_calendar(case.calendars, case.package.calendar)
            return calendar.closing(calendar.nearest_working_day(date.fromisoformat(day)))
        case effects.Working(duration, named):
            return find_calendar(case.calendars, named or case.package.calendar).add(
                now, WorkingDuration.parse(duration)
            )
        case effects.Goal(goal, mark):
            clock = case.clocks.get(goal)
            if clock is None:
                return None
            compute = clock.deadline if mark == "deadline" else clock.warning_at
            return compute(case.calendars_of(clock), case.ticket)


def open_user_task(effect: effects.UserTaskOpened, case: Case) -> tuple[str, ...]:
    """The groups that may claim it on this ticket: the element's own, else those of its lane."""
    groups = effect.groups or case.package.lanes.get(effect.lane, ())
    resolved = (resolve_group(group, case.ticket) for group in groups)
    return tuple(dict.fromkeys(group for group in resolved if group is not None))


def facts_of(case: Case) -> dict[str, Any]:
    """What expressions may ask for, as JSON values: `ticket` with every built-in and declared field."""
    names = dict.fromkeys((*BUILT_IN_FIELDS, *case.package.fields))
    values = {name: value for name, value in case.ticket.items() if name not in _BOOKKEEPING}
    return {"ticket": {name: _jsonable(value) for name, value in {**names, **values}.items()}}


def deadline_from(package: Package, start: datetime, add: str, calendar: str | None = None) -> datetime:
    """So much working time (`PT3H`) after `start`, in the package's zone, by its own calendar or another."""
    counted = find_calendar(_calendars(package, Policy()), calendar or package.calendar)
    return counted.add(start, WorkingDuration.parse(add)).astimezone(find_zone(package.time_zone))


def _apply(case: Case, effect: effects.Effect, now: datetime) -> None:
    match effect:
        case effects.ElementEntered(step=step) if step:
            _come_to(case.ticket, step)
        case effects.TicketChanged(fields=fields):
            _change(case, {name: accept(case.package, name, value) for name, value in fields.items()}, now)
        case effects.ClockStarted(goal=goal):
            _start(case, goal, now)
        case effects.ClockStopped(goal=goal, met=met) if goal in case.clocks:
            clock = case.clocks[goal]
            case.clocks[goal] = clock.stop(case.calendars_of(clock), case.ticket, now, met)


def _change(case: Case, fields: Mapping[str, Any], now: datetime) -> None:
    ticket = case.ticket
    if fields.get("status", ticket.get("status")) != ticket.get("status"):
        _leave_status(case, now)
        if _ended(case.package, ticket.get("status")) and not _ended(case.package, fields["status"]):
            ticket["steps_passed"] = [ticket["step"]] if ticket.get("step") else []
    ticket.update(fields)
    for goal, clock in case.clocks.items():
        case.clocks[goal] = clock.follow(case.calendars_of(clock), ticket, now)


def _come_to(ticket: dict[str, Any], step: str) -> None:
    passed = ticket.get("steps_passed") or []
    ticket["step"], ticket["steps_passed"] = step, passed if step in passed else [*passed, step]


def _ended(package: Package, status: Any) -> bool:
    return status in package.statuses and package.statuses[status].kind in ("closed", "cancelled")


def _leave_status(case: Case, now: datetime) -> None:
    """Add what the ticket spent in its status to what it spent there before: the clocks of later may ask for it."""
    ticket, status = case.ticket, case.ticket.get("status")
    if status:
        spent = ticket["status_seconds"].get(status, {})
        lasted = {
            key: spent.get(key, 0) + calendar.between(ticket["status_since"], now).total_seconds()
            for key, calendar in case.calendars.items()
        }
        ticket["status_seconds"] = {**ticket["status_seconds"], status: {**spent, **lasted}}
    ticket["status_since"] = now


def _start(case: Case, goal: str, now: datetime) -> None:
    """Start a goal's clock: one that runs goes on, and none starts where the policy promises nothing."""
    if goal in case.clocks and case.clocks[goal].running:
        return
    row = case.policy.row_for(goal, case.ticket)
    if row is not None:
        case.clocks[goal] = clocks.start(row, case.policy.version, case.calendars, case.ticket, now)


def _due(case: Case, timer: effects.TimerSet, now: datetime) -> datetime | None:
    try:
        return due_of(timer.due, case, now)
    except Invalid as error:
        raise StepFailed(timer.element, str(error), timer.token) from error


def _calendars(package: Package, policy: Policy) -> dict[str, Calendar]:
    return {"24x7": always(package.time_zone), **package.calendars, **policy.calendars}


def _jsonable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
