"""What happened to one instance, newest first, for who operates its package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.elements import label_of
from engine.queries.operations.shortening import Variable, variables_of
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Source, reading
from engine.spiff.versions import PackageVersion
from engine.storage.tables import Account, Instance, JournalEntry

#: parts of an entry that say where it belongs, and not what happened
_PLACES = ("token", "process", "flow", "step")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One command, or one effect of it."""

    at: datetime
    #: empty for Iter itself
    actor: str
    command: str
    #: `command`, or the kind of the effect
    kind: str
    #: what the element is called; empty for none
    label: str
    data: list[Variable]


def of_instance(
    engine: Source, actor: Actor, instance_id: str, *, limit: int = 50, cursor: str | None = None
) -> Page[HistoryEntry]:
    """The journal of an instance. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        columns = (Instance.ticket_id, Instance.deployment_id, Instance.process)
        statement = select(*columns).where(Instance.id == instance_id, reader.where_may("operate", Instance.package_id))
        instance = reader.tx.execute(statement).one_or_none()
        if instance is None:
            raise NotFound(said("There is no such instance."))
        version = reader.engine.version(instance.deployment_id, reader.tx)
        entries = (
            select(JournalEntry.__table__, Account.name.label("actor"))
            .outerjoin(Account, Account.id == JournalEntry.actor_id)
            .where(JournalEntry.ticket_id == instance.ticket_id, JournalEntry.instance_id == instance_id)
        )
        order = Order(JournalEntry.id, JournalEntry.id, descending=True)
        return page(reader.tx, entries, order, limit, cursor, lambda row: _entry(version, instance.process, row))


def _entry(version: PackageVersion, process: str, row: Row[Any]) -> HistoryEntry:
    label = label_of(version, row.element, str(row.data.get("process", "")), process) if row.element else ""
    data = {name: value for name, value in row.data.items() if name not in _PLACES}
    return HistoryEntry(row.at, row.actor or "", row.command, row.kind, label, variables_of(data))
