"""Process instances of the packages that the reader operates: many as a list, one with its tokens and variables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, TextClause, select, text

from engine.domain.actors import Actor
from engine.domain.errors import CorruptState, NotFound
from engine.domain.said import said
from engine.queries.elements import label_of, process_name
from engine.queries.operations.shortening import Variable, variables_of
from engine.queries.paging import Order, Page, page
from engine.queries.reading import Reader, Source, reading
from engine.spiff.inspecting import Inspected, inspect
from engine.spiff.versions import PackageVersion
from engine.storage.tables import Deployment, Instance, Ticket

#: conditions in the words of the partial indexes that answer them
RUNNING: ColumnElement[bool] = Instance.ended_at.is_(None)
TROUBLED: TextClause = text("instances.troubled")
State = Literal["running", "troubled", "completed", "cancelled", "failed"]


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One run of a process, as a list shows it."""

    id: str
    package: str
    #: the package's version that it runs under
    version: int
    ticket: int
    number: str
    subject: str
    process: str
    #: what the process is called
    name: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    #: a step of it has failed, and still stands so
    troubled: bool


@dataclass(frozen=True, slots=True)
class ScopeView:
    """The variables of one scope: the instance, a subprocess, a call activity."""

    #: what its process is called
    name: str
    #: what the activity around it is called; empty for the instance
    around: str
    #: a token that sees them, for `instances.set_variables`; None where nothing stands in it
    token: int | None
    variables: list[Variable]


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """One run with what is in it."""

    row: InstanceRow
    deployment_id: int
    #: how many steps it has taken: what `instances.set_variables` wants told
    revision: int
    scopes: list[ScopeView]
    #: why its state can't be read; empty where it can
    unreadable: str


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: State | None = None,
    package: str | None = None,
    process: str | None = None,
    ticket: int | None = None,
    before: datetime | None = None,
) -> Page[InstanceRow]:
    """Instances, the one started last first; `before`: those that were started before then."""
    given = {Instance.package_id: package, Instance.process: process, Instance.ticket_id: ticket}
    with reading(engine, actor) as reader:
        conditions: list[Any] = [column == value for column, value in given.items() if value is not None]
        if before is not None:
            conditions.append(Instance.started_at < before)
        statement = _selected(reader).where(*conditions, *_in_state(state))
        order = Order(Instance.started_at, Instance.id, descending=True)
        return page(reader.tx, statement, order, limit, cursor, lambda row: _row(reader, row))


def one(engine: Source, actor: Actor, instance_id: str) -> InstanceDetail:
    """One instance. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        statement = _selected(reader).add_columns(Instance.state, Instance.revision)
        row = reader.tx.execute(statement.where(Instance.id == instance_id)).one_or_none()
        if row is None:
            raise NotFound(said("There is no such instance."))
        version = reader.engine.version(row.deployment_id, reader.tx)
        try:
            inspected, unreadable = inspect(version.definitions, row.state), ""
        except CorruptState as error:
            inspected, unreadable = None, str(error)
        scopes = _scopes(version, inspected) if inspected and row.ended_at is None else []
        return InstanceDetail(_row(reader, row), row.deployment_id, row.revision, scopes, unreadable)


def processes(engine: Source, actor: Actor) -> dict[str, str]:
    """What may be filtered by: the processes that the packages' latest versions start, and what they are called."""
    with reading(engine, actor) as reader:
        found: dict[str, str] = {}
        for version in reader.versions.values():
            package = version.package
            if actor.may("operate", package):
                started = {package.process, *(action.process for action in package.actions.values())} - {""}
                found |= {key: process_name(version, key) for key in sorted(started)}
        return found


def _in_state(state: State | None) -> Iterable[Any]:
    match state:
        case None:
            return ()
        case "running":
            return (RUNNING,)
        case "troubled":
            return (TROUBLED,)
    return (Instance.outcome == state,)


def _selected(reader: Reader) -> Any:
    return (
        select(
            Instance.id, Instance.package_id, Deployment.version, Instance.ticket_id, Ticket.number, Ticket.subject,
            Instance.process, Instance.deployment_id, Instance.started_at, Instance.ended_at, Instance.outcome,
            Instance.troubled,
        )
        .join(Ticket, Ticket.id == Instance.ticket_id)
        .join(Deployment, Deployment.id == Instance.deployment_id)
        .where(reader.where_may("operate", Instance.package_id))
    )  # fmt: skip


def _row(reader: Reader, row: Row[Any]) -> InstanceRow:
    version = reader.engine.version(row.deployment_id, reader.tx)
    return InstanceRow(
        row.id, row.package_id, row.version, row.ticket_id, row.number, row.subject, row.process,
        process_name(version, row.process), row.started_at, row.ended_at, row.outcome, row.troubled,
    )  # fmt: skip


def _scopes(version: PackageVersion, inspected: Inspected) -> list[ScopeView]:
    views = []
    for scope in inspected.scopes():
        around = inspected.places.get(scope.host)
        label = label_of(version, around.element, around.process) if around else ""
        name = process_name(version, scope.process)
        views.append(ScopeView(name, label, scope.token, variables_of(scope.variables)))
    return views
