"""The clock of a service level goal on a ticket: when it is due, paused or stopped. Who starts it: `casework`.

A clock is a value; what changes it gives a new one. Its deadline is computed from its history each time it is asked
for. The history is the sum of its finished pauses, so that asking costs the same on the thousandth pause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.policies import PolicyRow
from engine.domain.said import said
from engine.domain.time.calendars import Calendar, find_calendar
from engine.domain.time.durations import WorkingDuration

Calendars = Mapping[str, Calendar]
Ticket = Mapping[str, Any]
_INSTANTS = ("started_at", "paused_since", "stopped_at", "judged_deadline")


@dataclass(frozen=True, slots=True)
class Clock:
    """One run of a goal's clock. Instants are aware, in UTC.

    `ticket` is everywhere the ticket's fields, with `status_since` and `status_seconds` (`casework.Case`).
    Whatever computes a deadline raises `Invalid` where the calendar is unknown or isn't open long enough.
    """

    goal: str
    #: the counting instant: the ticket's opening or the clock's start, as the row says
    started_at: datetime
    #: the version of the policy that it was started under
    policy_version: int
    #: the row that counted when it was started
    row: PolicyRow
    paused_since: datetime | None = None
    #: open time, in the row's calendar, of all finished pauses
    paused: timedelta = timedelta()
    stopped_at: datetime | None = None
    #: of a stopped clock: True where what was promised was done (in time or late), False where it was given up
    met: bool | None = None
    #: of a stopped clock: the deadline that it is judged by, for ever
    judged_deadline: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether it hasn't been stopped; a paused clock runs."""
        return self.stopped_at is None

    def deadline(self, calendars: Calendars, ticket: Ticket) -> datetime | None:
        """When it is due; None while it is paused, and once it is stopped."""
        return self._deadline(calendars, ticket) if self.running and self.paused_since is None else None

    def warning_at(self, calendars: Calendars, ticket: Ticket) -> datetime | None:
        """When to warn, never before its start; None where the row has no warning, and where it isn't due."""
        deadline = self.deadline(calendars, ticket)
        if deadline is None or not self.row.warning:
            return None
        warning = find_calendar(calendars, self.row.calendar).subtract(
            deadline, WorkingDuration.parse(self.row.warning)
        )
        return max(warning, self.started_at)

    def follow(self, calendars: Calendars, ticket: Ticket, now: datetime) -> Clock:
        """Paused or not from now on, as the ticket's status says. A pause after the deadline changes nothing."""
        if not self.running:
            return self
        if ticket.get("status") in self.row.pauses:
            return self if self.paused_since else self._pause(calendars, ticket, now)
        return self._resume(calendars, now)

    def stop(self, calendars: Calendars, ticket: Ticket, now: datetime, met: bool) -> Clock:
        """Stopped for good, and judged by the deadline that it has now; a stopped one stays as it is."""
        if not self.running:
            return self
        ended = self._resume(calendars, now)
        return replace(ended, stopped_at=now, met=met, judged_deadline=ended._deadline(calendars, ticket))

    def to_json(self) -> dict[str, Any]:
        """The clock as JSON values; `paused` in seconds."""
        instants = {name: value.isoformat() for name in _INSTANTS if (value := getattr(self, name))}
        return {**asdict(self), **instants, "row": self.row.to_json(), "paused": self.paused.total_seconds()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Clock:
        """The clock that `to_json` wrote."""
        instants = {name: datetime.fromisoformat(stored[name]) for name in _INSTANTS if stored[name]}
        row, paused = PolicyRow.from_json(stored["row"]), timedelta(seconds=stored["paused"])
        return cls(**{**stored, **instants, "row": row, "paused": paused})

    def _pause(self, calendars: Calendars, ticket: Ticket, at: datetime) -> Clock:
        return self if at >= self._deadline(calendars, ticket) else replace(self, paused_since=at)

    def _resume(self, calendars: Calendars, now: datetime) -> Clock:
        if self.paused_since is None:
            return self
        lasted = find_calendar(calendars, self.row.calendar).between(self.paused_since, now)
        return replace(self, paused_since=None, paused=self.paused + lasted)

    def _deadline(self, calendars: Calendars, ticket: Ticket) -> datetime:
        calendar = find_calendar(calendars, self.row.calendar)
        unpaused = calendar.add(self.started_at, WorkingDuration.parse(self.row.target))
        computed = calendar.add_time(unpaused, self.paused)
        agreed = _agreed_day(ticket.get(self.row.not_before))
        if agreed is None or agreed < computed.astimezone(calendar.zone).date():
            return computed
        return max(computed, calendar.closing(calendar.nearest_working_day(agreed)) or computed)


def start(row: PolicyRow, policy_version: int, calendars: Calendars, ticket: Ticket, now: datetime) -> Clock:
    """A clock that starts now, paused where the ticket's status says so.

    One that counts from the opening has behind it what the ticket spent since then in the statuses that pause it.
    """
    if row.start == "start":
        return Clock(row.goal, now, policy_version, row).follow(calendars, ticket, now)
    spent = (ticket["status_seconds"].get(status, {}).get(row.calendar, 0) for status in row.pauses)
    clock = Clock(row.goal, ticket["opened_at"], policy_version, row, paused=timedelta(seconds=sum(spent)))
    return clock.follow(calendars, ticket, ticket["status_since"])


def _agreed_day(value: Any) -> date | None:
    """The day in a date field, which holds ISO text. Raises `Invalid` for another value."""
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(
            said("Expected a date like 2026-03-27 in a ticket's date field, but got {value}.", value=f"{value!r:.80}")
        ) from None
