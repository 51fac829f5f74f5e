"""One incident with all that somebody needs who mends it: what to do, what was given, what the process knows there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import CorruptState
from engine.domain.events import GIVEN
from engine.domain.remedies import RESUMED, remedy
from engine.queries.elements import find_element
from engine.queries.operations.incidents import IncidentView, row_of, view
from engine.queries.operations.shortening import Variable, variables_of
from engine.queries.reading import Reader, Source, reading
from engine.spiff.inspecting import inspect
from engine.storage.tables import Account, Instance


@dataclass(frozen=True, slots=True)
class Mending:
    """An incident as it is mended."""

    incident: IncidentView
    #: what to do, step by step
    remedy: list[str]
    #: kind of the event whose step failed (`engine.domain.events`), empty where none was kept
    event: str
    #: what the event brought, which a retry may change; None where it takes nothing
    given: list[Variable] | None
    #: the variables that the token sees, which a retry may change; None where there are none
    seen: list[Variable] | None
    job: str | None
    mail: str | None
    #: it may be resolved without another try: nothing stands still by it
    may_stay: bool
    resolved_by: str


def mending(engine: Source, actor: Actor, incident_id: int) -> Mending:
    """One incident. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        row = row_of(reader, incident_id)
        event: Mapping[str, Any] = row.event or {}
        kind = event.get("kind", "")
        part = GIVEN.get(kind)
        return Mending(
            incident=view(reader, row),
            remedy=list(remedy(row.cause, _element_type(reader, row), kind)),
            event=kind,
            given=variables_of(event.get(part, {})) if part else None,
            seen=_seen(reader, row),
            job=row.job_id,
            mail=row.mail_id,
            may_stay=row.state == "open" and (row.event is None or kind in RESUMED),
            resolved_by=_name(reader, row.resolved_by),
        )


def _element_type(reader: Reader, row: Row[Any]) -> str:
    if not row.deployment_id or not row.element:
        return ""
    version = reader.engine.version(row.deployment_id, reader.tx)
    found = find_element(version.definitions, row.element, row.process)
    return found[1].type if found else ""


def _seen(reader: Reader, row: Row[Any]) -> list[Variable] | None:
    if row.state != "open" or not row.token or not row.instance_id:
        return None
    version = reader.engine.version(row.deployment_id, reader.tx)
    state = reader.tx.execute(select(Instance.state).where(Instance.id == row.instance_id)).scalar()
    try:
        inspected = inspect(version.definitions, state)
    except CorruptState:
        return None
    return variables_of(inspected.seen_by(row.token)) if inspected else None


def _name(reader: Reader, account_id: int | None) -> str:
    if not account_id:
        return ""
    return reader.tx.execute(select(Account.name).where(Account.id == account_id)).scalar() or ""
