"""Lists of tickets, and one ticket. What they are narrowed and sorted by stands beside.

A list costs the same however many tickets there are: of a long one only the page is read, in the order of an index;
a short one is collected and sorted. Which of the two it is, a count says that stops at `MOST_COUNTED`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select

from engine.domain.actors import Actor
from engine.queries.paging import Led, Page, order_of, page, stream
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.filters import conditions
from engine.queries.tickets.finding import MOST_TEXTS, matching
from engine.queries.tickets.orders import ORDERS, led
from engine.queries.tickets.rows import TURNS, TicketClock, TicketView, clocks_of, selected, view
from engine.queries.tickets.sight import collected, in_sight, seen
from engine.queries.tickets.visible import ticket_row
from engine.queries.visibility import visible_tickets
from engine.storage.tables import Ticket

__all__ = ["TURNS", "Count", "Selection", "TicketClock", "TicketView", "counted", "listed", "one", "some"]

#: lists are counted so far, and then there are more
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `more`: at least so many."""

    number: int
    more: bool = False


class Selection:
    """The tickets that a list is about: those that the reader sees, narrowed by filters and words.

    `whole`: of texts that fit all count, not only the newest; for who has time.
    """

    def __init__(self, reader: Reader, text: str | None = None, *, whole: bool = False, **filters: Any) -> None:
        self.reader, self.text, self._whole = reader, text, whole
        self.conditions = list(conditions(filters, reader.engine.clock()))
        self._by_deadline = filters.get("deadline") is not None

    def page(self, sort: str, limit: int = 50, cursor: str | None = None) -> Page[TicketView]:
        """One page in that order. Raises `Invalid` for an unknown order or a cursor that isn't of this list."""
        order = order_of(ORDERS, sort)
        statement, lead = self._rows(sort)
        return page(self.reader.tx, statement, order, limit, cursor, lambda row: view(self.reader, row), lead)

    def ids(self, sort: str) -> list[int]:
        """The ids of all of them in that order. Raises `Invalid` for an unknown order."""
        order = order_of(ORDERS, sort)
        statement, lead = self._rows(sort)
        return [row.id for row in stream(self.reader.tx, statement.with_only_columns(Ticket.id), order, lead)]

    @property
    def count(self) -> Count:
        """How many tickets it is about, as far as they are counted."""
        number = len(self._first)
        more = number >= MOST_TEXTS if self.text is not None else number > MOST_COUNTED
        return Count(min(len(set(self._first)), MOST_COUNTED), more)

    @cached_property
    def _first(self) -> list[int]:
        """Ids of tickets that it is about, in no order: one more than are counted, or of each text that was found."""
        ids = self._ids(MOST_TEXTS) if self.text is not None else self._ids().limit(MOST_COUNTED + 1)
        return list(self.reader.tx.execute(ids).scalars())

    @property
    def _short(self) -> bool:
        """Whether it is quicker to collect and sort all of them."""
        if self.text is not None:
            return True
        return not self.count.more if self.conditions else seen(self.reader) <= MOST_COUNTED

    def _rows(self, sort: str) -> tuple[Select[Any], Led]:
        if self._short:
            everything = self.text is not None and self._whole
            ids = collected(self.reader, self._ids()) if everything else Ticket.id.in_(_listed(self._first))
            return selected().where(ids), lambda statement, _: statement
        wanted = selected().where(in_sight(self.reader), *self.conditions)
        return wanted, lambda statement, has_value: led(statement, sort, has_value=has_value)

    def _ids(self, most: int | None = None) -> Select[Any]:
        if self.text is not None:
            return matching(self.reader, self.text, self.conditions, most)
        ids = select(Ticket.id).where(in_sight(self.reader), *self.conditions).correlate(None)
        # few tickets have a deadline: SQLite doesn't know that
        return ids.with_hint(Ticket, "INDEXED BY ix_tickets_deadline_at", "sqlite") if self._by_deadline else ids


def _listed(ids: list[int]) -> Any:
    """Ids as they stand in a statement: numbers of ours, and too many for parameters."""
    return bindparam("ids", sorted(set(ids)), Integer, expanding=True, literal_execute=True)


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    sort: str = "-changed_at",
    text: str | None = None,
    **filters: Any,
) -> Page[TicketView]:
    """The tickets that the actor sees. `filters`: see `engine.queries.tickets.filters`; `text`: words to be found.

    Raises `Invalid` for an unknown order, filter or cursor.
    """
    with reading(engine, actor) as reader:
        return Selection(reader, text or None, **filters).page(sort, limit, cursor)


def counted(engine: Source, actor: Actor, *, text: str | None = None, **filters: Any) -> Count:
    """How many tickets `listed` has, as far as they are counted."""
    with reading(engine, actor) as reader:
        return Selection(reader, text or None, **filters).count


def some(engine: Source, actor: Actor, ticket_ids: Sequence[int]) -> list[TicketView]:
    """Of these tickets those that the actor sees, in the order of the ids."""
    with reading(engine, actor) as reader:
        rows = reader.tx.execute(selected().where(Ticket.id.in_(ticket_ids), visible_tickets(reader)))
        found = {row.id: view(reader, row) for row in rows}
        return [found[ticket_id] for ticket_id in ticket_ids if ticket_id in found]


def one(engine: Source, actor: Actor, ticket_id: int) -> TicketView:
    """A ticket with its clocks. Raises `NotFound` where it doesn't exist or isn't visible."""
    with reading(engine, actor) as reader:
        row = ticket_row(reader, ticket_id)
        key = f"clocks {ticket_id}"
        if key not in reader.known:
            reader.known[key] = clocks_of(reader, row)
        return view(reader, row, reader.known[key])
