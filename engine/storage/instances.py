"""Statements on process instances; among them the one that loads and locks all that a step is taken on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Exists, Table, exists, insert, select, update

from engine.storage.tables import (
    Base,
    Incident,
    Instance,
    Involvement,
    Job,
    Package,
    Subscription,
    Ticket,
    Timer,
    UserTask,
)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """An instance with its ticket, both locked, and the row by which it was found (empty where by its id)."""

    instance: Values
    ticket: Values
    #: the package's current policy
    policy_id: int | None
    #: columns of the user task, timer, subscription or job that names the instance and a token
    cause: Values
    #: whether the account that was asked about has to do with the ticket already
    involved: bool = False


def load(
    tx: Connection,
    *where: ColumnElement[bool],
    cause: type[Base] | None = None,
    order: tuple[Any, ...] = (),
    account_id: int = 0,
) -> Loaded | None:
    """The first instance that fits, by one statement. `cause` is a table with `instance_id`, joined and locked too.

    `account_id`: whose involvement is told.
    The ticket is locked first, by every command: so two of them can't wait for each other. PostgreSQL reads a
    locked row anew after having waited for it, hence nothing that is decided on may stay unlocked.
    """
    kinds: list[type[Base]] = [Ticket, Instance, *([cause] if cause else [])]
    tables = [cast(Table, kind.__table__) for kind in kinds]
    statement = (
        select(*tables, Package.policy_id, _involves(account_id))
        .select_from(Instance)
        .join(Ticket, Ticket.id == Instance.ticket_id)
        .join(Package, Package.id == Instance.package_id)
    )
    if cause is not None:
        statement = statement.join(tables[2], tables[2].c.instance_id == Instance.id)
    statement = statement.where(*where).order_by(*order).limit(1).with_for_update(of=tables, key_share=True)
    row = tx.execute(statement).one_or_none()
    if row is None:
        return None
    parts, values = [], list(row)
    for table in tables:
        parts.append(dict(zip(table.c.keys(), values, strict=False)))
        del values[: len(table.c)]
    policy_id, involved = values
    return Loaded(parts[1], parts[0], policy_id, parts[2] if cause else {}, bool(involved))


def _involves(account_id: int) -> Exists:
    return exists().where(Involvement.ticket_id == Ticket.id, Involvement.account_id == account_id)


def add(tx: Connection, values: Values) -> None:
    """Write a new instance, before its first step."""
    tx.execute(insert(Instance).values(**values))


def save(tx: Connection, instance_id: str, revision: int, values: Values) -> bool:
    """Write a step's outcome over the revision that was read; False where it is no longer that one."""
    statement = (
        update(Instance)
        .where(Instance.id == instance_id, Instance.revision == revision)
        .values(revision=revision + 1, **values)
    )
    return tx.execute(statement).rowcount == 1


def trouble(tx: Connection, instance_id: str, revision: int) -> bool:
    """A step of the instance has failed; False where it is no longer at the revision that the step was taken on."""
    statement = update(Instance).where(Instance.id == instance_id, Instance.revision == revision)
    return tx.execute(statement.values(troubled=True)).rowcount == 1


def mend(tx: Connection, instance_id: str) -> None:
    """The instance is troubled only as long as one of its steps' incidents is open."""
    standing = exists().where(Incident.instance_id == instance_id, Incident.kind == "step", Incident.state == "open")
    tx.execute(update(Instance).where(Instance.id == instance_id).values(troubled=standing))


def running(tx: Connection, ticket_id: int) -> list[str]:
    """Ids of a ticket's instances that have begun and haven't ended, the oldest first."""
    where = (Instance.ticket_id == ticket_id, Instance.ended_at.is_(None), Instance.state.is_not(None))
    return list(tx.execute(select(Instance.id).where(*where).order_by(Instance.started_at, Instance.id)).scalars())


def waiting(tx: Connection, instance_id: str) -> dict[type[Base], list[int]]:
    """The tokens that have an open user task, a timer, a subscription or an open job, as their rows say."""
    kinds: tuple[type[Base], ...] = (UserTask, Timer, Subscription, Job)
    found = {}
    for kind in kinds:
        columns = cast(Table, kind.__table__).c
        statement = select(columns.token).where(columns.instance_id == instance_id, columns.token.is_not(None))
        if "state" in columns:
            statement = statement.where(columns.state == "open")
        found[kind] = list(tx.execute(statement).scalars())
    return found
