"""What lists of tickets are narrowed by, as conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.storage.tables import Ticket

#: filter → column; one value or several, of which any will do; 0 of an account or company: none
COLUMNS = {
    "package": Ticket.package_id, "status": Ticket.status, "request_type": Ticket.request_type,
    "category": Ticket.category, "department": Ticket.department, "assignee": Ticket.assignee_id,
    "requester": Ticket.requester_id, "company": Ticket.company_id, "opened_by": Ticket.opened_by,
}  # fmt: skip
_MAY_LACK = ("assignee", "requester", "company")
#: what `deadline` may be: past, or less than a day away
DEADLINES = ("late", "soon")
SOON = timedelta(hours=24)
#: `deadline`: one of `DEADLINES`; `closed`: whether it is closed or cancelled
FILTERS = (*COLUMNS, "deadline", "closed")


def conditions(filters: Mapping[str, Any], now: datetime) -> Iterator[ColumnElement[bool]]:
    """What the filters ask for; one that is None asks for nothing. Raises `Invalid` for an unknown one."""
    for name, value in filters.items():
        if name not in FILTERS:
            use = said("Use some of: {names}.", names=list(FILTERS))
            raise Invalid(said("There is no such filter."), {name: [use]})
        if value is not None:
            yield _condition(name, value, now)


def _condition(name: str, value: Any, now: datetime) -> ColumnElement[bool]:
    if name == "closed":
        return Ticket.closed_at.is_not(None) if value else Ticket.closed_at.is_(None)
    if name == "deadline":
        if value not in DEADLINES:
            raise Invalid(
                said("There is no such filter."), {name: [said("Use one of: {names}.", names=list(DEADLINES))]}
            )
        late, soon = Ticket.deadline_at < now, Ticket.deadline_at < now + SOON
        return late if value == "late" else and_(Ticket.deadline_at >= now, soon)
    column = COLUMNS[name]
    if value == 0 and name in _MAY_LACK:
        return column.is_(None)
    several = isinstance(value, (list, tuple, set, frozenset))
    return column.in_(sorted(value)) if several else column == value
