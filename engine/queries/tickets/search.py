"""Tickets about the same as a text: likely duplicates while one writes, and the same problem of earlier times.

It is quick however many tickets there are: of one company the newest are compared; of all, those in whose texts two
of the most telling words stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from engine.domain.words import likeness, stem, telling
from engine.queries.reading import Reader
from engine.queries.tickets.finding import Terms, found, matching
from engine.queries.visibility import visible_tickets
from engine.storage.tables import Ticket

__all__ = ["Similar", "matching", "similar"]

#: tickets that are compared, characters of each text, and words of those that find them among all
MOST_COMPARED = 200
CLOSELY = 600
WORDS = 3
#: what is less alike isn't told
LIKE_ENOUGH = 0.35


@dataclass(frozen=True, slots=True)
class Similar:
    """A ticket about much the same; `likeness` is 0 to 1."""

    id: int
    number: str
    package: str
    deployment: int
    subject: str
    status: str
    opened_at: datetime
    closed_at: datetime | None
    likeness: float


def similar(
    reader: Reader, text: str, *, company: int | None = None, package: str | None = None, open_only: bool = False,
    but: int | None = None, most: int = 5,
) -> list[Similar]:  # fmt: skip
    """Tickets about the same as a text that the reader sees, the likest first; none where the text says nothing.

    Of one company or of all, of one package or of all, open ones or all, but for one (`but`: its id). One statement.
    """
    told = telling(text)
    if not told:
        return []
    asked_for = {Ticket.package_id: package, Ticket.company_id: company}
    where: list[ColumnElement[bool]] = [column == value for column, value in asked_for.items() if value is not None]
    where += [Ticket.closed_at.is_(None)] if open_only else []
    where += [Ticket.id != but] if but is not None else []
    chosen = _among_all(reader, told, where) if company is None else _newest_of(reader, where)
    rows = reader.tx.execute(chosen)
    scored = [_compared(told, row) for row in rows]
    enough = (one for one in scored if one.likeness >= LIKE_ENOUGH)
    return sorted(enough, key=lambda one: (-one.likeness, -one.id))[:most]


def _compared(told: list[str], row: Row[Any]) -> Similar:
    return Similar(
        id=row.id, number=row.number, package=row.package_id, deployment=row.deployment_id, subject=row.subject,
        status=row.status, opened_at=row.opened_at, closed_at=row.closed_at,
        likeness=likeness(told, f"{row.subject} {row.start}"),
    )  # fmt: skip


def _newest_of(reader: Reader, where: list[ColumnElement[bool]]) -> Select[Any]:
    chosen = _selected().where(*where, visible_tickets(reader))
    return chosen.order_by(Ticket.changed_at.desc(), Ticket.id.desc()).limit(MOST_COMPARED)


def _among_all(reader: Reader, told: list[str], where: list[ColumnElement[bool]]) -> Select[Any]:
    longest = dict.fromkeys(map(stem, sorted(told, key=len, reverse=True)[:WORDS]))
    pairs: list[tuple[str, ...]] = [*combinations(longest, 2)] or [(one,) for one in longest]
    return _selected().where(Ticket.id.in_(found(reader, Terms(any_of=pairs), where, MOST_COMPARED)))


def _selected() -> Select[Any]:
    return select(
        Ticket.id, Ticket.number, Ticket.package_id, Ticket.deployment_id, Ticket.subject, Ticket.status,
        Ticket.opened_at, Ticket.closed_at, func.substr(Ticket.text, 1, CLOSELY).label("start"),
    )  # fmt: skip
