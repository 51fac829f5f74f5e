"""A list of tickets as a CSV file: all rows that fit, in the list's order, sent while they are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from babel.numbers import get_decimal_symbol
from flask import Response

from engine.domain.packages import Package, text
from engine.queries.tickets import export as reads
from engine.queries.tickets.listing import TicketView
from web.pages.tickets.lists.columns import EXPORTED
from web.pages.tickets.lists.narrowing import Narrowed, narrowed
from web.pages.visiting import Answer, Pages, Visit
from web.texts import locale_of, say

pages = Pages("tickets as CSV")

#: a cell that begins so is a formula to a spreadsheet
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
#: so that spreadsheets know that it is UTF-8
BOM = "\ufeff"


@pages.get("/tickets.csv", to="staff")
def download(visit: Visit) -> Answer:
    """All tickets of a list, whatever page one is on, in the reader's language and time zone."""
    name = f"tickets-{visit.now.astimezone(visit.zone):%Y-%m-%d}.csv"
    response = Response(_lines(visit, narrowed(visit.query)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(visit: Visit, wanted: Narrowed) -> Iterator[str]:
    """The file in pieces. What the visit says is asked for here: later there is no request any more."""
    writer = _Writer(visit)
    given = wanted.filters(visit.actor)
    if wanted.box == "mine":
        given["assignee"] = visit.actor.id
    head = BOM + writer.line([say(column.label, visit.language) for column in EXPORTED])

    def lines() -> Iterator[str]:
        yield head
        for tickets in reads.batches(visit.engine, visit.actor, sort=wanted.sort, text=wanted["text"], **given):
            yield "".join(writer.line(writer.cells(ticket)) for ticket in tickets)

    return lines()


class _Writer:
    """Writes rows as the reader's spreadsheet takes them."""

    def __init__(self, visit: Visit) -> None:
        self._engine, self._language, self._zone = visit.engine, visit.language, visit.zone
        comma = get_decimal_symbol(locale_of(visit.language)) == ","
        self._separator = ";" if comma else ","

    def line(self, cells: Iterable[str]) -> str:
        """A row with its end."""
        out = io.StringIO()
        csv.writer(out, delimiter=self._separator).writerow([harmless(cell) for cell in cells])
        return out.getvalue()

    def cells(self, ticket: TicketView) -> list[str]:
        """A ticket as the columns of `EXPORTED`."""
        package = self._engine.version(ticket.deployment).package
        told = {
            **{name: getattr(ticket, name) for name in ("number", "subject")},
            "company": ticket.company_name, "requester": ticket.requester_name,
            "opened_by": ticket.opened_by_name, "assignee": ticket.assignee_name,
            "request_type": self._called(package, package.request_types, ticket.request_type),
            "category": self._called(package, package.categories, ticket.category),
            "department": self._called(package, package.departments, ticket.department),
            "status": self._called(package, package.statuses, ticket.status),
            "opened_at": self._at(ticket.opened_at), "deadline": self._at(ticket.deadline),
            "changed_at": self._at(ticket.changed_at), "closed_at": self._at(ticket.closed_at),
        }  # fmt: skip
        return [told[column.key] for column in EXPORTED]

    def _called(self, package: Package, choices: object, key: str) -> str:
        found = choices.get(key)  # type: ignore[attr-defined]
        return text(found.label, self._language, package.language) if found else key

    def _at(self, instant: datetime | None) -> str:
        """As every spreadsheet reads it, in the reader's zone."""
        return f"{instant.astimezone(self._zone):%Y-%m-%d %H:%M}" if instant else ""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(FORMULAS) else cell
