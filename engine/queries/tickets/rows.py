"""A ticket as a reader may see it, from its row. Which tickets these are, the lists say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from engine.domain.casework import Case
from engine.domain.clocks import Clock as RunningClock
from engine.domain.packages import Package
from engine.queries.reading import Reader
from engine.queries.visibility import shown_fields
from engine.storage.tables import Account, Clock, Company, Policy, Ticket
from engine.storage.tables import Package as PackageRow

TURNS: dict[str, Literal["staff", "customer", "nobody"]] = {
    "waiting_us": "staff", "open": "staff", "waiting_customer": "customer", "closed": "nobody", "cancelled": "nobody",
}  # fmt: skip
Assignee, Requester, Opener = aliased(Account), aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True)
class TicketClock:
    """A goal's clock; `deadline` is that of a running one, or the one that a stopped one was judged by.

    `met`: what was promised was done in time (True) or late (False); None while it runs, and where it was given up.
    """

    goal: str
    started_at: datetime
    deadline: datetime | None
    warning_at: datetime | None
    paused_since: datetime | None
    stopped_at: datetime | None
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket. `fields` are those that the reader may see; `turn` says from whom the next move is expected."""

    id: int
    package: str
    #: the version of the package that it lives under
    deployment: int
    number: str
    subject: str
    text: str
    status: str
    status_kind: str
    turn: Literal["staff", "customer", "nobody"]
    request_type: str
    category: str
    department: str
    step: str
    assignee: int | None
    assignee_name: str
    requester: int | None
    requester_name: str
    company: int | None
    company_name: str
    fields: dict[str, Any]
    opened_at: datetime
    #: an account, 0 for the system
    opened_by: int
    opened_by_name: str
    changed_at: datetime
    closed_at: datetime | None
    #: the earliest deadline of a clock that runs, and its goal
    deadline: datetime | None
    deadline_goal: str
    #: only of a ticket read alone
    clocks: list[TicketClock]


def selected() -> Select[Any]:
    """The rows that `view` takes, not limited to what anybody may see."""
    return (
        select(
            Ticket.__table__,
            Assignee.name.label("assignee_name"),
            Requester.name.label("requester_name"),
            Opener.name.label("opened_by_name"),
            Company.name.label("company_name"),
        )
        .select_from(Ticket)
        .outerjoin(Assignee, Assignee.id == Ticket.assignee_id)
        .outerjoin(Requester, Requester.id == Ticket.requester_id)
        .outerjoin(Opener, Opener.id == Ticket.opened_by)
        .outerjoin(Company, Company.id == Ticket.company_id)
    )


def view(reader: Reader, row: Row[Any], clocks: list[TicketClock] | None = None) -> TicketView:
    """What the reader may see of a row."""
    package = reader.engine.version(row.deployment_id, reader.tx).package
    kind = package.statuses[row.status].kind if row.status in package.statuses else ""
    return TicketView(
        id=row.id, package=row.package_id, deployment=row.deployment_id, number=row.number, subject=row.subject,
        text=row.text, status=row.status, status_kind=kind, turn=TURNS.get(kind, "nobody"),
        request_type=row.request_type,
        category=row.category, department=row.department, step=row.step, assignee=row.assignee_id,
        assignee_name=row.assignee_name or "", requester=row.requester_id, requester_name=row.requester_name or "",
        company=row.company_id, company_name=row.company_name or "",
        fields=shown_fields(reader.actor, package, row.fields), opened_at=row.opened_at, opened_by=row.opened_by,
        opened_by_name=row.opened_by_name or "", changed_at=row.changed_at, closed_at=row.closed_at,
        deadline=row.deadline_at, deadline_goal=row.deadline_goal, clocks=clocks or [],
    )  # fmt: skip


def clocks_of(reader: Reader, row: Row[Any]) -> list[TicketClock]:
    """The clocks of the ticket of a row, by goal."""
    rows = reader.tx.execute(select(Clock.__table__).where(Clock.ticket_id == row.id).order_by(Clock.goal)).all()
    running = [RunningClock.from_json(clock.content) for clock in rows]
    warnings = _warnings(reader, row, running) if any(clock.row.warning for clock in running) else {}
    return [
        TicketClock(
            goal=stored.goal, started_at=clock.started_at, deadline=stored.deadline_at,
            warning_at=warnings.get(stored.goal), paused_since=stored.paused_since, stopped_at=stored.stopped_at,
            met=_in_time(stored),
        )
        for stored, clock in zip(rows, running, strict=True)
    ]  # fmt: skip


def _in_time(clock: Row[Any]) -> bool | None:
    return clock.stopped_at <= clock.deadline_at if clock.met and clock.deadline_at else None


def _warnings(reader: Reader, row: Row[Any], running: list[RunningClock]) -> dict[str, datetime | None]:
    """When each clock warns, in the calendars of the policy that it was started under."""
    current = (
        select(Policy.id).join(PackageRow, PackageRow.policy_id == Policy.id).where(PackageRow.id == row.package_id)
    )
    policy_id = reader.tx.execute(current).scalar_one()
    package: Package = reader.engine.version(row.deployment_id, reader.tx).package
    policy = reader.engine.policy(policy_id, reader.tx)
    numbers = {clock.policy_version for clock in running if clock.running} - {policy.version}
    earlier = {number: reader.engine.policy_version(row.package_id, number, reader.tx) for number in numbers}
    case = Case(package, policy, {**row.fields, "status": row.status}, earlier_policies=earlier)
    return {clock.goal: clock.warning_at(case.calendars_of(clock), case.ticket) for clock in running}
