"""All tickets of a list, however many, read while they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.domain.actors import Actor
from engine.queries.reading import Source, reading
from engine.queries.tickets.listing import Selection, some
from engine.queries.tickets.rows import TicketView

#: tickets at a time
BATCH = 200


def batches(engine: Source, actor: Actor, *, sort: str, text: str = "", **filters: Any) -> Iterator[list[TicketView]]:
    """The tickets that `listed` would page through: those, in the order, of the moment when the first are taken.

    Each batch is read when it is asked for: whoever takes them slowly holds no transaction. Raises `Invalid` for an
    unknown order or filter.
    """
    with reading(engine, actor) as reader:
        ids = Selection(reader, text or None, whole=True, **filters).ids(sort)
    for start in range(0, len(ids), BATCH):
        yield some(engine, actor, ids[start : start + BATCH])
