"""Reads where an instance stands from its state, and the way that it came from the journal.

It costs the same however long the way is: only the latest passages are read, by an index of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select, text

from engine.domain.actors import Actor
from engine.domain.errors import CorruptState, NotFound
from engine.domain.said import from_json, said
from engine.queries.diagrams.sheets import Found, sheets_of
from engine.queries.diagrams.values import Passage, Stand, Stuck, Way
from engine.queries.elements import find_element, label_of, process_name
from engine.queries.reading import Reader, Source, reading
from engine.queries.visibility import visible_tickets
from engine.spiff.inspecting import Inspected, inspect
from engine.spiff.versions import PackageVersion
from engine.storage.tables import Incident, Instance, JournalEntry, Ticket, Timer
from engine.storage.tables.journal import WAY

#: passages that are read, drawn and counted
MOST = 2_000
#: passages that are listed
LISTED = 100


def of_instance(engine: Source, actor: Actor, instance_id: str) -> Way:
    """An instance drawn. For staff who see its ticket, and who operate its package. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        row = _instance(reader, instance_id)
        version = reader.engine.version(row.deployment_id, reader.tx)
        entries = _entries(reader, instance_id)
        cut, entries = len(entries) > MOST, entries[:MOST]
        try:
            inspected, unreadable = inspect(version.definitions, row.state if row.ended_at is None else None), ""
        except CorruptState as error:
            inspected, unreadable = None, str(error)
        stands = _stands(reader, version, instance_id, inspected, entries)
        found = Found(entries[::-1], stands, _stuck(reader, version, row, inspected))
        return Way(
            instance=instance_id, ticket=row.ticket_id, number=row.number, deployment_id=row.deployment_id,
            name=process_name(version, row.process), started_at=row.started_at, ended_at=row.ended_at,
            outcome=row.outcome, sheets=sheets_of(version, row.process, found),
            passages=[_passage(version, entry) for entry in entries[:LISTED][::-1]], cut=cut, unreadable=unreadable,
        )  # fmt: skip


def _instance(reader: Reader, instance_id: str) -> Row[Any]:
    staffed = [key for key, package in reader.packages.items() if reader.is_staff(package)]
    as_staff = and_(Instance.package_id.in_(staffed), visible_tickets(reader))
    statement = (
        select(Instance.__table__, Ticket.number)
        .join(Ticket, Ticket.id == Instance.ticket_id)
        .where(Instance.id == instance_id, or_(as_staff, reader.where_may("operate", Instance.package_id)))
    )
    row = reader.tx.execute(statement).one_or_none()
    if row is None:
        raise NotFound(said("There is no such instance."))
    return row


def _entries(reader: Reader, instance_id: str) -> Sequence[Row[Any]]:
    """The latest passages, newest first, one more than are drawn.

    The instance is asked for as a range: for one value PostgreSQL takes the order by `id` alone for good enough, and
    reads the whole journal backwards where it hopes to come across the instance soon.
    """
    data, where = JournalEntry.data, JournalEntry.instance_id
    statement = (
        select(
            JournalEntry.at, JournalEntry.element, data["process"].as_string().label("process"),
            data["flow"].as_string().label("flow"), data["token"].as_integer().label("token"),
        )
        .where(where.between(instance_id, instance_id), text(WAY))
        .order_by(where.desc(), JournalEntry.id.desc())
        .limit(MOST + 1)
    )  # fmt: skip
    return reader.tx.execute(statement).all()


def _passage(version: PackageVersion, entry: Row[Any]) -> Passage:
    found = find_element(version.definitions, entry.element, entry.process)
    named = bool(found and found[1].name.strip())
    label = found[1].label if found else entry.element
    return Passage(entry.at, entry.process, process_name(version, entry.process), entry.element, label, named)


def _stands(
    reader: Reader, version: PackageVersion, instance_id: str, inspected: Inspected | None, entries: Sequence[Row[Any]]
) -> list[Stand]:
    if inspected is None:
        return []
    since = {entry.token: entry.at for entry in reversed(entries)}
    dues = _dues(reader, version, instance_id, inspected)
    return [
        Stand(
            place.token, place.process, place.element, label_of(version, place.element, place.process), place.waits,
            since.get(place.token), dues[place.token],
        )
        for place in inspected.drawn()
    ]  # fmt: skip


def _dues(
    reader: Reader, version: PackageVersion, instance_id: str, inspected: Inspected
) -> dict[int, list[tuple[str, datetime]]]:
    """The timers of each token and of what is attached to it, the first one first."""
    statement = select(Timer.token, Timer.due_at).where(Timer.instance_id == instance_id, Timer.due_at.is_not(None))
    dues: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for token, due_at in reader.tx.execute(statement.order_by(Timer.due_at).limit(MOST)):
        place = inspected.places.get(token)
        if place is not None and due_at is not None:
            dues[place.host or token].append((label_of(version, place.element, place.process), due_at))
    return dues


def _stuck(reader: Reader, version: PackageVersion, instance: Row[Any], inspected: Inspected | None) -> list[Stuck]:
    columns = (Incident.id, Incident.token, Incident.element, Incident.problem, Incident.said)
    statement = select(*columns).where(Incident.instance_id == instance.id, Incident.state == "open")
    stuck = []
    for row in reader.tx.execute(statement.order_by(Incident.id).limit(MOST)):
        place = inspected.places.get(row.token or 0) if inspected else None
        element = row.element or (place.element if place else "")
        around = (place.process if place else instance.process, instance.process)
        found = find_element(version.definitions, element, *around) if element else None
        process = found[0].id if found else instance.process
        label = label_of(version, element, *around)
        stuck.append(Stuck(row.id, process, element, label, from_json(row.problem, row.said)))
    return stuck
