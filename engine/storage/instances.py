"""Statements on process instances; among them the one that loads and locks all that a step is taken on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, insert, select, update

from engine.domain.errors import Conflict
from engine.domain.said import said
from engine.storage.batching import Batch
from engine.storage.tables import (
    Base,
    Clock,
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
from engine.storage.tables.base import table_of

Values = Mapping[str, Any]

_INSTANCES, _TICKETS = table_of(Instance), table_of(Ticket)
_PACKAGES, _INVOLVEMENTS, _CLOCKS = table_of(Package), table_of(Involvement), table_of(Clock)
_CLOCKS_OF_SEVERAL = (
    select(_CLOCKS.c.ticket_id, _CLOCKS.c.content)
    .where(_CLOCKS.c.ticket_id.in_(bindparam("of_tickets", expanding=True)))
    .order_by(_CLOCKS.c.ticket_id, _CLOCKS.c.goal)
)
_ADD = insert(_INSTANCES)
#: of the revision that was read alone
_SAVE = update(_INSTANCES).where(
    _INSTANCES.c.id == bindparam("of_id"), _INSTANCES.c.revision == bindparam("of_revision")
)
_LEAD = update(_INSTANCES).where(_INSTANCES.c.id == bindparam("of_id"))


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
    #: the contents of the ticket's clocks, where they were read along
    clocks: Sequence[Values] | None = None


def load(
    tx: Connection,
    where: Mapping[str, Any],
    cause: type[Base] | None = None,
    *,
    order: tuple[str, ...] = (),
    running: bool = False,
    account_id: int = 0,
) -> Loaded | None:
    """The first instance that fits, by one statement. `cause` is a table with `instance_id`, joined and locked too.

    `where` and `order` name columns of `cause`, or of the instance where there is none.
    `running`: not one that has ended. `account_id`: whose involvement is told.
    The ticket is locked first, by every command: so two of them can't wait for each other. PostgreSQL reads a
    locked row anew after having waited for it, hence nothing that is decided on may stay unlocked.
    """
    statement, widths = _loading(cause, tuple(where), order, running)
    row = tx.execute(statement, {"of_account": account_id, **where}).one_or_none()
    return None if row is None else _loaded(row, widths)


def load_free(tx: Connection, cause: type[Base], ids: Sequence[str]) -> list[Loaded]:
    """The instances of several rows of `cause`, in their order, one of each ticket; two statements.

    Those that another transaction holds are passed over: whoever takes several locks must not wait for any.
    """
    statement, widths = _loading(cause, (), (), running=False, several=True)
    found: dict[str, Loaded] = {}
    for row in tx.execute(statement, {"of_account": 0, "of_ids": list(ids)}):
        loaded = _loaded(row, widths)
        found[loaded.cause["id"]] = loaded
    first = {found[key].ticket["id"]: found[key] for key in reversed(ids) if key in found}
    clocks: dict[int, list[Values]] = {ticket_id: [] for ticket_id in first}
    for ticket_id, content in tx.execute(_CLOCKS_OF_SEVERAL, {"of_tickets": list(first)}):
        clocks[ticket_id].append(content)
    return [replace(loaded, clocks=clocks[ticket_id]) for ticket_id, loaded in reversed(first.items())]


def _loaded(row: Row[Any], widths: tuple[tuple[str, ...], ...]) -> Loaded:
    parts, values = [], iter(row)
    for names in widths:
        parts.append(dict(zip(names, values, strict=False)))
    policy_id, involved = values
    return Loaded(parts[1], parts[0], policy_id, parts[2] if len(parts) > 2 else {}, bool(involved))


@cache
def _loading(
    cause: type[Base] | None,
    where: tuple[str, ...],
    order: tuple[str, ...],
    running: bool,
    several: bool = False,
) -> tuple[Select[Any], tuple[tuple[str, ...], ...]]:
    """The statement, and the columns of each table that it reads."""
    tables = [_TICKETS, _INSTANCES, *([table_of(cause)] if cause else [])]
    found = tables[-1]
    involved = exists().where(
        _INVOLVEMENTS.c.ticket_id == _TICKETS.c.id, _INVOLVEMENTS.c.account_id == bindparam("of_account")
    )
    statement = (
        select(*tables, _PACKAGES.c.policy_id, involved)
        .select_from(_INSTANCES)
        .join(_TICKETS, _TICKETS.c.id == _INSTANCES.c.ticket_id)
        .join(_PACKAGES, _PACKAGES.c.id == _INSTANCES.c.package_id)
    )
    if cause is not None:
        statement = statement.join(found, found.c.instance_id == _INSTANCES.c.id)
    if running:
        statement = statement.where(_INSTANCES.c.ended_at.is_(None))
    statement = statement.where(*(found.c[name] == bindparam(name) for name in where))
    if several:
        statement = statement.where(found.c.id.in_(bindparam("of_ids", expanding=True)))
    else:
        statement = statement.order_by(*(found.c[name] for name in order)).limit(1)
    statement = statement.with_for_update(of=tables, key_share=True, skip_locked=several)
    return statement, tuple(tuple(table.c.keys()) for table in tables)


def add(tx: Connection, values: Values) -> None:
    """Write a new instance, before its first step."""
    tx.execute(_ADD, values)


def save(batch: Batch, instance_id: str, revision: int, values: Values) -> None:
    """Write a step's outcome over the revision that was read; the batch raises `Conflict` where it has moved on."""
    given = {"of_id": instance_id, "of_revision": revision, "revision": revision + 1, **values}
    batch.add(_SAVE, [given], otherwise=Conflict(said("The process has gone on meanwhile.")))


def lead(batch: Batch, instance_id: str, deployment_id: int) -> None:
    """The instance, which is locked, goes on by another version of its package."""
    batch.add(_LEAD, [{"of_id": instance_id, "deployment_id": deployment_id}])


def trouble(tx: Connection, instance_id: str, revision: int) -> bool:
    """A step of the instance has failed; False where it is no longer at the revision that the step was taken on."""
    given = {"of_id": instance_id, "of_revision": revision, "troubled": True}
    return tx.execute(_SAVE, given).rowcount == 1


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
        columns = table_of(kind).c
        statement = select(columns.token).where(columns.instance_id == instance_id, columns.token.is_not(None))
        if "state" in columns:
            statement = statement.where(columns.state == "open")
        found[kind] = list(tx.execute(statement).scalars())
    return found
