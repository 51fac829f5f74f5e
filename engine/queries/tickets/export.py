"""All tickets of a list, however many, read while they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from engine.domain.actors import Actor
from engine.queries.reading import Source, reading
from engine.queries.tickets.listing import Selection
from engine.queries.tickets.rows import TicketView

#: tickets at a time
BATCH = 200


def batches(engine: Source, actor: Actor, *, sort: str, text: str = "", **filters: Any) -> Iterator[list[TicketView]]:
    """The tickets that `listed` would page through, in one transaction: all as they were at one moment.

    Whoever stops taking them closes it. Raises `Invalid` for an unknown order or filter.
    """
    with reading(engine, actor) as reader:
        tickets = Selection(reader, text or None, whole=True, **filters).stream(sort)
        while batch := list(islice(tickets, BATCH)):
            yield batch
