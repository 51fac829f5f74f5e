"""How much somebody has to do, for the top of every page. One statement on one index."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from engine.domain.actors import Actor
from engine.queries.reading import Source, reading
from engine.queries.visibility import mine
from engine.storage.tables import UserTask

#: more aren't counted
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Reminder:
    """The open user tasks that somebody has, and how many of these are late; at most `MOST`, the first due ones."""

    mine: int
    late: int


def reminder(engine: Source, actor: Actor) -> Reminder:
    """What the actor has to do."""
    with reading(engine, actor) as reader:
        first = (
            select(UserTask.due_at)
            .where(mine(actor), UserTask.state == "open")
            .order_by(UserTask.due_at)
            .limit(MOST)
            .subquery()
        )
        late = func.count().filter(first.c.due_at < engine.clock())
        return Reminder(*reader.tx.execute(select(func.count(), late).select_from(first)).one())
