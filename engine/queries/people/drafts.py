"""What somebody has typed into a form and not sent yet."""

from __future__ import annotations

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
    with reading(engine, actor) as reader:
        statement = select(Row.content, Row.kept_at).where(Row.account_id == actor.id, Row.place == place)
        row = reader.tx.execute(statement).one_or_none()
        return Draft(row.content, row.kept_at) if row else None
