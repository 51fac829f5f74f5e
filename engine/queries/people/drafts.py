"""What somebody has typed into a form and not sent yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.queries.reading import Source, reading
from engine.storage.tables import Draft as Row


@dataclass(frozen=True, slots=True)
class Draft:
    """A form's latest state."""

    content: dict[str, Any]
    kept_at: datetime


def of(engine: Source, actor: Actor, place: str) -> Draft | None:
    """The actor's own draft at a place (`note:5`); None where there is none."""
    return several(engine, actor, (place,)).get(place)


def several(engine: Source, actor: Actor, places: Collection[str]) -> dict[str, Draft]:
    """The actor's own drafts at some places, by place; by one statement."""
    with reading(engine, actor) as reader:
        statement = select(Row.place, Row.content, Row.kept_at)
        mine = statement.where(Row.account_id == actor.id, Row.place.in_(places))
        return {row.place: Draft(row.content, row.kept_at) for row in reader.tx.execute(mine)}
