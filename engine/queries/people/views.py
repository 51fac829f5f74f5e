"""The lists of tickets that somebody has saved."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.queries.reading import Source, reading
from engine.storage.tables import SavedView as Row


@dataclass(frozen=True, slots=True)
class View:
    """A list under a name; `query` is what stands after the `?` of its address, `standard` the one to begin with."""

    id: int
    name: str
    query: str
    standard: bool


def of(engine: Source, actor: Actor) -> list[View]:
    """The actor's own views by name. One statement."""
    with reading(engine, actor) as reader:
        columns = (Row.id, Row.name, Row.query, Row.standard)
        statement = select(*columns).where(Row.account_id == actor.id).order_by(Row.name)
        return [View(*row) for row in reader.tx.execute(statement)]
