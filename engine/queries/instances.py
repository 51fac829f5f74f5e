"""Process instances of a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.reading import Source, reading
from engine.queries.visibility import require_ticket, visible_tickets
from engine.storage.tables import Deployment, Instance, Ticket


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One run of a process; `version` is the package's that it runs under."""

    id: str
    ticket: int
    package: str
    version: int
    process: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None


def of_ticket(engine: Source, actor: Actor, ticket_id: int) -> list[InstanceView]:
    """All instances of a ticket, oldest first. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        require_ticket(reader, ticket_id)
        statement = _selected().where(Instance.ticket_id == ticket_id).order_by(Instance.started_at, Instance.id)
        return [_view(row) for row in reader.tx.execute(statement)]


def one(engine: Source, actor: Actor, instance_id: str) -> InstanceView:
    """One instance. Raises `NotFound` where it doesn't exist or its ticket isn't visible."""
    with reading(engine, actor) as reader:
        statement = _selected().where(Instance.id == instance_id, visible_tickets(reader))
        row = reader.tx.execute(statement).one_or_none()
        if row is None:
            raise NotFound(said("There is no such instance."))
        return _view(row)


def _selected() -> Any:
    return (
        select(
            Instance.id, Instance.ticket_id, Instance.package_id, Deployment.version, Instance.process,
            Instance.started_at, Instance.ended_at, Instance.outcome,
        )
        .join(Ticket, Ticket.id == Instance.ticket_id)
        .join(Deployment, Deployment.id == Instance.deployment_id)
    )  # fmt: skip


def _view(row: Row[Any]) -> InstanceView:
    return InstanceView(*tuple(row))
